"""Every door of the admin, and who gets through it. The doors come from the URL conf: a new one without an entry here
fails."""

from contextlib import contextmanager

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from cases.admin.verbs import VERBS
from cases.models import CalendarDay, Case, CorrectiveAction, Organisation, Trend
from letters.admin.delivery import DECISIONS
from letters.models import Letterhead, LetterTemplate, Signature
from tests.conftest import FRIDAY, MONDAY, TUESDAY

# Who tries the doors. The case belongs to the team “North”, the last two are in “South”, everybody else is in none.
COLUMNS = (
    *("reader", "approver", "auditor", "handler", "lead"),
    *("concerned", "concerned_lead"),  # a handler and a lead whom the case is about
    *("other_handler", "other_lead"),  # of another team
)
OUTSIDE = COLUMNS[5:]  # they may not open the case
ALL = "in in in in in  in in  in in"
WORKERS = "403 403 403 in in  in in  in in"
LEADS = "403 403 403 403 in  403 in  403 in"
LEADS_AND_AUDITOR = "403 403 in 403 in  403 in  403 in"
REPORTS = "in 403 in 403 in  403 in  403 in"
OF_THE_CASE = "in in in in in  404 404  404 404"
WORK_ON_IT = "403 403 403 in in  404 404  404 404"
DECIDE_ON_IT = "403 in 403 in in  404 404  404 404"
LEADS_ON_IT = "403 403 403 403 in  404 404  404 404"
TAKE_IT_OUT = "403 403 in 403 in  404 404  404 404"
NOBODY = "403 403 403 403 403  403 403  403 403"
NOBODY_FORWARD = "403 403 403 403 403  404 404  404 404"  # no letter waits for a second person
LEADS_FIND_NOTHING = "403 403 403 403 404  404 404  404 404"  # an issued letter has no warning any more
NOT_THERE = "404 404 404 404 404  404 404  404 404"
NO_SUCH_WAY = "405 405 405 405 405  405 405  405 405"  # GET where only POST does something, or the other way round

PLANNED = {"opened_on": MONDAY, "due_on": FRIDAY, "check_on": FRIDAY, "owner_name": "Amara", "opened_by_name": "Amara"}

