"""Teams: whose cases are whose. Set up by leads, never deleted; a house without any notices nothing of them."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cases.models import Organisation, Team, User

from .desk import DeskAdmin, dress


class TeamForm(forms.ModelForm):
    """A team with its people and the organisations whose new complaints are its own."""

    asking = None  # who sets it up; nobody chooses for themselves which cases they see

    who = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Who is in it", required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    whose = forms.ModelMultipleChoiceField(
        Organisation.objects.all(),
        label="Whose complaints are its own",
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="From the next complaint on; cases that are there already can be moved on their page.",
    )

    class Meta:
        model = Team
        fields = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        team = self.instance
        self.fields["who"].queryset = people = User.objects.exclude(role="").exclude(pk=self.asking.pk)
        if team.pk:
            self.fields["who"].queryset = people.filter(is_active=True) | people.filter(teams=team)
            self.initial |= {"who": team.members.all(), "whose": team.organisations.all()}
        dress(self)

    def _save_m2m(self):
        """The people and the organisations too; whoever asks stays where they are."""
        super()._save_m2m()
        asking = self.instance.members.filter(pk=self.asking.pk)
        self.instance.members.set([*self.cleaned_data["who"], *asking])
        self.instance.organisations.set(self.cleaned_data["whose"])


@admin.register(Team)
class TeamAdmin(DeskAdmin):
    form = TeamForm
    list_display = ("name", "number", "whose")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            "People",
            {
                "fields": ("who",),
                "description": "Who is in a team sees its cases, those of no team, and those that they look after. Who "
                "is in no team sees the cases of every team; auditors always do. Your own teams are another lead's to "
                "set.",
            },
        ),
        ("Organisations", {"fields": ("whose",)}),
    )

    def get_queryset(self, request):
        number = Count("members", distinct=True)
        return super().get_queryset(request).annotate(number=number).prefetch_related("organisations")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.asking = request.user
        return form

    @display(description="People", ordering="number")
    def number(self, team):
        return team.number

    @display(description="Who is in it")
    def who(self, team):
        return ", ".join(map(str, team.members.all())) or "–"

    @display(description="Organisations")
    def whose(self, team):
        return ", ".join(map(str, team.organisations.all())) or "–"
