"""Small pieces that the forms of the desk are made of."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models import Case, User
from casetracker import clock

from .avoid import mind, spoken_with
from .desk import dress
from .seen import Seen

LONG = 20_000  # characters; a page of notes is 3,000


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value):
        day = super().clean(value)
        if day and day.year < 1990:
            raise ValidationError("Enter a day after 1989.")
        return day


class HourField(forms.TimeField):
    """An hour of a day, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PersonField(forms.ModelChoiceField):
    """Somebody of the staff; who is away says so."""

    def __init__(self, queryset=None, *, empty_label="Choose somebody", **kwargs):
        super().__init__(User.objects.none() if queryset is None else queryset, empty_label=empty_label, **kwargs)

    def label_from_instance(self, user):
        absence = user.absence(on=clock.today())
        return f"{user} ({absence})" if absence else str(user)


class WordsField(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows=5, max_length=LONG, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=max_length, **kwargs)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; the cleaned value is a list."""

    widget = FilesInput(attrs={"multiple": True})

    def clean(self, value, initial=None):
        files = value if isinstance(value, list | tuple) else [value]
        return [super(FilesField, self).clean(file, initial) for file in files if file]


def helper():
    """How crispy sets a form here: inside a form tag of ours."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.include_media = False
    return made


class TakesObjections:
    """The half of a form that shows what the case itself objects to."""

    called_below = {}  # names that the case gives to fields of this form, in its objections

    def take(self, error: ValidationError):
        """Show `error` at its fields; what has no field of its own stands above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for called, found in error.error_dict.items():
            name = self.called_below.get(called, called)
            self.add_error(name if name in self.fields else None, found)


class VerbForm(TakesObjections, Seen, forms.Form):
    """What a verb has to know. `case`, `about` (the point, person, commitment ... that it concerns) and `user` are
    there for choices and first values; `on` is today."""

    for_customers = ()  # fields whose words reach the customer, in a letter, on their page or in a talk

    def __init__(self, *args, case, user, on, about=None, **kwargs):
        self.case, self.user, self.on, self.about = case, user, on, about
        super().__init__(*args, **kwargs)
        self.prepare()
        mind(self, spoken_with(case), *self.for_customers)
        dress(self)
        self.helper = helper()

    def prepare(self):
        """Fit the fields to the case."""

    def show_stored(self):
        """The fields show what is there already."""
        for name, value in self.stored().items():
            self.initial.setdefault(name, value)

    def stored(self):
        """By the names of the columns, of the row that the verb is about."""
        row = self.about or self.case
        return type(row)._base_manager.filter(pk=row.pk).values(*self.edits).get()

    told_as = ()  # the kinds of events that say so when these values change

    def told(self):
        """The events that tell of these values, the last one last."""
        return self.case.events.filter(kind__in=self.told_as)

    def hold(self):
        Case.objects.select_for_update().get(pk=self.case.pk)

    def who_changed(self):
        last = self.told().last()
        return f"{last.by_name}, {timezone.localtime(last.at):%-d %B, %H:%M}" if last else super().who_changed()
