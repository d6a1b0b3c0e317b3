"""The log of readings: who read what of which restricted case, and when. For leads and auditors; nobody changes it."""

from django.contrib import admin
from django.contrib.admin import display
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from cases import reference
from cases.models import Case, Reading

from .desk import DeskAdmin


@admin.register(Reading)
class ReadingAdmin(DeskAdmin):
    list_display = ("when", "by_name", "what", "of_case")
    list_display_links = None
    search_fields = ("case__reference", "by_name", "what")
    search_help_text = "Reference, who, what"
    ordering = ("-at", "-pk")

    def get_urls(self):
        changelist = self.admin_site.admin_view(self.changelist_view)
        return [path("", changelist, name="cases_reading_changelist")]

    def get_queryset(self, request):
        """Of the cases that this person may open: nobody learns here of another."""
        visible = Case.objects.visible_to(request.user)
        return super().get_queryset(request).filter(case__in=visible).select_related("case")

    def get_search_results(self, request, queryset, search_term):
        number = reference.heard(search_term)
        if number:
            return queryset.filter(case__reference=number), False
        return super().get_search_results(request, queryset, search_term)

    @display(description="When", ordering="at")
    def when(self, reading):
        return f"{timezone.localtime(reading.at):%-d %B %Y, %H:%M}"

    @display(description="Case", ordering="case__reference")
    def of_case(self, reading):
        page = reverse("admin:cases_case_change", args=[reading.case_id])
        return format_html(
            '<span><a class="desk-number" href="{}">{}</a> <span class="desk-about" dir="auto">{}</span></span>',
            page,
            reading.case.reference,
            reading.case.subject,
        )
