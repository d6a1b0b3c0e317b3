"""Organisations: the names under which customers know the house. Set up by leads, never deleted."""

from django.contrib import admin

from cases.models import Organisation

from .desk import DeskAdmin


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)
