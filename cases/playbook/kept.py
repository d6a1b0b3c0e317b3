"""What the playbook says now: the newest version that a lead wrote, or the starter's words where nobody wrote one."""

from django.db import IntegrityError, transaction

from cases.models import PlaybookVersion

from .entries import Entry
from .files import Words, starter


class Overtaken(Exception):
    """Somebody else wrote a version since this one was begun."""


def current(entries, language) -> dict[str, Words]:
    """The words that hold of each of `entries` in `language`, by its key; two queries at most, whatever there is."""
    keys = [entry.key for entry in entries]
    newest = PlaybookVersion.objects.newest().filter(entry__in=keys, language=language)
    written = {version.entry: held(version) for version in newest}
    return {key: written.get(key) or starter(language).get(key, Words()) for key in keys}


def versions_of(entry: Entry, language):
    """The versions of an entry in a language, the first one first."""
    return PlaybookVersion.objects.filter(entry=entry.key, language=language).order_by("number")


def held(version: PlaybookVersion) -> Words:
    return Words(*(tuple(text.splitlines()) for text in (version.do, version.say)))


def write(entry: Entry, language, words: Words, *, after: int, by) -> PlaybookVersion:
    """A new version that says `words`; the earlier ones stay. `after` is the number of the version that the writer has
    seen, 0 for the starter. Raises Overtaken when it is not the newest any more."""
    newest = versions_of(entry, language).last()
    if after != (newest.number if newest else 0):
        raise Overtaken
    version = PlaybookVersion(entry=entry.key, language=language, number=after + 1, by=by, by_name=str(by))
    version.do, version.say = "\n".join(words.do), "\n".join(words.say)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:  # somebody else's was kept at this moment
        raise Overtaken from None
    return version
