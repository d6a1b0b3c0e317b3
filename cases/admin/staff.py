"""Staff: who works here and in which role. Somebody who leaves is set inactive; nobody is ever deleted."""

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.auth.admin import UserAdmin
from django.http import HttpResponseRedirect
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cases.handover import open_work
from cases.models import Team, User
from casetracker import clock

from .desk import DeskAdmin, dress
from .forms import DayField
from .handing_over import HandsOver, page_of


def close_the_doors_of(*labels):
    """The pages that these apps brought along are gone: roles take the place of groups (see cases/rights.py), and the
    table of failed sign-ins is nobody's reading."""
    for label in labels:
        for model in apps.get_app_config(label).get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)


close_the_doors_of("auth", "axes")

ABSENCE = (
    "Nothing is promised for a day on which somebody is away, reminders reach the leads as well, and whoever assigns "
    "them a case is told."
)


TEAMS = (
    "Who is in a team sees its cases, those of no team, and those that they look after. Who is in none sees the cases "
    "of every team."
)


class StaffForm(UserChangeForm):
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    away_from = DayField(label="Away from", required=False, help_text="The first day of an absence.")
    away_until = DayField(label="Away until", required=False, help_text="Its last day.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "teams" in self.fields:
            self.fields["teams"].queryset = Team.objects.all()
            self.fields["teams"].help_text = (
                "" if Team.objects.exists() else "There is no team. Set one up under Teams."
            )
        if "manager" in self.fields:
            self.fields["manager"].queryset = User.objects.filter(is_active=True).exclude(pk=self.instance.pk)
        dress(self)


@admin.register(User)
class StaffAdmin(HandsOver, DeskAdmin, UserAdmin):
    form = StaffForm
    add_form = UserCreationForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    list_display = ("__str__", "username", "role", "in_teams", "job_title", "email", "away", "is_active")
    list_filter = ("role", "teams", "is_active")
    search_fields = ("username", "first_name", "last_name", "email", "job_title")
    ordering = ("first_name", "last_name")
    filter_horizontal = ()
    fieldsets = (
        ("Person", {"fields": (("first_name", "last_name"), ("email", "job_title"))}),
        ("Sign-in", {"fields": (("username", "password"), ("role", "is_active"))}),
        ("Teams", {"fields": ("teams",), "description": TEAMS}),
        ("Absence", {"fields": (("away_from", "away_until"),), "description": ABSENCE}),
        ("Whom they report to, and where they work", {"fields": ("manager", ("country", "region"), "time_zone")}),
    )
    change_form_outer_before_template = "admin/cases/user/open_work.html"
    add_fieldsets = (
        ("Person", {"fields": (("first_name", "last_name"), ("email", "job_title"))}),
        ("Sign-in", {"fields": (("username", "role"), "password1", "password2")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("teams")

    @display(description="Teams")
    def in_teams(self, user):
        return ", ".join(str(team) for team in user.teams.all()) or "–"

    @display(description="Absence", ordering="away_from")
    def away(self, user):
        return user.absence(on=clock.today()) or "–"

    def response_change(self, request, obj):
        """Who does not work here any more is not left with work: the page that hands it over comes next."""
        leads_on = super().response_change(request, obj)
        if obj.is_active or not open_work(obj, seen_by=request.user):
            return leads_on
        messages.warning(request, f"{obj} does not sign in any more. What they had to do waits to be handed over.")
        return HttpResponseRedirect(page_of(obj))

    def get_readonly_fields(self, request, obj=None):
        """Nobody takes their own role or sign-in away by mistake, or chooses for themselves what they see."""
        return ("role", "is_active", "teams") if obj == request.user else ()
