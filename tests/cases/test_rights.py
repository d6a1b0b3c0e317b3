"""Every door of the admin, and who gets through it. The doors come from the URL conf: a new one without an entry here
fails. Whoever a complaint is about finds nothing behind any door of its case: not a page, not a row, not a hint."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import attachments, intake
from cases.admin.verbs import VERBS
from cases.models import (
    Attachment,
    CalendarDay,
    Case,
    CorrectiveAction,
    Event,
    Organisation,
    Part,
    Reading,
    Role,
    Team,
    Trend,
)
from cases.rights import may
from casetracker import clock
from letters import dispatch, enclosing
from letters.admin.delivery import DECISIONS
from letters.models import Letter, Letterhead, LetterTemplate, Signature
from tests.conftest import FRIDAY, MONDAY, TUESDAY, staff
from tests.letters.pdfs import pdf

pytestmark = pytest.mark.usefixtures("on_tuesday")

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


@pytest.fixture
def concerned_lead(db):
    return staff("priya", "Priya", "Raghavan", Role.LEAD)


@pytest.fixture
def north(db):
    return Team.objects.create(name="North")


@pytest.fixture
def others(db):
    """A handler and a lead of another team."""
    south = Team.objects.create(name="South")
    people = staff("tom", "Tom", "Weir", Role.HANDLER), staff("ada", "Ada", "Obi", Role.LEAD)
    for user in people:
        user.teams.add(south)
    return people


@pytest.fixture
def cast(handler, lead, reader, concerned, concerned_lead, others):
    approver = staff("noor", "Noor", "Haddad", Role.APPROVER)
    auditor = staff("jonas", "Jonas", "Brandt", Role.AUDITOR)
    people = (reader, approver, auditor, handler, lead, concerned, concerned_lead, *others)
    return dict(zip(COLUMNS, people, strict=True))


@pytest.fixture
def about_them(draft, lead, concerned, concerned_lead, complaint, north):
    """Eleanor's case, of the team “North”: with a letter issued, an enclosure, a file, somebody who owes an account and
    a look-alike, and about two of the staff."""
    case = draft.case
    case.give_to_team(north, handler=case.handler, reason="Fridges", on=TUESDAY, by=lead)
    for person in (concerned, concerned_lead):
        case.involve(user=person, part=Part.CONCERNED, why="Hung up", on=TUESDAY, by=lead)
    enclosing.enclose(draft, "Terms", pdf(), on=TUESDAY, by=draft.signatory)
    dispatch.issue(draft, on=TUESDAY, by=lead)
    intake.receive(replace(complaint, name="E. Whitcombe"), on=MONDAY)
    for row in attachments.checked([SimpleUploadedFile("receipt.pdf", pdf())]):
        Attachment.objects.create(case=case, **row)
    return case


@pytest.fixture
def rows(about_them, complaint):
    """What the verbs about single rows concern."""
    return {
        "points": about_them.points.get(),
        "involvements": about_them.involvements.get(user__username="declan"),
        "commitments": about_them.commitments.get(),
        "followups": about_them.followups.outstanding().filter(deadline=None).first(),
        "deadlines": about_them.deadlines.get(regime="house", step="resolve"),
        "look_alikes": about_them.customer.look_alikes().get(),
    }


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


def test_every_door_has_an_entry_here_and_no_entry_is_stale():
    assert set(doors()) == set(DOORS)


@pytest.mark.parametrize("member", COLUMNS)
def test_each_of_the_cast_gets_through_their_doors_and_no_others(client, cast, about_them, rows, member):
    wrong = []
    for method in ("get", "post"):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            with signed_in(client, cast[member]):
                got = outcome(getattr(client, method)(address))
            should = expected(door, verb)[method == "post"][member]
            if got != should:
                wrong.append(f"{method} {address}: {got}, should be {should}")
    assert wrong == []


@pytest.mark.parametrize("member", ["nobody", "driver"])
def test_without_a_role_every_door_leads_to_the_sign_in(client, cast, about_them, rows, driver, member):
    before = Event.objects.count()
    for door, _, address in addresses(about_them, rows, cast["reader"]):
        for method in ("get", "post"):
            with signed_in(client, driver if member == "driver" else None):
                got = outcome(getattr(client, method)(address))
            assert got == "in" if door in ("login", "logout") else got in ("sign in", "404"), (method, address)
    assert Event.objects.count() == before


@pytest.mark.parametrize("member", ["reader", "approver", "auditor", *OUTSIDE])
def test_whoever_may_not_work_on_the_case_changes_nothing_by_pressing_every_button(
    client, cast, about_them, rows, member
):
    before = (Event.objects.count(), Case.objects.filter(pk=about_them.pk).values().get(), Letter.objects.count())
    with signed_in(client, cast[member]):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            if verb or door.startswith("letters_letter_") or door == "letters_delivery_decision":
                client.post(address, {"stage": about_them.stage, "reason": "x", "seen": "x"})
    after = (Event.objects.count(), Case.objects.filter(pk=about_them.pk).values().get(), Letter.objects.count())
    assert after == before


@pytest.mark.parametrize("member", OUTSIDE)
def test_no_list_search_or_number_shows_the_case_to_who_may_not_open_it(client, cast, about_them, member):
    term = {"q": about_them.reference, "list": "all"}
    with signed_in(client, cast[member]):
        for door in ("cases_case", "cases_followup", "letters_letter", "letters_delivery"):
            answer = client.get(reverse(f"admin:{door}_changelist"), term)
            assert answer.context["cl"].result_count == 0, door
        query = {"app_label": "letters", "model_name": "letter", "field_name": "case", "term": about_them.reference}
        assert client.get(reverse("admin:autocomplete"), query).json()["results"] == []
        found = client.get(reverse("admin:cases_customer_pick"), {"term": "Whitcombe"}).json()["results"]
        assert str(about_them.customer_id) not in {choice["id"] for choice in found}
        board = client.get(reverse("admin:index")).content.decode()
        assert about_them.reference not in board


@pytest.mark.parametrize("member", OUTSIDE)
def test_the_case_hides_among_a_customers_other_cases_too(client, cast, about_them, member):
    other = Case.objects.exclude(pk=about_them.pk).get()
    with signed_in(client, cast[member]):
        for address in (
            reverse("admin:cases_case_change", args=[other.pk]),
            reverse("admin:cases_customer_change", args=[other.customer_id]),
        ):
            answer = client.get(address)
            assert answer.status_code == 200
            assert about_them.reference not in answer.content.decode()
            assert "Perhaps the same customer" not in answer.content.decode()


@pytest.mark.parametrize("member", COLUMNS)
def test_a_file_opens_for_whom_its_case_does(client, cast, complaint, north, concerned, concerned_lead, lead, member):
    file = SimpleUploadedFile("note.txt", b"a note")
    case = intake.receive(replace(complaint, attachments=(file,)), on=MONDAY)
    case.give_to_team(north, handler=None, reason="Fridges", on=MONDAY, by=lead)
    for person in (concerned, concerned_lead):
        case.involve(user=person, part=Part.CONCERNED, why="Hung up", on=MONDAY, by=lead)
    with signed_in(client, cast[member]):
        opened = client.get(reverse("cases:attachment", args=[case.attachments.get().pk])).status_code
    assert opened == (404 if member in OUTSIDE else 200)


# --- what is restricted ---


def test_a_restricted_case_is_another_teams_for_whoever_neither_leads_nor_handles_it(
    client, cast, about_them, rows, north, lead
):
    mate = staff("sam", "Sam", "Oduya", Role.HANDLER)
    mate.teams.add(north)
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    wrong = []
    for method in ("get", "post"):
        for door, verb, address in addresses(about_them, rows, cast["reader"]):
            shut = expected(door, verb)[method == "post"]["other_handler"]
            for member, user in (("mate", mate), ("reader", cast["reader"]), ("approver", cast["approver"])):
                with signed_in(client, user):
                    got = outcome(getattr(client, method)(address))
                kept_out = got == shut if member == "mate" else shut != "404" or got in ("403", "404")
                if not kept_out:
                    wrong.append(f"{member}: {method} {address}: {got}, should be {shut}")
    assert wrong == []


@pytest.mark.parametrize("member", ["auditor", "handler", "lead"])
def test_each_reading_of_a_restricted_case_leaves_its_row(client, cast, about_them, rows, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    letter = about_them.letters.get()
    read = {
        "cases_case_change": [about_them.pk],
        "cases_case_why": [about_them.pk, about_them.deadlines.first().pk],
        "letters_letter_change": [letter.pk],
        "letters_letter_pdf": [letter.pk],
        "letters_letter_enclosure": [letter.pk, letter.enclosures.get().pk],
    }
    for door, args in read.items():
        before = Reading.objects.count()
        with signed_in(client, cast[member]):
            assert client.get(reverse(f"admin:{door}", args=args)).status_code in (200, 422)
        assert Reading.objects.filter(case=about_them, by=cast[member]).count() > before or door.endswith("pdf"), door


@pytest.mark.parametrize("member", ["lead", "auditor"])
def test_who_read_it_is_a_page_of_its_own(client, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=cast["handler"])
    with signed_in(client, cast[member]):
        page = client.get(reverse("admin:cases_case_change", args=[about_them.pk])).content.decode()
        log = reverse("admin:cases_reading_changelist")
        assert f"{log}?q={about_them.reference}" in page
        assert str(cast["handler"]) in client.get(log, {"q": about_them.reference}).content.decode()


@pytest.mark.parametrize("member", ["concerned_lead", "other_lead"])
def test_the_log_shows_no_case_that_somebody_may_not_open(client, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=cast["handler"])
    with signed_in(client, cast[member]):
        answer = client.get(reverse("admin:cases_reading_changelist"))
    assert answer.context["cl"].result_count == 0
    assert about_them.reference not in answer.content.decode()


# --- rows ---


def way_to_a_case(model, *, steps=2):
    """The lookup from `model` to the case that its rows are about; "" for a case itself, None where there is none."""
    if model is Case:
        return "pk"
    if model._meta.model_name == "customer":
        return "cases"
    for field in model._meta.fields if steps else ():
        if field.many_to_one and (way := way_to_a_case(field.related_model, steps=steps - 1)):
            return field.name if way == "pk" else f"{field.name}__{way}"
    return None


@pytest.mark.parametrize("member", OUTSIDE)
def test_no_queryset_of_the_admin_holds_a_row_of_a_case_that_somebody_may_not_open(rf, cast, about_them, lead, member):
    about_them.restrict(reason="A claim in court", on=TUESDAY, by=lead)
    about_them.read("its page", at=clock.now(), by=lead)
    request = rf.get("/")
    walked = set()
    for model, page in admin.site._registry.items():
        way = way_to_a_case(model)
        if way is None:
            continue
        walked.add(model._meta.model_name)
        request.user = lead
        assert page.get_queryset(request).filter(**{way: about_them.pk}).exists(), model
        request.user = cast[member]
        assert not page.get_queryset(request).filter(**{way: about_them.pk}).exists(), model
    assert {"case", "customer", "followup", "letter", "delivery", "reading"} <= walked


def test_nobody_may_delete_anything():
    models = [model._meta for model in admin.site._registry]
    assert models
    assert not any(
        may(role, "delete", app=model.app_label, model=model.model_name) for role in Role.values for model in models
    )


def test_the_admin_knows_no_row_of_permissions(lead):
    assert not lead.get_all_permissions()
    assert lead.has_perm("cases.change_case")
    assert not lead.has_perm("cases.delete_case")
    assert not lead.has_perm("axes.view_accesslog")