# door: (GET, POST)
DOORS = {
    "index": (ALL, ALL),
    "login": (ALL, ALL),
    "logout": (NO_SUCH_WAY, ALL),
    "password_change": (ALL, ALL),
    "password_change_done": (ALL, NO_SUCH_WAY),
    "jsi18n": (ALL, NO_SUCH_WAY),
    "search": (ALL, ALL),
    "autocomplete": (ALL, NO_SUCH_WAY),
    "view_on_site": (NOT_THERE, NOT_THERE),
    "app_list": (ALL, ALL),
    "(?P<url>.*)$": (NOT_THERE, NOT_THERE),
    "cases_case_changelist": (ALL, ALL),
    "cases_case_add": (WORKERS, WORKERS),
    "cases_case_change": (OF_THE_CASE, NO_SUCH_WAY),
    "cases_case_why": (OF_THE_CASE, NO_SUCH_WAY),
    "cases_case_look": (OF_THE_CASE, NO_SUCH_WAY),
    "cases_case_bytes": (OF_THE_CASE, NO_SUCH_WAY),
    "cases_case_file": (NO_SUCH_WAY, TAKE_IT_OUT),
    "cases_case_export": (LEADS_AND_AUDITOR, NO_SUCH_WAY),
    "cases_case_verb": (WORK_ON_IT, WORK_ON_IT),
    "cases_case_verb_about": (WORK_ON_IT, WORK_ON_IT),
    "cases_followup_changelist": (ALL, ALL),
    "cases_customer_changelist": (ALL, ALL),
    "cases_customer_pick": (ALL, NO_SUCH_WAY),
    "cases_customer_add": (NOBODY, NOBODY),
    "cases_customer_change": (OF_THE_CASE, WORK_ON_IT),
    "cases/customer/<path:object_id>/": (ALL, ALL),  # leads to the change page, which looks who asks
    "cases_user_changelist": (ALL, ALL),
    "cases_user_add": (LEADS, LEADS),
    "cases_user_change": (ALL, LEADS),
    "cases_user_hand_over": (LEADS, LEADS),
    "auth_user_password_change": (LEADS, LEADS),
    "cases/user/<path:object_id>/": (ALL, ALL),
    "letters_letter_changelist": (ALL, ALL),
    "letters_letter_change": (OF_THE_CASE, WORK_ON_IT),
    "letters_letter_pdf": (OF_THE_CASE, NO_SUCH_WAY),
    "letters_letter_preview": (NO_SUCH_WAY, WORK_ON_IT),
    "letters_letter_issue": (WORK_ON_IT, WORK_ON_IT),
    "letters_letter_discard": (WORK_ON_IT, WORK_ON_IT),
    "letters_letter_put_forward": (NO_SUCH_WAY, WORK_ON_IT),
    "letters_letter_approve": (NO_SUCH_WAY, DECIDE_ON_IT),
    "letters_letter_send_back": (NOBODY_FORWARD, NOBODY_FORWARD),
    "letters_letter_override": (LEADS_FIND_NOTHING, LEADS_FIND_NOTHING),
    "letters_letter_enclose": (NO_SUCH_WAY, WORK_ON_IT),
    "letters_letter_enclosure": (OF_THE_CASE, NO_SUCH_WAY),
    "letters_letter_rename": (NO_SUCH_WAY, WORK_ON_IT),
    "letters_letter_remove": (NO_SUCH_WAY, WORK_ON_IT),
    "letters_delivery_changelist": (ALL, ALL),
    "letters_delivery_post": (WORKERS, WORKERS),
    "letters_delivery_print": (NO_SUCH_WAY, WORKERS),
    "letters_delivery_reprint": (WORK_ON_IT, NO_SUCH_WAY),
    "letters_delivery_decision": (WORK_ON_IT, WORK_ON_IT),
    "letters_lettertemplate_changelist": (ALL, NO_SUCH_WAY),
    "letters_lettertemplate_change": (ALL, LEADS),
    "letters_lettertemplate_compare": (ALL, NO_SUCH_WAY),
    "letters_lettertemplate_preview": (ALL, ALL),
    "letters_lettertemplate_scan": (LEADS, NO_SUCH_WAY),
    "letters_letterhead_changelist": (ALL, ALL),
    "letters_letterhead_add": (LEADS, LEADS),
    "letters_letterhead_change": (ALL, LEADS),
    "letters_letterhead_sample": (ALL, NO_SUCH_WAY),
    "letters/letterhead/<path:object_id>/": (ALL, ALL),
    "letters_signature_changelist": (ALL, ALL),
    "letters_signature_add": (LEADS, LEADS),
    "letters_signature_change": (ALL, LEADS),
    "letters/signature/<path:object_id>/": (ALL, ALL),
    "cases_organisation_changelist": (ALL, ALL),
    "cases_organisation_add": (LEADS, LEADS),
    "cases_organisation_change": (ALL, LEADS),
    "cases/organisation/<path:object_id>/": (ALL, ALL),
    "cases_team_changelist": (ALL, ALL),
    "cases_team_add": (LEADS, LEADS),
    "cases_team_change": (ALL, LEADS),
    "cases/team/<path:object_id>/": (ALL, ALL),
    "cases_reading_changelist": (LEADS_AND_AUDITOR, LEADS_AND_AUDITOR),
    "cases_calendarday_changelist": (LEADS, NO_SUCH_WAY),
    "cases_calendarday_add": (LEADS, LEADS),
    "cases_calendarday_change": (LEADS, LEADS),
    "cases_calendarday_remove": (LEADS, LEADS),
    "cases_calendarday_anew": (LEADS, LEADS),
    "cases_playbookversion_changelist": (ALL, NO_SUCH_WAY),
    "cases_playbookversion_change": (ALL, LEADS),
    "cases_playbookversion_compare": (ALL, NO_SUCH_WAY),
    "cases_playbookversion_back": (NO_SUCH_WAY, LEADS),
    "cases_playbookversion_avoid": (ALL, NO_SUCH_WAY),
    "cases_playbookversion_phrases": (ALL, NO_SUCH_WAY),
    "cases_actions": (ALL, NO_SUCH_WAY),
    "cases_action_new": (WORKERS, WORKERS),
    "cases_action": (ALL, WORKERS),
    "cases_trend": (ALL, WORKERS),
    "cases_report": (REPORTS, NO_SUCH_WAY),
    "cases_report_file": (LEADS_AND_AUDITOR, NO_SUCH_WAY),
    "cases_board_refresh": (NO_SUCH_WAY, LEADS),
    "cases_rules": (ALL, NO_SUCH_WAY),
    "cases_rules_check": (LEADS, LEADS),
    "letters_selfcheck": (LEADS_AND_AUDITOR, NO_SUCH_WAY),
}


def doors():
    """Every door of the admin, by the name of its URL or, without one, by its pattern."""
    for pattern in admin.site.get_urls():
        for door in getattr(pattern, "url_patterns", [pattern]):
            prefix = str(pattern.pattern) if door is not pattern else ""
            yield door.name or f"{prefix}{door.pattern}"


def expected(door, verb=None):
    get, post = DOORS[door]
    if verb and verb.for_leads:
        get = post = LEADS_ON_IT
    return dict(zip(COLUMNS, get.split(), strict=True)), dict(zip(COLUMNS, post.split(), strict=True))


