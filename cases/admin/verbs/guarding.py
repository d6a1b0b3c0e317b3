"""Whose case it is, and who else may open it."""

from django import forms
from django.db.models import Q
from django.urls import reverse

from cases.admin.forms import PersonField, VerbForm, WordsField
from cases.models import Case, Part, Role, Team

from .verb import Done, ReasonForm, Verb, staff_at_work, verb


class TeamForm(VerbForm):
    """Another team, and who looks after the case there."""

    team = forms.ModelChoiceField(
        Team.objects.all(), label="Which team", required=False, empty_label="No team: it is everybody's"
    )
    handler = PersonField(label="Who looks after it then", required=False, empty_label="Nobody yet: a lead is asked")
    although_elsewhere = forms.BooleanField(required=False)
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")

    def prepare(self):
        about = self.case.involvements.filter(part=Part.CONCERNED, user__isnull=False).values("user")
        able = Q(role__in=(Role.LEAD, Role.HANDLER)) | Q(is_superuser=True)
        self.fields["handler"].queryset = staff_at_work().filter(able).exclude(pk__in=about)
        self.initial.setdefault("team", self.case.team_id)
        self.initial.setdefault("handler", self.case.handler_id)
        if self.case.handler:
            self.fields["although_elsewhere"].label = f"{self.case.handler} keeps it, although not in that team"
        else:
            del self.fields["although_elsewhere"]

    def clean(self):
        """Whoever is not of the new team is replaced, or stays because somebody said so."""
        cleaned = super().clean()
        team, handler = cleaned.get("team"), cleaned.get("handler")
        if "team" in cleaned and team == self.case.team:
            self.add_error("team", f"It belongs to {team or 'no team'} already.")
        elif team and handler and not works_for(handler, team):
            self._object_to(handler, team, stays=cleaned.get("although_elsewhere"))
        return cleaned

    def _object_to(self, handler, team, *, stays):
        if handler != self.case.handler:
            self.add_error("handler", f"{handler} does not work on cases of {team}. Choose somebody who does.")
        elif not stays:
            more = "Choose who looks after it there, or tick below that they keep it all the same."
            self.add_error("handler", f"{handler} is not in {team} and would not see its other cases. {more}")


def works_for(user, team) -> bool:
    teams = user.in_teams()
    return user.is_superuser or not teams or team.pk in teams


@verb
class GiveToTeam(Verb):
    name, label, icon = "team", "Move to another team", "groups"
    form = TeamForm
    guidance = (
        "From then on its people, and whoever is in no team, see the case; the others do not. What they still had to "
        "do for it goes to whoever looks after it."
    )

    def offered(self, case, *, about=None, user=None):
        return Team.objects.exists()

    def do(self, case, about, cleaned, *, on, by):
        team = cleaned["team"]
        case.give_to_team(team, handler=cleaned["handler"], reason=cleaned["reason"], on=on, by=by)
        said = f"The case belongs to {team or 'no team, so to everybody'} now."
        if Case.objects.visible_to(by).filter(pk=case.pk).exists():
            return Done(said)
        return Done(
            f"{said} You are not in that team, so it is not among your cases any more.",
            goto=reverse("admin:cases_case_changelist"),
        )


@verb
class Restrict(Verb):
    name, label, icon = "restrict", "Restrict", "lock"
    form, for_leads = ReasonForm, True
    guidance = (
        "Only leads, whoever looks after it and auditors may open it then, and it is written down who reads what of "
        "it. For what is not everybody's to know: a claim in court, an accusation, somebody's health."
    )

    def offered(self, case, *, about=None, user=None):
        return not case.restricted_on

    def do(self, case, about, cleaned, *, on, by):
        case.restrict(reason=cleaned["reason"], on=on, by=by)
        return Done("The case is restricted. Each reading of it is written down from now on.")


@verb
class LiftRestriction(Verb):
    name, label, icon = "lift-restriction", "Lift the restriction", "lock_open"
    form, for_leads = ReasonForm, True
    guidance = "Whoever sees the cases of its team sees this one again. Who read it stays written down."

    def offered(self, case, *, about=None, user=None):
        return bool(case.restricted_on)

    def do(self, case, about, cleaned, *, on, by):
        case.lift_restriction(reason=cleaned["reason"], on=on, by=by)
        return Done("The restriction is lifted.")
