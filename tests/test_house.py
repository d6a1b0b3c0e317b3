"""Rules of the house that no linter can state. Each is a function that lists its breaches, and each is first shown a
breach that it has to find: a rule that was never seen to fail is a wish."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("casetracker", "cases", "letters")


def tracked(*suffixes):
    """Every file of the project with such an ending, as the repository holds it (new ones included)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [Path(name) for name in names if name.endswith(suffixes) and (ROOT / name).exists()]


def product_sources():
    for path in tracked(".py"):
        if path.parts[0] in PRODUCT and "migrations" not in path.parts:
            yield path, (ROOT / path).read_text(encoding="utf-8")


# --- the rules --------------------------------------------------------------------------------------------------------


def writes_a_stage(path, source):
    """A stage changes only in Case._enter: nobody else assigns it, or hands it to an update."""
    if path == Path("cases/models/moving.py"):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "stage" and isinstance(node.ctx, ast.Store):
            yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.endswith("update"):
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "stage")


def writes_history(path, source):
    """History is written only by Case.record, and by record_for_each for many cases at once."""
    if path == Path("cases/models/moving.py"):
        return
    for number, line in enumerate(source.splitlines(), start=1):
        written = re.search(r"\bEvent(\.objects\.(bulk_)?create)?\(|\bevents\.(bulk_)?create\(", line)
        if written and not line.startswith("class Event("):
            yield number


def leaves_a_promise_to_the_broker(path, source):
    """Nothing uses long ETAs, retries or chains of the broker: the database is the queue."""
    for number, line in enumerate(source.splitlines(), start=1):
        if re.search(r"\b(eta|countdown)\s*=|self\.retry\(|\bchain\(|apply_async\(|task_always_eager", line):
            yield number


def loses_rows_with_a_user(path, source):
    """Deleting anything never takes rows with it."""
    for number, line in enumerate(source.splitlines(), start=1):
        if "models.CASCADE" in line:
            yield number


def fails_silently(path, source):
    for number, line in enumerate(source.splitlines(), start=1):
        if re.search(r"except\s*:|fail_silently\s*=\s*True", line):
            yield number


def is_too_long(path, source):
    """A file that grows past 400 lines is split by noun."""
    if source.count("\n") > 400:
        yield source.count("\n")


def speaks_of_a_help_desk(path, source):
    """The house's words: case, not ticket; reminder, not notification."""
    for number, line in enumerate(source.splitlines(), start=1):
        if re.search(r"\b(tickets?|SLAs?|KPIs?|notifications?)\b", line, re.IGNORECASE):
            yield number


def marks_text_as_safe(path, source):
    """Only markdown.py calls HTML safe, and that is what it made itself out of Markdown."""
    if path == Path("letters/markdown.py"):
        return
    for number, line in enumerate(source.splitlines(), start=1):
        if re.search(r"\bmark_safe\b|\|\s*safe\b|autoescape\s+off", line) and "emails" not in path.parts:
            yield number


RULES = {
    writes_a_stage: "def skip(case):\n    case.stage = 'closed'\n",
    writes_history: "Event.objects.create(case=case)\n",
    leaves_a_promise_to_the_broker: "deliver.apply_async(args, countdown=3600)\n",
    loses_rows_with_a_user: "by = models.ForeignKey(User, on_delete=models.CASCADE)\n",
    fails_silently: "try:\n    pass\nexcept:\n    pass\n",
    is_too_long: "\n" * 401,
    speaks_of_a_help_desk: "name = 'Ticket'\n",
    marks_text_as_safe: "mark_safe(case.story)\n",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_a_breach(rule):
    assert list(rule(Path("cases/somewhere.py"), RULES[rule]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_in_the_product(rule):
    assert [f"{path}:{line}" for path, source in product_sources() for line in rule(path, source)] == []


def test_no_template_calls_a_customers_text_safe():
    breaches = [
        f"{path}:{line}"
        for path in tracked(".html")
        for line in marks_text_as_safe(path, (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert breaches == []


def test_a_task_is_one_to_three_lines():
    for name in ("cases/tasks.py", "letters/tasks.py"):
        for node in ast.parse((ROOT / name).read_text()).body:
            if isinstance(node, ast.FunctionDef):
                assert len(node.body) <= 3, f"{name}: {node.name}"


def test_no_test_is_skipped():
    for path in tracked(".py"):
        if path.parts[0] == "tests" and path.name != "test_house.py":
            assert not re.search(r"mark\.(skip|xfail)|pytest\.(skip|xfail)\(", (ROOT / path).read_text()), path


def test_no_file_names_a_machine_or_a_package_host():
    pattern = re.compile(r"(?<![\w.-])/(root|work|home)/\w|https?://[^ \"']*/simple\b|(?<!emit-)index-url")
    for path in tracked(".py", ".md", ".txt", ".toml", ".yml", ".yaml", "Makefile", "Dockerfile", ".html"):
        if path.name != "test_house.py":
            found = pattern.search((ROOT / path).read_text(encoding="utf-8"))
            assert not found, f"{path}: {found[0]}"


def test_the_top_level_is_as_agreed():
    folders = {path.parts[0] for path in tracked("") if len(path.parts) > 1}
    assert folders == {".ci", "bench", "cases", "casetracker", "docs", "letters", "templates", "tests"}


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150
