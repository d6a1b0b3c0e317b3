"""The only way out: `issue` freezes a letter and queues its envelopes, `deliver` sends one of them.

An envelope is claimed by a conditional update, so two workers never hold the same one. Just before the final dot the
mark `handoff_at` is committed; from then on nothing resends it by itself, whatever dies.
"""

import dataclasses
import hashlib
import logging
import time
import uuid
from datetime import timedelta
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from cases.heartbeat import Swept
from cases.models import Digest, Refused
from casetracker import clock
from letters import decisions, enclosing, mails, patience, post, postroom, press, review, undelivered, writing
from letters.arrivals import arrived, came_back, tell
from letters.models import OVER_AFTER, Copy, Delivery, Letter
from letters.sheet import CannotRender

log = logging.getLogger(__name__)

BATCH = 100
TRIES = 10  # for a number that another letter took at the same moment
CLAIMED_FOR = timedelta(seconds=240)  # longer than connecting, envelope and body may take together
HANDED_OFF_FOR = timedelta(seconds=660)  # longer than the answer to the final dot may take (RFC 5321, 4.5.3.2.6)
NOT_RETURNED = "Nobody has to decide about this letter any more. Look at it again."
SECONDS = 45  # of sending in one sweep; with the longest conversation after them still below a worker's time limit


