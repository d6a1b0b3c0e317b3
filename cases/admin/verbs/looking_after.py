"""Who looks after a case, and what it belongs to."""

from django import forms
from django.urls import reverse

from cases.admin.forms import PersonField, VerbForm
from cases.models import Organisation, Situation
from cases.stages import Stage

from .verb import Done, Verb, blank, verb


def handlers_for(case):
    """Who may look after `case`: leads and handlers at work, of its team, whom it is not about."""
    return case.who_may_handle()


class AssignForm(VerbForm):
    edits, told_as = ("handler",), ("assigned", "handed over", "handler left")

    handler = PersonField(label="Who looks after it")
    although_away = forms.BooleanField(label="Although they are away", required=False)

    def prepare(self):
        self.fields["handler"].queryset = handlers_for(self.case)
        self.show_stored()
        if not any(user.away_on(self.on) for user in self.fields["handler"].queryset):
            del self.fields["although_away"]

    def clean(self):
        """Who is away gets a case only once somebody has been told so."""
        cleaned = super().clean()
        handler = cleaned.get("handler")
        if handler and handler.away_on(self.on) and not cleaned.get("although_away"):
            back = f"{handler} is {handler.absence(on=self.on)}."
            self.add_error("handler", f"{back} Choose somebody else, or tick below that they get it all the same.")
        return cleaned


class OrganisationForm(VerbForm):
    edits, told_as = ("organisation",), ("organisation",)

    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Belongs to", required=False, empty_label="The house itself"
    )

    def prepare(self):
        self.show_stored()


class SituationForm(VerbForm):
    edits, told_as = ("situation",), ("situation",)

    situation = forms.ChoiceField(choices=blank(Situation.choices), label="What kind of situation is it")

    def prepare(self):
        self.show_stored()


@verb
class Take(Verb):
    name, label, icon = "take", "I look after it", "person_add"
    straight = True
    at_hand = (Stage.ACKNOWLEDGE,)

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and (user is None or case.handler_id != user.pk)

    def do(self, case, about, cleaned, *, on, by):
        case.assign(by, on=on, by=by)
        return Done("You look after this case now.")


@verb
class Assign(Verb):
    name, label, icon = "assign", "Assign", "group"
    form, for_leads = AssignForm, True

    def do(self, case, about, cleaned, *, on, by):
        case.assign(cleaned["handler"], on=on, by=by)
        return Done(f"{cleaned['handler']} looks after this case now.")


@verb
class FaceSituation(Verb):
    name, label, icon = "situation", "Set the situation", "sell"
    form = SituationForm

    def do(self, case, about, cleaned, *, on, by):
        case.face(cleaned["situation"], on=on, by=by)
        return Done("The situation is noted.", f"{reverse('admin:cases_case_change', args=[case.pk])}#guidance")


@verb
class BelongTo(Verb):
    name, label, icon = "organisation", "Set the organisation", "domain"
    form = OrganisationForm
    guidance = "The name under which the customer knows us. Its letters go out on its own paper."

    def offered(self, case, *, about=None, user=None):
        return super().offered(case) and Organisation.objects.exists()

    def do(self, case, about, cleaned, *, on, by):
        case.belong_to(cleaned["organisation"], on=on, by=by)
        return Done(f"The case belongs to {cleaned['organisation'] or 'the house itself'}.")


@verb
class Recognise(Verb):
    name, label, icon = "recognise", "Yes, it is the same person", "link"
    about, straight = "look_alikes", True
    guidance = "The cases stay separate; from now on each shows the others as earlier cases of one customer."

    def title(self, case, about):
        return f"{case.customer} and {about} are the same person"

    def offered(self, case, *, about=None, user=None):
        return True

    def do(self, case, about, cleaned, *, on, by):
        case.recognise(about, on=on, by=by)
        return Done("Their cases are shown together now.")
