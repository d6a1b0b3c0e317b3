"""What is not set up, or not any more: looked for when somebody opens the page, each with what to do about it.

What is to be done with a case stands on the board; here stands what the house itself lacks.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef

from cases import heartbeat, rules
from cases.deadlines.published import NoCalendar, published
from cases.models import Case, Organisation, Role, Sweep, Team, User, as_checked
from letters import library
from letters.models import Delivery, Kind, Letterhead, LetterTemplate, TemplateVersion
from letters.review import statements

SILENT_MAIL = timedelta(hours=24)


@dataclass(frozen=True)
class Lack:
    """Something that is missing: what it is, what happens because of it, what to do, and the door to where."""

    what: str
    why: str
    mend: str
    door: str = ""  # the name of an address in the admin
    of: int | None = None  # the row that the door is about
    stops_work: bool = False  # something cannot be done, or goes wrong, until it is mended


@dataclass(frozen=True)
class Checked:
    """One subject of the check, with what is missing there; nothing, when all is well."""

    subject: str
    lacks: list[Lack]


def look(*, at, on) -> list[Checked]:
    """Every subject, in the order in which a new house is set up."""
    return [
        Checked("Staff and teams", list(_staff(on))),
        Checked("Letterheads", list(_letterheads())),
        Checked("Letter templates", [*_untranslated(), *_changed_in_some(), *_stale(), *_news()]),
        Checked("Rules", list(_rules(on))),
        Checked("Calendars", list(_calendars(on))),
        Checked("Mail and clockwork", [*_clockwork(at), *_mail(at), *_archive()]),
    ]


# --- who works here ---------------------------------------------------------------------------------------------------


def _staff(on) -> Iterator[Lack]:
    people = list(User.objects.filter(is_active=True).exclude(role="", is_superuser=False).select_related("manager"))
    leads = [person for person in people if person.is_lead]
    if not leads:
        yield Lack(
            "Nobody is a lead.",
            "Escalations reach nobody, and what needs a lead's decision waits for ever.",
            "Give somebody the role of a lead.",
            "cases_user_changelist",
            stops_work=True,
        )
    elif len(leads) == 1 and not any(person.role == Role.APPROVER for person in people):
        yield Lack(
            f"{leads[0]} is the only lead.",
            "Letters that need a second person wait whenever they wrote the letter themselves or are away.",
            "Give somebody else the role of a lead or of an approver.",
            "cases_user_changelist",
        )
    yield from _people(people, on)
    for team in Team.objects.filter(~Exists(User.objects.filter(teams=OuterRef("pk"), is_active=True))):
        yield Lack(
            f"Nobody is in the team {team}.",
            "Its cases are seen only by those who are in no team.",
            "Add its members, or move its cases to another team.",
            "cases_user_changelist",
            stops_work=True,
        )


def _people(people, on):
    for person in people:
        if not person.email:
            yield Lack(
                f"{person} has no e-mail address.",
                "They are never reminded of anything.",
                "Enter their address.",
                "cases_user_change",
                person.pk,
                stops_work=True,
            )
        if person.role == Role.HANDLER and not person.manager:
            yield Lack(
                f"{person} has no manager.",
                "Where reminders do not help, only the leads are told.",
                "Choose whom they report to.",
                "cases_user_change",
                person.pk,
            )
        if person.away_on(on) and person.cases.open().exists():
            yield Lack(
                f"{person} is {person.absence(on=on)} and looks after open cases.",
                "What falls due meanwhile is told to the leads, and done by nobody.",
                "Hand over their work.",
                "cases_user_hand_over",
                person.pk,
            )


# --- what letters are made of -----------------------------------------------------------------------------------------


def _letterheads():
    for organisation in [None, *Organisation.objects.all()]:
        if not Letterhead.objects.in_use(organisation):
            whose = f"{organisation} has" if organisation else "The house has"
            yield Lack(
                f"{whose} no letterhead.",
                "No letter of theirs can be set." if organisation else "No letter can be set.",
                "Enter name, address and logo.",
                "letters_letterhead_add",
                stops_work=True,
            )


def _newest() -> dict[str, dict[str, TemplateVersion]]:
    """The words in use that somebody of the house wrote, by kind and language; the starter's are files."""
    newest = TemplateVersion.objects.annotate(newest=Max("template__versions__number")).filter(number=F("newest"))
    found = defaultdict(dict)
    for version in newest.select_related("template"):
        found[version.template.kind][version.template.language] = version
    return found


def _untranslated():
    own = _newest()
    for kind in Kind:
        lacking = [
            name
            for language, name in settings.LANGUAGES
            if language not in own.get(kind, ()) and not library.words(kind, language)
        ]
        if lacking:
            yield Lack(
                f"{kind.label}: there are no words in {_listed(lacking)}.",
                "No such letter can be drafted for customers who chose that language.",
                "Write the template.",
                "letters_lettertemplate_changelist",
                stops_work=True,
            )


