"""What is done with a follow-up: it stays although the customer wrote, its day moves, or it is cancelled."""

from django.utils import timezone

from cases.admin.forms import DayField, HourField, VerbForm, WordsField
from cases.models import why_not_cancelled, why_not_moved

from .verb import Done, ReasonForm, Verb, verb


class MoveForm(VerbForm):
    edits, told_as = ("to", "hour"), ("followup moved",)

    to = DayField(label="To")
    hour = HourField(label="At", help_text="By the clock of the office.")
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")

    def prepare(self):
        self.fields["to"].widget.attrs["min"] = f"{self.on}"
        if self.about.due_at is None:
            del self.fields["hour"]
        else:
            self.initial.setdefault("hour", timezone.localtime(self.about.due_at).time())

    def stored(self):
        """Its day and hour now: of the row that took its place, once somebody moved it."""
        newest = self.about.newest()
        hour = newest.due_at and timezone.localtime(newest.due_at).time()
        return {"to": newest.due_on} | ({"hour": hour} if "hour" in self.fields else {})


class AboutFollowUp(Verb):
    about = "followups"

    def title(self, case, about):
        return f"{self.label}: {about}"


@verb
class Stays(AboutFollowUp):
    name, label, icon = "stays", "It stays as it is", "check"
    straight = True

    def offered(self, case, *, about=None, user=None):
        return about is None or bool(about.is_outstanding and about.wrote_at)

    def do(self, case, about, cleaned, *, on, by):
        case.hold_to(about, on=on, by=by)
        return Done(f"It stays: {about}.")


@verb
class MoveDay(AboutFollowUp):
    name, label, icon = "move", "Move", "event_upcoming"
    form = MoveForm
    guidance = "A day that the customer knows is a promise. Tell them of the new one before the old one has come."

    def offered(self, case, *, about=None, user=None):
        newest = about and about.newest()
        return newest is None or (newest.is_outstanding and not why_not_moved(newest))

    def do(self, case, about, cleaned, *, on, by):
        moved = case.move(about.newest(), **cleaned, on=on, by=by)
        return Done(f"Moved to {moved.due_on:%-d %B %Y}.")


@verb
class Cancel(AboutFollowUp):
    name, label, icon = "cancel", "Cancel", "close"
    form = ReasonForm
    guidance = "Nobody is reminded of it any more. Cancel what has become needless, never what has become late."

    def offered(self, case, *, about=None, user=None):
        return about is None or (about.is_outstanding and not why_not_cancelled(about))

    def do(self, case, about, cleaned, *, on, by):
        case.cancel(about, reason=cleaned["reason"], on=on, by=by)
        return Done("It is cancelled.")