def addresses(case, rows, someone):
    """(door, verb or None, address) for every door that leads to or past the case."""
    letter = case.letters.get()
    organisation = Organisation.objects.get_or_create(name="Northwind Energy")[0]
    signature = Signature.objects.get_or_create(user=someone)[0]
    day_off = CalendarDay.objects.get_or_create(day=FRIDAY, name="Office moves")[0]
    template = LetterTemplate.objects.get(kind="resolution", language="en")
    action = CorrectiveAction.objects.get_or_create(cause="delay", what="Ring first", **PLANNED)[0]
    trend = Trend.objects.get_or_create(of="cause", value="delay", number=5, since=MONDAY, noticed_on=TUESDAY)[0]
    paths = {
        "view_on_site": [ContentType.objects.get_for_model(Case).pk, case.pk],
        "app_list": ["cases"],
        "cases_case_change": [case.pk],
        "cases_case_why": [case.pk, case.deadlines.first().pk],
        "cases_case_file": [case.pk],
        "cases_case_export": ["csv"],
        "cases_case_look": [case.pk, case.attachments.get().pk],
        "cases_case_bytes": [case.pk, case.attachments.get().pk],
        "cases_report_file": ["csv"],
        "cases_action": [action.pk],
        "cases_trend": [trend.pk],
        "cases_customer_change": [case.customer_id],
        "cases_user_change": [someone.pk],
        "cases_user_hand_over": [someone.pk],
        "auth_user_password_change": [someone.pk],
        "letters_lettertemplate_change": [template.pk],
        "letters_lettertemplate_compare": [template.pk],
        "letters_lettertemplate_preview": [template.pk],
        "letters_letterhead_sample": [Letterhead.objects.get().pk],
        "letters_letterhead_change": [Letterhead.objects.get().pk],
        "letters_signature_change": [signature.pk],
        "cases_organisation_change": [organisation.pk],
        "cases_team_change": [case.team_id],
        "cases_rules_check": ["uk-fca-disp", "2026-06-01"],
        "cases_calendarday_change": [day_off.pk],
        "cases_calendarday_remove": [day_off.pk],
        "cases_playbookversion_change": ["situation", "angry", "lv"],
        "cases_playbookversion_compare": ["situation", "angry", "lv"],
        "cases_playbookversion_back": ["situation", "angry", "lv", 0],
        "cases_playbookversion_phrases": ["lv"],
        "letters_letter_override": [letter.pk, "tone-x"],
        "letters_letter_enclosure": [letter.pk, letter.enclosures.get().pk],
        "letters_letter_rename": [letter.pk, letter.enclosures.get().pk],
        "letters_delivery_reprint": [letter.deliveries.first().pk],
        "letters_letter_remove": [letter.pk, letter.enclosures.get().pk],
    }
    for door in doors():
        if door == "cases_case_verb":
            for verb in (verb for verb in VERBS.values() if not verb.about):
                yield door, verb, reverse("admin:cases_case_verb", args=[case.pk, verb.name])
        elif door == "cases_case_verb_about":
            for verb in (verb for verb in VERBS.values() if verb.about):
                args = [case.pk, verb.name, rows[verb.about].pk]
                yield door, verb, reverse("admin:cases_case_verb_about", args=args)
        elif door == "letters_delivery_decision":
            for name in DECISIONS:
                args = [letter.deliveries.first().pk, name]
                yield door, None, reverse("admin:letters_delivery_decision", args=args)
        elif door == "(?P<url>.*)$":
            yield door, None, "/admin/nothing/here/"
        elif "<path:object_id>" in door:
            yield door, None, "/admin/" + door.replace("<path:object_id>", "1")
        elif door == "autocomplete":
            yield door, None, reverse("admin:autocomplete") + "?app_label=letters&model_name=letter&field_name=case"
        elif door.startswith("letters_letter_") and door not in paths and door != "letters_letter_changelist":
            yield door, None, reverse(f"admin:{door}", args=[letter.pk])
        else:
            yield door, None, reverse(f"admin:{door}", args=paths.get(door, []))


def outcome(answer) -> str:
    """Where it led: in, to the sign-in, or not."""
    if answer.status_code in (403, 404, 405):
        return str(answer.status_code)
    assert answer.status_code in (200, 302, 422), answer.status_code  # 422: a letter that cannot be set says why
    leads_to_sign_in = answer.status_code == 302 and answer.url.startswith(reverse("admin:login"))
    return "sign in" if leads_to_sign_in else "in"


@contextmanager
def signed_in(client, user):
    if user:
        client.force_login(user)
    yield client
    client.logout()
