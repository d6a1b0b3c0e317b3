"""What a placeholder of a letter is: a fact with its meaning, an example and the way to its value."""

from collections.abc import Callable
from dataclasses import dataclass

from letters.values import hole, quoted


@dataclass(frozen=True)
class Fact:
    """One placeholder. `of` finds what the case holds, `written` puts it as the letter's language does. A choice (a
    fact with `values`) and a list (one with `fields`) are for conditions and loops; neither can be printed."""

    name: str
    meaning: str
    example: object  # as a case would hold it
    of: Callable
    written: Callable = quoted
    values: tuple = ()  # all that it can be, for conditions
    fields: tuple["Fact", ...] = ()  # of each entry of a list
    entry: str = ""  # what one entry is called where a loop is explained
    needed: str = ""  # what the hole says while the case does not hold it
    optional: bool = False  # it may be nothing
    certain_in: tuple = ()  # kinds that are written only where there is some
    only_in: tuple = ()  # kinds of letter; empty: in all
    not_in: tuple = ()

    @property
    def is_printed(self) -> bool:
        return not (self.values or self.fields)

    def is_in(self, kind) -> bool:
        return (not self.only_in or kind in self.only_in) and kind not in self.not_in

    def may_be_nothing(self, kind) -> bool:
        return self.optional and kind not in self.certain_in

    def value(self, source, language):
        """What stands for it in a letter. Nothing is None, since to Liquid an empty text or list is something."""
        held = self.of(source)
        if self.fields:
            return [_entry(self.fields, item, language) for item in held] or None
        return self._put(held, language) if held not in ("", None, {}) else self._missing(source)

    def sample(self, language, held=None):
        """Its example, or `held` as an example, as it stands in a letter."""
        held = self.example if held is None else held
        if self.fields:
            return [{field.name: field.sample(language, item[field.name]) for field in self.fields} for item in held]
        return self._put(held, language)

    def _put(self, held, language):
        if self.values:
            return held if isinstance(held, bool) else str(held)
        return self.written(held, language)

    def _missing(self, source):
        return hole(self.needed.format(source)) if self.needed else None


def _entry(fields, item, language):
    return {field.name: field.value(item, language) for field in fields}
