"""What the page says, in the language of its case."""

from babel.dates import format_date

from letters import library
from letters.values import Day, locale

OTHERWISE = "en"  # for a language into which nobody has translated the page yet


class Words:
    """The sentences of one language. In templates they stand by name; with a day or a number in them, see `say`."""

    def __init__(self, language):
        try:
            self.all = library.page(language)
            self.language = language
        except library.NoTemplate:
            self.all = library.page(OTHERWISE)
            self.language = OTHERWISE

    def say(self, *path, day=None, **values) -> str:
        """The sentence at `path` with its values; a day comes in every form that the language has for it."""
        said = self.all
        for name in path:
            said = said[name]
        return said.format(**values, **(self._forms(day) if day else {}))

    def day(self, day) -> str:
        """A day that stands alone."""
        return str(Day(day, self.language))

    def _forms(self, day) -> dict:
        written = Day(day, self.language)
        forms = {form: written.in_sentence(form) for form in ("on", "until", "of")}
        return forms | {"weekday": format_date(day, "EEEE", locale=locale(self.language))}
