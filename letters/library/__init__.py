"""The starter library: the words of each letter in each language, as files that are reviewed like code. A template's
file becomes its version 1; leads write the later ones."""

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

from letters.models import Kind, LetterTemplate, TemplateVersion

HERE = Path(__file__).parent


class NoTemplate(LookupError):
    """There are no words for this kind of letter in this language, so none can be drafted."""


def current_version(kind, language) -> TemplateVersion:
    """The newest words of this kind in this language. Raises NoTemplate; never falls back to another language."""
    newest = TemplateVersion.objects.filter(template__kind=kind, template__language=language)
    return newest.last() or _first_version(kind, language)


def languages() -> list[str]:
    """The languages that letters can be written in now."""
    return sorted(path.parent.name for path in HERE.glob("*/phrases.yaml"))


def _called(language) -> str:
    return dict(settings.LANGUAGES).get(language, language)


@cache
def phrases(language) -> dict:
    """What a letter in `language` needs around its body. Raises NoTemplate."""
    path = HERE / language / "phrases.yaml"
    if not path.exists():
        raise NoTemplate(f"There are no letters in {_called(language)} yet. Choose another language for this letter.")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _first_version(kind, language):
    path = HERE / language / f"{kind}.md"
    if not path.exists():
        raise NoTemplate(
            f"There is no template for “{Kind(kind).label}” in {_called(language)}. "
            "Write one under Letter templates first."
        )
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    template, _ = LetterTemplate.objects.get_or_create(kind=kind, language=language)
    version, _ = TemplateVersion.objects.get_or_create(
        template=template,
        number=1,
        defaults={
            "subject": head.removeprefix("subject:").strip(),
            "body": body.strip(),
            "made_by_name": "the starter library",
        },
    )
    return version
