"""Who may do what, on one screen. Roles, not rows of permissions: nothing to set up, nothing to forget."""

from django.contrib.auth.backends import ModelBackend

from cases.models import Role

# Which models each role may see and change in the admin. Cases change by verbs only; none of it may be deleted. Which
# cases somebody sees is decided in one place, `Case.objects.visible_to`. Our own days off are for leads alone, who may
# take a coming one back (cases/admin/days_off.py).
VIEW_ALL = {
    "cases": {"case", "customer", "event", "followup", "commitment", "user", "organisation", "team", "playbookversion"},
    "letters": {"letter", "delivery", "lettertemplate", "letterhead", "signature"},
}
VIEW = {
    Role.LEAD: {"cases": {"reading"}},
    Role.AUDITOR: {"cases": {"reading"}},
}
CHANGE = {
    Role.LEAD: {
        "cases": {"case", "customer", "user", "organisation", "team", "calendarday"},
        "letters": {"letter", "delivery", "lettertemplate", "letterhead", "signature"},
    },
    Role.HANDLER: {"cases": {"case", "customer"}, "letters": {"letter", "delivery"}},
}
ADD = {
    Role.LEAD: {
        "cases": {"case", "user", "organisation", "team", "calendarday"},
        "letters": {"lettertemplate", "letterhead", "signature"},
    },
    Role.HANDLER: {"cases": {"case"}},
}


def role_of(user) -> str:
    """The user's role; a superuser counts as a lead."""
    return Role.LEAD if user.is_superuser else user.role


def may(role, action, *, app, model) -> bool:
    """Whether `role` may `action` ("view", "add", "change", "delete") rows of this model. Unknown means no."""
    if not role:
        return False
    if action == "view":
        return model in VIEW_ALL.get(app, ()) or model in VIEW.get(role, {}).get(app, ())
    allowed = {"change": CHANGE, "add": ADD}.get(action, {})
    return model in allowed.get(role, {}).get(app, ())


def _only(*roles):
    """The question whether somebody has one of `roles`."""
    return lambda user: user.is_active and role_of(user) in roles


# What is more than a row of a model. Each is asked of a user; what it is done to is a case that they may open, besides.
may_work = _only(Role.LEAD, Role.HANDLER)  # record complaints, change cases, write letters
may_lead = _only(Role.LEAD)  # what a verb `for_leads` asks for: override, assign, restrict a case
may_approve = _only(Role.LEAD, Role.APPROVER)  # be the second person; a handler only where a lead put it forward
may_see_reports = _only(Role.LEAD, Role.AUDITOR, Role.READER)  # figures of the cases that they may open
may_export = _only(Role.LEAD, Role.AUDITOR)  # take figures, lists and whole files of cases out of the house
may_see_readings = _only(Role.LEAD, Role.AUDITOR)  # who read which restricted case
may_set_up = _only(Role.LEAD)  # templates, paper, organisations, teams, days off, staff
may_see_set_up = _only(Role.LEAD, Role.AUDITOR)  # what is set up and what is missing, such as the self-check
may_share_views = _only(Role.LEAD)  # save a view of a list for everybody
may_edit_playbook = _only(Role.LEAD)
may_correct_causes = _only(Role.LEAD, Role.HANDLER)  # plan and do corrective actions, answer trends


class RoleBackend(ModelBackend):
    """Answers Django's permission questions from the roles; sign-in is by user name and password, with a role only."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and bool(role_of(user))

    def has_perm(self, user_obj, perm, obj=None):
        if not user_obj.is_active:
            return False
        app, _, codename = perm.partition(".")
        action, _, model = codename.partition("_")
        return may(role_of(user_obj), action, app=app, model=model)

    def has_module_perms(self, user_obj, app_label):
        return user_obj.is_active and bool(role_of(user_obj)) and app_label in VIEW_ALL

    def get_all_permissions(self, user_obj, obj=None):
        return set()
