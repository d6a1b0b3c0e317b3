"""Pages of the admin that are of no model, and their addresses."""

from django.contrib import admin
from django.urls import path

from letters.admin.selfcheck import selfcheck_page

from .board import refresh_page
from .correcting import action_page, list_page, new_page, trend_page
from .reports import report_page
from .rules import check_page, rules_page

PAGES = {
    "board/refresh": ("cases_board_refresh", refresh_page),
    "rules": ("cases_rules", rules_page),
    "rules/<slug:regime>/<str:version>": ("cases_rules_check", check_page),
    "corrective-actions": ("cases_actions", list_page),
    "corrective-actions/new": ("cases_action_new", new_page),
    "corrective-actions/<int:pk>": ("cases_action", action_page),
    "trends/<int:pk>": ("cases_trend", trend_page),
    "report": ("cases_report", report_page),
    "report/<slug:kind>": ("cases_report_file", report_page),
    "self-check": ("letters_selfcheck", selfcheck_page),
}


def addresses():
    return [path(f"{where}/", admin.site.admin_view(page), name=name) for where, (name, page) in PAGES.items()]


admin.site.extra_urls = addresses  # where the theme looks for them
