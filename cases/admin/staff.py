"""Staff: who works here and in which role. Somebody who leaves is set inactive; nobody is ever deleted."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from cases.models import User

from .desk import DeskAdmin


def close_the_doors_of(*labels):
    """The pages that these apps brought along are gone: roles take the place of groups (see cases/rights.py), and the
    table of failed sign-ins is nobody's reading."""
    for label in labels:
        for model in apps.get_app_config(label).get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)


close_the_doors_of("auth", "axes")


@admin.register(User)
class StaffAdmin(DeskAdmin, UserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    list_display = ("__str__", "username", "role", "job_title", "email", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name", "email", "job_title")
    ordering = ("first_name", "last_name")
    filter_horizontal = ()
    fieldsets = (
        ("Person", {"fields": (("first_name", "last_name"), ("email", "job_title"))}),
        ("Sign-in", {"fields": (("username", "password"), ("role", "is_active"))}),
    )
    add_fieldsets = (
        ("Person", {"fields": (("first_name", "last_name"), ("email", "job_title"))}),
        ("Sign-in", {"fields": (("username", "role"), "password1", "password2")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Nobody takes their own role or sign-in away by mistake."""
        return ("role", "is_active") if obj == request.user else ()