class NotIssued(Exception):
    """The letter stays a draft; `problems` says why, a sentence each."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


# --- issue ------------------------------------------------------------------------------------------------------------


def preview(letter, *, on) -> bytes:
    """The PDF as it would be issued `on` that day. Raises CannotRender (also for a hole or a missing picture)."""
    return press.render_pdf(writing.sheet(letter, on=on))


def issue(letter, *, on, by):
    """The letter is frozen: bytes, SHA-256, template version, every line and everyone who gets it; its envelopes are
    queued. Raises NotIssued, and then nothing has changed."""
    problems = [*map(str, review.blocking(letter, on=on)), *decisions.missing(letter)]
    if problems:
        raise NotIssued(problems)
    try:
        sheet = writing.sheet(letter, on=on)
        pdf = press.render_pdf(sheet)
    except CannotRender as error:
        raise NotIssued(error.problems) from None
    if fault := enclosing.too_large(letter, pdf):
        raise NotIssued([fault])
    days = review.Reading(letter, on=on).days
    for _attempt in range(TRIES - 1):
        try:
            return _freeze(letter, pdf, sheet, days, on=on, by=by)
        except IntegrityError:  # somebody issued another letter at this moment and has the number
            continue
    return _freeze(letter, pdf, sheet, days, on=on, by=by)


@transaction.atomic
def _freeze(letter, pdf, sheet, days, *, on, by):
    unchanged = Letter.objects.drafts().filter(pk=letter.pk, edited_at=letter.edited_at)
    issued = unchanged.update(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        sheet=_kept(sheet),
        issued_on=on,
        issued_at=clock.now(),
        issued_by=by,
        issued_by_name=str(by),
        settles=letter.to_settle(),
        register_year=on.year,
        register_number=_next_number(on.year),
    )
    if not issued:
        raise NotIssued(["Somebody edited or issued this letter a moment ago. Look at it again."])
    letter.refresh_from_db()
    _queue(letter)
    how = "by post" if letter.goes_by_post else f"to {letter.to_email}"
    copies = ", ".join(copy.name for copy in letter.copies.all())
    text = f"Issued: {letter.get_kind_display().lower()}, {how}{f'; copies to {copies}' if copies else ''}."
    letter.case.record("letter issued", text, on=on, by=by)
    _promise(letter, days, on=on, by=by)


def _promise(letter, days, *, on, by):
    """The deadlines whose days the letter names to the customer are promised."""
    if letter.involvement_id:
        return
    named = [one for one in letter.case.deadlines.running() if any(day.means(one.due_on) for day in days)]
    letter.case.promise_days(named, promised_in=f"{letter.get_kind_display()} {letter.number}", on=on, by=by)


def _next_number(year) -> int:
    """The number after the last one of the year; two that take the same are told apart by the database."""
    return (Letter.objects.filter(register_year=year).aggregate(last=Max("register_number"))["last"] or 0) + 1


def _kept(sheet) -> dict:
    """The sheet as data; pictures as their fingerprints."""
    kept = dataclasses.asdict(sheet)
    for part, picture in (("letterhead", "logo"), ("signatory", "picture")):
        content = kept[part][picture]
        kept[part][picture] = hashlib.sha256(content).hexdigest() if content else None
    return kept


def _queue(letter):
    to = {"to_name": letter.recipient, "to_email": letter.to_email}
    Delivery.objects.create(letter=letter, **to, by_post=letter.goes_by_post)
    for person in letter.copied_to():
        copy = Copy.objects.create(
            letter=letter,
            involvement=person,
            name=person.name,
            job_title=person.job_title,
            email=person.email,
            copy_as=person.copy_as,
        )
        Delivery.objects.create(letter=letter, copy=copy, to_name=copy.name, to_email=copy.email)


# --- deliver ----------------------------------------------------------------------------------------------------------


def deliver_due(*, at) -> Swept:
    """Every e-mail that waits has been tried once; those that a minute's work does not reach wait for the next sweep.
    Where there is no line to the mail server, one has found that out for all of them."""
    _queue_digests(at=at)
    tried, failed, until = 0, 0, time.monotonic() + SECONDS
    for pk in Delivery.objects.to_send(at=at).values_list("pk", flat=True)[:BATCH]:
        if time.monotonic() > until:
            break
        tried += 1
        try:
            deliver(pk, at=clock.now())
        except post.Away as away:
            return Swept(done=tried, failed=failed, trouble=_put_all_off(away))
        except Exception:  # one letter that cannot be sent never keeps back the others
            failed += 1
            log.exception("Delivery %s failed; its lease runs out and it is tried again.", pk)
    # while nothing is tried, nothing new is known of the mail server
    known = tried or not Delivery.objects.queued().exists()
    return Swept(done=tried, failed=failed, trouble="" if known else None)


def _put_all_off(away) -> str:
    """All that wait are tried a little later, since none would fare better now. Answers what staff should know."""
    now = clock.now()
    Delivery.objects.to_send(at=now).update(due_at=now + patience.when_away(), deferred_at=None)
    count = Delivery.objects.queued().count()
    log.warning("No line to the mail server (%s); %s e-mails wait.", away, count)
    wait = f"{count} e-mail{'s wait' if count != 1 else ' waits'}"
    return f"No line to the mail server on {timezone.localtime(now):%-d %B, %H:%M}: {away} {wait}."


def _queue_digests(*, at):
    for digest in Digest.objects.filter(deliveries=None)[:BATCH]:
        first = {"to_name": digest.to_name, "to_email": digest.to_email, "due_at": at}
        Delivery.objects.get_or_create(digest=digest, resend_of=None, defaults=first)


def deliver(pk, *, at):
    """The e-mail was tried once, by us alone: sent, refused, put off until later, or left unknown. Raises post.Away
    when there was no line to the mail server, which is no attempt of this e-mail's."""
    token = uuid.uuid4()
    delivery = _claim(pk, token, at=at)
    if delivery is None:
        return
    try:
        reply = _send(delivery, token, at=at)
    except post.Withdrawn:
        return
    except post.Away as no:
        _put_back(delivery, token, no, pause=patience.when_away(), deferred_at=None, attempts=F("attempts") - 1)
        raise
    except post.Deferred as no:
        _defer(delivery, token, no)
    except post.Refused as no:
        _refuse(delivery, token, no)
    except post.Unknown as lost:
        _leave_unknown(delivery, token, lost)
    else:
        _sent(delivery, token, reply)


def _send(delivery, token, *, at):
    """What the server answered; raises as post.send() does. Settings that cannot be stand against every e-mail."""
    try:
        message = _written(delivery, at=at)
        return post.send(message, to=delivery.to_email, handoff=partial(_hand_off, delivery.pk, token))
    except ImproperlyConfigured as error:
        raise post.Away(str(error)) from error


