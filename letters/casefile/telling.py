"""What the file of a case says in words of ours, chapter by chapter: read from the rows, as plain text that the press
can be handed. The oldest stands first."""

from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.utils import timezone

from cases import deadlines, rules
from cases.models import rules_of
from letters import address

AT_ONCE = 250  # rows of the history that are set together


@dataclass
class Section:
    """A heading and what stands below it: facts, words as somebody said them, a table."""

    title: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    kind: str = ""
    note: str = ""


@dataclass
class Chapter:
    title: str
    sections: list[Section]
    note: str = ""

    def plain(self) -> dict:
        return asdict(self)


def chapters(case, *, on, at):
    """All that is known of the case but its letters and files."""
    yield told(case)
    yield points(case)
    yield people(case)
    yield talks(case)
    yield settled(case, at=at)
    yield clocks(case, on=on)
    yield from history(case)
    if readings := readers(case):
        yield readings


def facts(*pairs) -> list[tuple[str, str]]:
    """Those of the pairs that have something to say."""
    return [(label, str(value)) for label, value in pairs if value]


def day(it) -> str:
    return f"{it:%-d %B %Y}" if it else ""


def hour(it) -> str:
    return f"{timezone.localtime(it):%-d %b %Y, %H:%M}" if it else ""


def told(case) -> Chapter:
    who = case.customer
    typed = f"{hour(case.logged_at)}{f', by {case.logged_by}' if case.logged_by else ''}"
    complaint = Section(
        facts=facts(
            ("Received", f"{day(case.received_on)} ({case.get_channel_display().lower()})"),
            ("Typed in", typed),
            ("Language", case.get_language_display()),
            ("Order", case.order_reference),
            ("Product", case.product),
            ("Topic", case.topic),
            ("Imported from", f"{case.source} {case.external_id}".strip()),
        )
    )
    customer = Section(
        "The customer",
        facts=facts(
            ("Name", " ".join(filter(None, (who.title, str(who))))),
            ("Address", "\n".join(address.of(who, home=settings.COUNTRY)[1:])),
            ("E-mail", who.email),
            ("Phone", who.phone),
            ("Agreed with us", who.adjustments),
            ("Letters", "by post" if who.wants_post else ""),
            ("Print", "large" if who.large_print else ""),
        ),
    )
    words = Section("In their own words", said=facts(("What happened", case.story), ("Outcome wanted", case.wanted)))
    return Chapter("What the customer told us", [complaint, customer, *([words] if words.said else [])])


def points(case) -> Chapter:
    found = [
        Section(
            f"Point {point.number}",
            said=facts(
                ("The complaint", point.text),
                ("Our finding", point.finding),
                ("Outcome", ": ".join(filter(None, (point.get_outcome_display(), point.redress)))),
            ),
        )
        for point in case.points.all()
    ]
    cause = Section(
        "Cause and responsibility",
        facts=facts(
            ("Root cause", case.get_root_cause_display()), ("Responsibility", case.get_responsibility_display())
        ),
        said=facts(("Why it happened", case.cause_explained), ("So that it does not happen again", case.prevention)),
    )
    actions = Section(
        "Corrective actions",
        heads=("What", "Owner", "Due", "What became of it"),
        rows=[(it.what, it.owner_name, day(it.due_on), _became(it)) for it in case.corrective_actions.all()],
    )
    more = [one for one in (cause, actions) if one.facts or one.rows]
    return Chapter("Points, findings and outcomes", [*found, *more], "" if found else "Not split into points.")


def _became(action) -> str:
    if action.checked_on:
        return f"Done on {day(action.done_on)}; {'effective' if action.effective else 'not effective'}: {action.found}"
    return f"Done on {day(action.done_on)}: {action.done_how}" if action.done_on else "Not done yet"


def people(case) -> Chapter:
    sections = [
        Section(
            f"{person.name}{f', {person.job_title}' if person.job_title else ''}",
            facts=facts(
                ("Part", person.get_part_display()),
                ("How", person.why),
                ("Asked for an account", _asked(person)),
                ("Account given", day(person.account_given_on)),
                ("No account needed", person.waived_on and f"{day(person.waived_on)}: {person.waived_reason}"),
                ("Gets", person.get_copy_as_display()),
            ),
            said=facts(("Their account", person.account)),
        )
        for person in case.involvements.all()
    ]
    return Chapter("People involved and their accounts", sections, "" if sections else "Nobody of ours was involved.")


def _asked(person) -> str:
    if not person.account_asked_on:
        return ""
    return f"on {day(person.account_asked_on)}, by {day(person.account_due_on)}"


def talks(case) -> Chapter:
    held = [
        Section(
            f"{day(it.held_on)}: {it.get_medium_display().lower()} {_with(it)}",
            facts=facts(("Noted by", it.by_name), ("Recording", it.recording)),
            said=facts(("What was said", it.said), ("What was proposed", it.proposed)),
        )
        for it in case.conversations.select_related("person")
    ]
    conduct = [
        Section(f"{day(it.on)}: {it.get_step_display()}", facts=facts(("By", it.by_name)), said=[("", it.words)])
        for it in case.conduct.all()
    ]
    return Chapter("Conversations", [*held, *conduct], "" if held or conduct else "None was noted.")


