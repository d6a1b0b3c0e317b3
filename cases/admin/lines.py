"""Forms with lines: as many small forms below one another as somebody asks for. A line left empty is none."""

from django import forms

from cases.models import Promise, PromisedCall, PromisedContact

from .avoid import mind, spoken_with
from .desk import dress
from .forms import DayField, HourField, PersonField, TakesObjections, helper

CALL, DO, HEAR = "call", "do", "hear"


class LineForm(TakesObjections, forms.Form):
    """A line; `on` is today and `user` whoever fills it in."""

    tells = ()  # the fields by which a line is more than an empty one

    def __init__(self, *args, user, on, people, **kwargs):
        self.user, self.on = user, on
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
        self.fields["due_on"].widget.attrs["min"] = f"{on}"
        dress(self)
        self.helper = helper()

    @property
    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) or name in self.errors for name in self.tells)

    def need(self, **sentences):
        """Each of these fields has a value, or says that it needs one."""
        for name, sentence in sentences.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, sentence)


class PromiseForm(LineForm):
    """One commitment of an agreement: what, who, by when."""

    tells = ("what", "owner", "due_on")

    what = forms.CharField(max_length=300, required=False)
    owner = PersonField(label="Who", required=False)
    due_on = DayField(label="By", required=False)

    def clean(self):
        cleaned = super().clean()
        if self.is_filled:
            self.need(what="Say what.", owner="Choose who.", due_on="Say by when.")
        return cleaned

    def promise(self) -> Promise:
        return Promise(**self.cleaned_data)


class SaidForm(LineForm):
    """One promise of a talk: that somebody does something, that we ring, or that the customer hears from us."""

    called_below = {"until": "due_on"}
    tells = ("what", "owner", "due_on", "hour")

    kind = forms.ChoiceField(
        choices=[(DO, "We do it"), (CALL, "We call them"), (HEAR, "They hear from us")],
        initial=DO,
        required=False,
        label="Promised",
    )
    what = forms.CharField(max_length=250, required=False, label="What")
    owner = PersonField(label="Who", required=False)
    due_on = DayField(label="By", required=False)
    hour = HourField(label="At", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].empty_label = f"{self.user} (you)"

    def clean_kind(self):
        return self.cleaned_data["kind"] or DO

    def clean(self):
        cleaned = super().clean()
        if not self.is_filled:
            return cleaned
        self.need(due_on="Say by when.")
        if cleaned.get("due_on") and cleaned["due_on"] < self.on:
            self.add_error("due_on", f"That day is past. Choose {self.on:%-d %B %Y} or a later day.")
        if cleaned.get("kind") == DO:
            self.need(what="Say what.")
        elif cleaned.get("kind") == CALL:
            self.need(hour="Say at what hour.")
        return cleaned

    def promise(self) -> Promise | PromisedCall | PromisedContact:
        told = self.cleaned_data
        if told["kind"] == DO:
            return Promise(told["what"], told["owner"] or self.user, told["due_on"])
        if told["kind"] == CALL:
            return PromisedCall(told["due_on"], told["hour"], told["what"])
        return PromisedContact(told["due_on"], told["what"])


class Lines:
    """Of a form of a verb that has lines of promises below it."""

    line = PromiseForm
    lines_title = "Commitments: what, who, by when"
    ROWS, MORE, MOST = 3, 2, 30

    def prepare_lines(self, people):
        shown = self.data.get("rows", "") if self.is_bound else ""
        count = int(shown) if shown.isdecimal() else self.ROWS
        if "more" in self.data:
            count += self.MORE
        given = (self.data,) if self.is_bound else ()
        told = {"user": self.user, "on": self.on, "people": people}
        self.rows = [self.line(*given, prefix=f"promise-{n}", **told) for n in range(min(count, self.MOST))]
        for row in self.rows:
            mind(row, spoken_with(self.case), "what")

    @property
    def asks_for_more(self):
        return "more" in self.data

    def clean(self):
        cleaned = super().clean()
        if not sum(not row.is_valid() for row in self.rows):  # every row looks at itself, for its messages
            cleaned["promises"] = [row.promise() for row in self.filled()]
        return cleaned

    def is_valid(self):
        return super().is_valid() and "promises" in self.cleaned_data

    def filled(self):
        return [row for row in self.rows if row.is_filled]

    def take(self, error):
        """A promise that cannot be kept shows its message in its own row."""
        if hasattr(error, "index"):
            self.filled()[error.index].take(error)
        else:
            super().take(error)