def _written(delivery, *, at):
    """The e-mail. Raises post.Refused for words that cannot become one, which stands against this e-mail alone."""
    try:
        return mails.message(delivery, at=at)
    except (DatabaseError, OSError, ImproperlyConfigured):
        raise
    except Exception as error:
        log.exception("Delivery %s cannot be written as an e-mail.", delivery.pk)
        raise post.Refused(f"it cannot be written as an e-mail ({type(error).__name__})") from error


def _claim(pk, token, *, at):
    claimed = Delivery.objects.to_send(at=at).filter(pk=pk)
    if not claimed.update(claim_token=token, lease_until=at + CLAIMED_FOR, attempts=F("attempts") + 1):
        return None
    return Delivery.objects.select_related("letter__case__customer", "copy", "digest").get(pk=pk)


def _hand_off(pk, token, archived) -> bool:
    """The mark is committed, with what became of the archive's copy, and the envelope is still ours; False when
    somebody else took it over."""
    now = clock.now()
    ours = Delivery.objects.filter(pk=pk, claim_token=token, handoff_at=None, lease_until__gt=now)
    return bool(ours.update(handoff_at=now, lease_until=now + HANDED_OFF_FOR, copied_to_archive=archived))


def _mark(pk, token, said, **fields) -> bool:
    """What the server said is kept, if the envelope is still ours and nobody settled what became of it meanwhile."""
    ours = Delivery.objects.filter(pk=pk, claim_token=token, sent_at=None, settled_at=None)
    return bool(ours.update(smtp_code=getattr(said, "code", None), smtp_reply=said.text, **fields))


@transaction.atomic
def _sent(delivery, token, reply):
    if _mark(delivery.pk, token, reply, sent_at=clock.now()):
        arrived(delivery, f"by e-mail to {delivery.to_email}", on=clock.today(), by=None)


def _defer(delivery, token, no):
    """It is tried again after a pause, or given up when it has met nothing but temporary answers for too long. An
    answer about our pace is no attempt of this e-mail's."""
    now = clock.now()
    since = patience.deferred_since(delivery.deferred_at, due_at=delivery.due_at, at=now)
    if patience.is_over(since, at=now):
        _refuse(delivery, token, post.Refused(f"given up after three days of temporary answers, the last: {no.text}"))
    elif isinstance(no, post.Busy):
        pause = patience.when_busy(now - since)
        _put_back(delivery, token, no, pause=pause, deferred_at=since, attempts=F("attempts") - 1)
    else:
        _put_back(delivery, token, no, pause=patience.after_attempt(delivery.attempts), deferred_at=since)


def _put_back(delivery, token, no, *, pause, **fields):
    """It certainly did not leave, and waits for `pause`."""
    free = {"handoff_at": None, "lease_until": None, "claim_token": None, "due_at": clock.now() + pause}
    _mark(delivery.pk, token, no, **free, **fields)


@transaction.atomic
def _refuse(delivery, token, no):
    if _mark(delivery.pk, token, no, handoff_at=None, refused_at=clock.now()):
        tell(delivery, f"Refused by the mail server: {no}")


@transaction.atomic
def _leave_unknown(delivery, token, lost):
    if _mark(delivery.pk, token, lost, lease_until=clock.now()):
        tell(delivery, "The mail server had the whole letter, but its answer was lost: somebody has to decide")


# --- what people decide -----------------------------------------------------------------------------------------------


@transaction.atomic
def mark_posted(delivery, *, on, by):
    """A person put the letter into the post `on` that day. Raises Refused the second time."""
    if not Delivery.objects.to_post().filter(pk=delivery.pk).update(posted_on=on, posted_by_name=str(by)):
        raise Refused("This letter was already marked as posted.")
    letter = delivery.letter
    forwarded = f", forwarded to {', '.join(postroom.address_now(letter))}" if postroom.is_forwarded(letter) else ""
    arrived(delivery, f"by post{forwarded}", on=on, by=by)


