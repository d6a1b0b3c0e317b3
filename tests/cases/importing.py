"""What the tests of the import share: running it, its sentence when it refuses, and reading what it wrote."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).parent.parent / "data"
CFPB_SHAPE = DATA / "cfpb_shape.csv"
SOME_REFUSED = DATA / "cfpb_some_refused.csv"
PLAIN = DATA / "default.csv"


def import_file(file, *, mapping="cfpb", stdout=None, **options) -> str:
    stdout = stdout or io.StringIO()
    call_command("import_complaints", str(file), f"--mapping={mapping}", stdout=stdout, **options)
    return stdout.getvalue()


def refusal(file, *, mapping="cfpb", **options) -> str:
    """The sentence that the command ends with."""
    with pytest.raises(CommandError) as stopped:
        import_file(file, mapping=mapping, **options)
    assert stopped.value.returncode == 1
    return str(stopped.value)


def written_rows(path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rejects_of(settings, file) -> Path:
    return settings.VAR / "rejects" / f"{file.stem}-rejects.csv"


def plain_file(folder, *rows, header="received_on,channel,story") -> Path:
    file = folder / "plain.csv"
    file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return file
