"""Two people edit the same thing: a form carries what it showed, and shows both values where somebody else saved first.

What it carries is a digest of each value, so a page tells nothing that its fields do not. Whoever saves decides between
theirs and their own; nothing that was typed is lost, and nothing that a colleague wrote is overwritten unread.
"""

import hashlib
from dataclasses import dataclass

from crispy_forms.layout import Layout
from django.forms import ChoiceField
from django.template.loader import render_to_string

CHANGED = "Somebody else changed this while you had it open. Choose below which of the two is to stand."
ELSEWHERE = "While you had this open, somebody else recorded: “{theirs}” ({who}). Save again if yours is to stand."


@dataclass(frozen=True)
class Conflict:
    """A value that is not what the form showed any more, and not what was typed either."""

    name: str
    label: str
    theirs: str
    mine: str
    who: str
    untouched: bool  # it was not typed by this person: the form sent back what it had shown

    def render(self, *args, **kwargs):
        """As crispy asks of what stands in a layout."""
        return render_to_string("admin/desk/conflict.html", {"conflict": self})


class Seen:
    """Of a form that changes what is there already. `edits` names its fields that do; one that is no field is a thing
    that nobody may overlook, such as the agreement in force."""

    edits = ()

    # --- what each form says of itself ---

    def stored(self) -> dict:
        """The values as they are in the database now."""
        raise NotImplementedError

    def hold(self):
        """Nobody else saves these values until this transaction ends."""
        raise NotImplementedError

    def who_changed(self) -> str:
        """Who saved last, and when."""
        return "somebody else"

    # --- the same for all ---

    conflicts = {}

    @property
    def seen(self) -> str:
        """What the page carries of the values that it shows."""
        stored = self.stored() if self.edits else {}
        return ",".join(f"{name}:{digest(stored[name])}" for name in self.edits if name in stored)

    def clean(self):
        cleaned = super().clean()
        was = dict(part.split(":", 1) for part in self.data.get("seen", "").split(",") if ":" in part)
        if not (self.edits and was):
            return cleaned
        self.hold()
        stored = self.stored()
        for name in (name for name in self.edits if name in was):
            if digest(stored[name]) != was[name]:
                self._compare(name, stored[name], was[name])
            elif self.data.get(f"decided-{name}") == "theirs":
                cleaned[name] = stored[name]
        if self.conflicts and hasattr(self, "helper"):
            shown = ((name, self.conflicts[name]) if name in self.conflicts else (name,) for name in self.fields)
            self.helper.layout = Layout(*(part for parts in shown for part in parts))
        return cleaned

    def _compare(self, name, theirs, was):
        if name not in self.fields:
            self.add_error(None, ELSEWHERE.format(theirs=theirs, who=self.who_changed()))
            return
        typed = self.cleaned_data.get(name, self.data.get(self.add_prefix(name), ""))
        if digest(typed) == digest(theirs):
            return
        found = Conflict(
            name,
            str(self.fields[name].label or name.replace("_", " ").capitalize()),
            theirs=self._in_words(name, theirs),
            mine=self._in_words(name, typed),
            who=self.who_changed(),
            untouched=digest(typed) == was,
        )
        self.conflicts = self.conflicts | {name: found}
        self.add_error(name, CHANGED)

    def _in_words(self, name, value) -> str:
        field = self.fields[name]
        if hasattr(field, "queryset"):
            row = value if hasattr(value, "pk") else field.queryset.model._base_manager.filter(pk=value or None).first()
            return str(row) if row else str(field.empty_label or "")
        if isinstance(field, ChoiceField):
            return str(dict(field.choices).get(value, value))
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return (
            f"{value:%-d %B %Y}"
            if hasattr(value, "year")
            else f"{value:%H:%M}"
            if hasattr(value, "hour")
            else str(value)
        )


def digest(value) -> str:
    """The same for the same value, however a browser sends it."""
    plain = str(getattr(value, "pk", value) if value not in (None, False) else "")
    return hashlib.sha256(" ".join(plain.split()).encode()).hexdigest()[:16]