@transaction.atomic
def mark_returned(delivery, *, reason, on, by):
    """The post brought the letter back `on` that day; what it said has not reached the customer. Raises Refused the
    second time, and for a letter that was never posted."""
    posted = Delivery.objects.posted().filter(pk=delivery.pk)
    if not posted.update(returned_on=on, returned_by_name=str(by), returned_reason=reason[:250]):
        raise Refused("This letter is not marked as posted, or came back already.")
    tell(delivery, "Brought back by the post", by=by, reason=reason)
    came_back(delivery, on=on, by=by)


@transaction.atomic
def leave_returned(delivery, *, reason, at, by):
    """A person decided that a letter that came back is not sent again. Raises Refused once somebody decided."""
    if not Delivery.objects.returned().filter(pk=delivery.pk).update(settled_at=at, settled_by_name=str(by)):
        raise Refused(NOT_RETURNED)
    undelivered.settled(delivery, on=timezone.localdate(at))
    tell(delivery, "Not sent again", by=by, reason=reason)


@transaction.atomic
def post_again(delivery, *, reason, by) -> Delivery:
    """A letter that came back, or whose e-mail was refused, waits for the post, to the address that we hold now. Raises
    Refused for any other, and for an address that no post can reach."""
    missing = Delivery.objects.returned() | Delivery.objects.refused()
    if not delivery.is_for_customer or not missing.filter(pk=delivery.pk).exists():
        raise Refused(NOT_RETURNED)
    if found := postroom.address_problems(delivery.letter):
        raise Refused(" ".join(found))
    again = _again(delivery, reason=reason, by_post=True, to_email=delivery.to_email)
    tell(again, f"Posted again, to {', '.join(postroom.address_now(delivery.letter))}", by=by, reason=reason)
    return again


@transaction.atomic
def settle_arrived(delivery, *, by, at):
    """A person found that an unknown e-mail did arrive. Raises Refused when it is not unknown."""
    unknown = Delivery.objects.unknown(at=at).filter(pk=delivery.pk)
    if not unknown.update(sent_at=at, settled_at=at, settled_by_name=str(by)):
        raise Refused("This delivery is not unknown any more. Look at it again.")
    arrived(delivery, f"by e-mail to {delivery.to_email}, as {by} found out", on=timezone.localdate(at), by=by)


@transaction.atomic
def send_again(delivery, *, reason, at, by, to_email="") -> Delivery:
    """A new e-mail takes the place of one that was refused or that nobody can finish sending any more, or of a letter
    that the post brought back; it may arrive twice if the first one did. Raises Refused for any other delivery, or when
    it was sent again already."""
    _refuse_while_it_may_go_on(delivery, at=at)
    unknown = Delivery.objects.unknown_for_good(at=at).filter(pk=delivery.pk)
    settled = unknown.update(settled_at=at, settled_by_name=str(by))
    missing = Delivery.objects.returned() | Delivery.objects.refused()
    if not settled and not missing.filter(pk=delivery.pk).exists():
        raise Refused("Only what was refused, came back or is unknown can be sent again, and only once.")
    again = _again(delivery, reason=reason, to_email=to_email or delivery.to_email)
    tell(again, f"Sent again to {again.to_email}", by=by, reason=reason)
    return again


def _refuse_while_it_may_go_on(delivery, *, at):
    early = Delivery.objects.unknown(at=at).filter(pk=delivery.pk, handoff_at__gt=at - OVER_AFTER).first()
    if early:
        raise Refused(
            f"It can be sent again from {timezone.localtime(early.over_at):%H:%M}. Until then a process that only "
            "stood still may finish sending the first one, and it would arrive twice."
        )


def _again(delivery, *, reason, **how):
    undelivered.settled(delivery, on=clock.today())
    return Delivery.objects.create(
        letter=delivery.letter,
        copy=delivery.copy,
        digest=delivery.digest,
        resend_of=delivery,
        resend_reason=reason,
        to_name=delivery.to_name,
        **how,
    )
