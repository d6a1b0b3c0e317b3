"""Who may do what, on one screen. Roles, not rows of permissions: nothing to set up, nothing to forget."""

from django.contrib.auth.backends import ModelBackend

from cases.models import Role

# Which models each role may see and change in the admin. Cases change by verbs only; none of it may be deleted. Our own
# days off are for leads alone, who may take a coming one back (cases/admin/days_off.py).
VIEW_ALL = {
    "cases": {"case", "customer", "event", "followup", "commitment", "user", "organisation"},
    "letters": {"letter", "delivery", "lettertemplate", "letterhead", "signature"},
}
CHANGE = {
    Role.LEAD: {
        "cases": {"case", "customer", "user", "organisation", "calendarday"},
        "letters": {"letter", "delivery", "lettertemplate", "letterhead", "signature"},
    },
    Role.HANDLER: {"cases": {"case", "customer"}, "letters": {"letter", "delivery"}},
    Role.READER: {},
}
ADD = {
    Role.LEAD: {
        "cases": {"case", "user", "organisation", "calendarday"},
        "letters": {"lettertemplate", "letterhead", "signature"},
    },
    Role.HANDLER: {"cases": {"case"}},
    Role.READER: {},
}


def role_of(user) -> str:
    """The user's role; a superuser counts as a lead."""
    return Role.LEAD if user.is_superuser else user.role


def may(role, action, *, app, model) -> bool:
    """Whether `role` may `action` ("view", "add", "change", "delete") rows of this model. Unknown means no."""
    if not role:
        return False
    if action == "view":
        return model in VIEW_ALL.get(app, ())
    allowed = {"change": CHANGE, "add": ADD}.get(action, {})
    return model in allowed.get(role, {}).get(app, ())


def may_export(user) -> bool:
    """Whether `user` may take figures, lists and whole files of cases out of the house."""
    return user.is_active and role_of(user) in (Role.LEAD, Role.AUDITOR)


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