def _changed_in_some():
    for kind, by_language in _newest().items():
        changed = [name for language, name in settings.LANGUAGES if _is_changed(by_language.get(language))]
        same = [name for _, name in settings.LANGUAGES if name not in changed]
        if changed and same:
            yield Lack(
                f"{Kind(kind).label}: changed in {_listed(changed)}, not in {_listed(same)}.",
                "Customers are told different things, depending on their language.",
                "Change the others as well, or see that the difference is meant.",
                "letters_lettertemplate_changelist",
            )


def _is_changed(version) -> bool:
    return version is not None and version.number > 1


def _stale():
    packs = _packs_in_use()
    for kind, by_language in _newest().items():
        for language, version in by_language.items():
            lacking = statements.lacking(
                kind, subject=version.subject, body=version.body, language=language, packs=packs
            )
            if lacking:
                yield Lack(
                    f"{version.template} does not say {_listed([one.means for one in lacking])}.",
                    f"{lacking[0].asked_by} asks for it, so the review stops each letter until somebody adds it.",
                    "Put it into the template.",
                    "letters_lettertemplate_change",
                    version.template_id,
                )


def _news():
    for template in LetterTemplate.objects.prefetch_related("versions"):
        if library.news(template):
            yield Lack(
                f"{template}: the starter library has new words.",
                "Yours stay in use until somebody decides.",
                "Compare them, and take over what is better.",
                "letters_lettertemplate_change",
                template.pk,
            )


# --- what dates are counted by ----------------------------------------------------------------------------------------


def _packs_in_use():
    """The house's rules and those that open cases and organisations go by, each in its newest version."""
    regimes = [rules.HOUSE, *sorted(Case.objects.regimes() - {rules.HOUSE})]
    return as_checked(rules.newest(regime)[-1] for regime in regimes if regime in rules.regimes())


def _rules(on):
    for pack in _packs_in_use():
        if not pack.ours and not pack.checked:
            yield Lack(
                f"{pack.name} is in use and unchecked.",
                "Nobody of yours has compared its days and statements with their source.",
                f"Compare it with {pack.source}, and say so there.",
                "cases_rules",
            )
        if pack.valid_to and pack.valid_to < on:
            yield Lack(
                f"{pack.name} ended on {pack.valid_to:%-d %B %Y}.",
                "New complaints cannot go by it.",
                "Add the version that follows it (docs/rules.md).",
                "cases_rules",
                stops_work=True,
            )
    for regime in sorted(Case.objects.regimes() - set(rules.regimes())):
        yield Lack(
            f"There are no rules “{regime}”, and cases or organisations go by them.",
            "Their days cannot be counted.",
            "Bring the file back, or choose other rules.",
            "cases_rules",
            stops_work=True,
        )


def _calendars(on):
    places = {(settings.COUNTRY, settings.REGION): "the house"}
    for organisation in Organisation.objects.exclude(country=""):
        places.setdefault((str(organisation.country), organisation.region), str(organisation))
    for (country, region), whose in places.items():
        for year in (on.year, on.year + 1):
            yield from _year(country, region, year, whose)


def _year(country, region, year, whose):
    try:
        known = published(country, region, year).exchanges_are_known
        what = f"The working days of {year} that are exchanged for days off are not known yet ({country}, {whose})."
    except NoCalendar as error:
        known, what = False, f"{error} It is that of {whose}."
    if not known:
        yield Lack(
            what,
            "Dates in that year cannot be counted; complaints are taken in without them.",
            "Update the holidays library, or enter the days of that year yourselves.",
            "cases_calendarday_changelist",
            stops_work=True,
        )


# --- what carries things out ------------------------------------------------------------------------------------------


def _clockwork(at):
    silent = heartbeat.silent(list(Sweep.objects.all()), at=at)
    if silent:
        yield Lack(
            f"The clockwork gives no sign: {_listed(silent)}.",
            "Letters do not leave and nobody is reminded.",
            "Start its workers and beat (docs/operations.md).",
            stops_work=True,
        )


def _mail(at):
    last = Delivery.objects.filter(sent_at__isnull=False).aggregate(last=Max("sent_at"))["last"]
    if last and at - last < SILENT_MAIL:
        return
    waits = Delivery.objects.to_send(at=at).exists()
    yield Lack(
        f"No e-mail has left since {last:%-d %B, %H:%M}." if last else "No e-mail has ever left.",
        "Some wait for it." if waits else "None waits: there may have been nothing to send.",
        "Look whether the mail server takes them (MAIL_URL) and the clockwork runs.",
        "letters_delivery_changelist",
        stops_work=waits,
    )


def _archive():
    if not settings.MAIL_ARCHIVE_URL:
        yield Lack(
            "There is no archive mailbox.",
            "Where the answer of a mail server is lost, a person has to find out whether the letter arrived.",
            "Set MAIL_ARCHIVE and MAIL_ARCHIVE_URL (docs/operations.md).",
        )


def _listed(words) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
