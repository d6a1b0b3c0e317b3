"""The starter library: the words of each letter in each language, as files that are reviewed like code. A template's
file becomes its version 1; leads write the later ones, and no file ever takes the place of what they wrote."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import yaml
from django.conf import settings
from django.db import IntegrityError, transaction

from letters.models import Kind, LetterTemplate, TemplateVersion

HERE = Path(__file__).parent
OURS = "the starter library"


class NoTemplate(LookupError):
    """There are no words for this kind of letter in this language, so none can be drafted."""


class Overtaken(Exception):
    """Somebody else made a version since this one was begun."""


@dataclass(frozen=True)
class Words:
    """What a version of a template says, and on what it says it; no format and no paper is the letterhead's own."""

    subject: str
    body: str
    style: str = ""
    paper: str = ""

    @classmethod
    def of(cls, version):
        return cls(version.subject, version.body, version.style, version.paper)

    def version(self, template) -> TemplateVersion:
        """A version that says this; it is not kept."""
        return TemplateVersion(template=template, number=0, **vars(self))


def current_version(kind, language) -> TemplateVersion:
    """The newest words of this kind in this language. Raises NoTemplate; never falls back to another language."""
    phrases(language)  # nothing is drafted in a language that has no letters at all
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


@cache
def page(language) -> dict:
    """What a customer's own page says in `language`. Raises NoTemplate where nobody has translated it."""
    path = HERE / language / "page.yaml"
    if not path.exists():
        raise NoTemplate(f"The customers' own page does not speak {_called(language)} yet.")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def copy_line(person, language) -> str:
    """How `person`, who gets a copy, stands on the letter: name and job title as the language joins them."""
    if not person.job_title:
        return person.name
    return phrases(language)["copy"].format(name=person.name, job_title=person.job_title)


def words(kind, language) -> Words | None:
    """What the file of this letter says; None without a file."""
    path = HERE / language / f"{kind}.md"
    if not path.exists():
        return None
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    return Words(head.removeprefix("subject:").strip(), body.strip())


def load():
    """Every kind of letter in every language has its template, with the words of its file as version 1 where it had no
    version yet."""
    there = set(LetterTemplate.objects.values_list("kind", "language"))
    for kind, (language, _) in product(Kind.values, settings.LANGUAGES):
        if (kind, language) not in there:
            LetterTemplate.objects.get_or_create(kind=kind, language=language)
    for template in LetterTemplate.objects.filter(versions=None):
        if found := words(template.kind, template.language):
            _keep_first(template, found)


def news(template) -> Words | None:
    """The words of the library's file, where no version of the template has ever said them: they came with an upgrade,
    and a person decides about them."""
    found = words(template.kind, template.language)
    said = {(version.subject, version.body) for version in template.versions.all()}
    return found if found and said and (found.subject, found.body) not in said else None


def rewrite(template, words: Words, *, after: int, by) -> TemplateVersion:
    """A new version that says `words`; drafts and letters keep theirs. `after` is the number of the version that the
    writer has seen (0 for none). Raises Overtaken when it is not the newest any more."""
    newest = template.versions.last()
    if after != (newest.number if newest else 0):
        raise Overtaken
    version = words.version(template)
    version.number, version.made_by_name = after + 1, str(by)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:  # somebody else's was kept at this moment
        raise Overtaken from None
    return version


def _first_version(kind, language):
    found = words(kind, language)
    if found is None:
        raise NoTemplate(
            f"There is no template for “{Kind(kind).label}” in {_called(language)}. "
            "Write one under Letter templates first."
        )
    template, _ = LetterTemplate.objects.get_or_create(kind=kind, language=language)
    return _keep_first(template, found)


def _keep_first(template, found):
    version, _ = TemplateVersion.objects.get_or_create(
        template=template, number=1, defaults={**vars(found), "made_by_name": OURS}
    )
    return version