def _with(talk) -> str:
    if talk.they_wrote:
        return "from the customer"
    return f"with {talk.person.name if talk.person else 'the customer'}"


def settled(case, *, at) -> Chapter:
    agreed = [
        Section(
            f"{day(it.made_on)}: {'agreed' if it.agreed else 'our final position, without an agreement'}",
            facts=facts(("By", it.by_name)),
            said=facts(("", it.summary), ("Why", it.reason)),
        )
        for it in case.agreements.all()
    ]
    promises = Section(
        "Commitments, and what became of them",
        heads=("What was promised", "By whom, by when", "What became of it"),
        rows=[_promise(it) for it in case.commitments.prefetch_related("proofs")],
        kind="promises",
    )
    answers = Section(
        "What the customer answered",
        heads=("Asked", "When", "Answer"),
        rows=[(it.followup.what, hour(it.given_at), str(it)) for it in case.answers()],
    )
    sections = [*agreed, *(one for one in (promises, answers) if one.rows)]
    return Chapter("Agreement and commitments", sections, "" if sections else "Nothing was agreed yet.")


def _promise(it) -> tuple[str, str, str]:
    if it.kept_on:
        proof = ", ".join(file.name for file in it.proofs.all())
        became = f"Kept on {day(it.kept_on)}: {it.kept_how}{f' Proof: {proof}.' if proof else ''}"
    elif it.dropped_on:
        became = f"Dropped on {day(it.dropped_on)}: {it.dropped_reason}"
    else:
        became = "Not kept yet"
    return it.what, f"{it.owner_name}, {day(it.due_on)}", became


def clocks(case, *, on) -> Chapter:
    running = list(case.deadlines.all())
    whole = Section(
        heads=("Step", "By which rules", "Due", "How it stands"),
        rows=[
            (rules_of(it).label, rules.version(it.regime, it.version).name, day(it.due_on), _stands(it, on=on))
            for it in running
        ],
        kind="deadlines",
    )
    days = [_explained(case, it, on=on) for it in running]
    return Chapter("Deadlines, day by day", [whole, *days], "" if running else "No clock ran for this case.")


def _stands(it, *, on) -> str:
    late = f" {it.late_reason}" if it.late_reason else ""
    if it.void_on:
        return f"Fell away on {day(it.void_on)}: {it.void_reason}"
    if it.met_on:
        return f"Done on {day(it.met_on)}{f', late.{late}' if it.met_on > it.due_on else ', in time'}"
    return f"Late.{late}" if it.due_on < on else "Running"


def _explained(case, it, *, on) -> Section:
    """Day by day, as the page “why this date?” says it."""
    step = rules_of(it)
    title = f"{step.label}: why {day(it.due_on)}?"
    happened = [
        *(f"Extended on {day(one.on)} by {one.by_name}: {one}" for one in it.extensions.all()),
        *(f"Stood still, {one} ({one.by_name})" for one in (case.pauses.all() if step.pausable else ())),
        *(f"Counted anew on {day(one.on)} by {one.by_name}: {one}" for one in it.retimings.all()),
        *([f"{day(it.promised_on)} was told to the customer ({it.promised_in})"] if it.promised_on else []),
    ]
    said = [("What happened to it", "\n".join(happened))] if happened else []
    try:
        counted = case.counted(it, on=on)
    except deadlines.NoCalendar as error:
        return Section(title, said=said, note=str(error))
    rows = [(f"{one.on:%a %-d %b %Y}", "–" if one.number is None else str(one.number), one.why) for one in counted.days]
    asked = [("Asked for", f"{step.in_words}. {counted.asked}")]
    return Section(
        title, facts=asked, said=said, heads=("Day", "Counts as", "Why"), rows=rows, kind="days", note=counted.found
    )


def history(case):
    """Who did what when, with the reason; many rows are set in several goes."""
    rows = [
        (hour(it.at), it.by_name, f"{it.text}{f'{chr(10)}Reason: {it.reason}' if it.reason else ''}")
        for it in case.events.order_by("at", "pk")
    ]
    for start in range(0, len(rows), AT_ONCE):
        part = Section(heads=("When", "Who", "What"), rows=rows[start : start + AT_ONCE], kind="history")
        yield Chapter("History" if not start else "History, continued", [part])


def readers(case) -> Chapter | None:
    """Who read the case while it was restricted; None where nobody had to be noted."""
    rows = [(hour(it.at), it.by_name, it.what) for it in case.readings.order_by("at", "pk")]
    if not rows:
        return None
    return Chapter("Who read it", [Section(heads=("When", "Who", "What"), rows=rows, kind="history")])
