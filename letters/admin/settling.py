"""What people decide about envelopes: each decision has its form, says what follows from it, and calls one thing."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.admin.desk import dress
from cases.admin.forms import DayField, WordsField, helper
from cases.admin.tabs import waits_as
from casetracker import clock
from letters import dispatch

# Why the post brings a letter back, as it marks it.
REASONS = (
    "moved away",
    "unknown at this address",
    "address incomplete or wrong",
    "not collected",
    "refused by the addressee",
    "addressee has died",
    "no reason given",
)


class DeliveryForm(forms.Form):
    def __init__(self, *args, delivery, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.delivery, self.on = delivery, on
        self.prepare()
        dress(self)
        self.helper = helper()

    def prepare(self):
        """Fit the fields to the delivery."""


class PostedForm(DeliveryForm):
    posted_on = DayField(label="Posted on")

    def prepare(self):
        self.initial.setdefault("posted_on", self.on)
        self.fields["posted_on"].widget.attrs |= {"max": f"{self.on}"}

    def clean_posted_on(self):
        day = self.cleaned_data["posted_on"]
        issued_on = self.delivery.letter.issued_on
        if not issued_on <= day <= self.on:
            raise ValidationError(f"Enter a day from {issued_on:%-d %B %Y} to {self.on:%-d %B %Y}.")
        return day


class ReturnedForm(DeliveryForm):
    returned_on = DayField(label="Came back on")
    reason = forms.ChoiceField(label="Why", choices=[(reason, reason.capitalize()) for reason in REASONS])
    more = forms.CharField(label="What else the envelope says", max_length=200, required=False)

    def prepare(self):
        self.initial.setdefault("returned_on", self.on)
        self.fields["returned_on"].widget.attrs |= {"max": f"{self.on}"}

    def clean_returned_on(self):
        day, posted_on = self.cleaned_data["returned_on"], self.delivery.posted_on
        if posted_on and not posted_on <= day <= self.on:
            raise ValidationError(f"Enter a day from {posted_on:%-d %B %Y} to {self.on:%-d %B %Y}.")
        return day


class ReasonForm(DeliveryForm):
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")


class AgainForm(DeliveryForm):
    to_email = forms.EmailField(label="To")
    reason = WordsField(label="Why", rows=3, max_length=2_000, help_text="The history keeps it.")

    def prepare(self):
        now = self.delivery.letter.case.customer.email if self.delivery.is_for_customer else ""
        self.initial.setdefault("to_email", now or self.delivery.to_email)


@dataclass(frozen=True)
class Decision:
    """Something that a person decides about a delivery that stands as one of `fits`."""

    label: str
    guidance: str
    form: type
    fits: tuple
    do: object
    by_post: bool = False  # it is about the address on the envelope

    def is_open(self, delivery, *, stands) -> bool:
        return stands in self.fits and (delivery.is_for_customer or not self.by_post)


def mark_posted(delivery, cleaned, *, by):
    dispatch.mark_posted(delivery, on=cleaned["posted_on"], by=by)
    return "Marked as posted."


def mark_returned(delivery, cleaned, *, by):
    reason = f"{cleaned['reason']}: {cleaned['more']}" if cleaned["more"] else cleaned["reason"]
    dispatch.mark_returned(delivery, reason=reason, on=cleaned["returned_on"], by=by)
    return "It came back. Decide what becomes of it under Returned."


def post_again(delivery, cleaned, *, by):
    dispatch.post_again(delivery, reason=cleaned["reason"], by=by)
    return "It waits with the day's post."


def leave_returned(delivery, cleaned, *, by):
    dispatch.leave_returned(delivery, reason=cleaned["reason"], at=clock.now(), by=by)
    return "It is not sent again."


def settle_arrived(delivery, cleaned, *, by):
    dispatch.settle_arrived(delivery, at=clock.now(), by=by)
    return "It counts as delivered."


def send_again(delivery, cleaned, *, by):
    dispatch.send_again(delivery, **cleaned, at=clock.now(), by=by)
    return f"It goes out again, to {cleaned['to_email']}."


DECISIONS = {
    "posted": Decision(
        "Mark as posted",
        "The day on which the letter was put into the post counts as the day on which it reached the customer.",
        PostedForm,
        ("to_post",),
        mark_posted,
    ),
    "returned": Decision(
        "It came back",
        "The letter no longer counts as having reached the customer. If it was the acknowledgement or the final "
        "letter, the case waits for it again.",
        ReturnedForm,
        ("posted",),
        mark_returned,
    ),
    "post-again": Decision(
        "Post again",
        "What was issued is printed again, word for word.",
        ReasonForm,
        ("returned", "refused"),
        post_again,
        by_post=True,
    ),
    "email": Decision(
        "Send by e-mail",
        "What was issued goes out as a PDF, word for word, once the customer has told us an e-mail address.",
        AgainForm,
        ("returned",),
        send_again,
    ),
    "leave": Decision(
        "Leave it",
        "It is not sent again. The letter still counts as not having reached the customer.",
        ReasonForm,
        ("returned",),
        leave_returned,
    ),
    "arrived": Decision(
        "It arrived",
        "Only if you know it: the customer said so, or the mail server's log does.",
        DeliveryForm,
        ("unknown",),
        settle_arrived,
    ),
    "again": Decision(
        "Send again",
        "If the first one did arrive after all, it arrives twice. Correct the address if that was the reason.",
        AgainForm,
        ("unknown", "refused"),
        send_again,
    ),
}


def open_for(delivery, *, at):
    """The decisions that are open for `delivery`, by name."""
    stands = waits_as(delivery, at=at) or ("posted" if delivery.posted_on and not delivery.returned_on else "")
    for name, decision in DECISIONS.items():
        if decision.is_open(delivery, stands=stands) and not (name == "again" and _goes_on(delivery, stands, at=at)):
            yield name, decision


def later_for(delivery, *, at) -> str:
    """What will be open for `delivery`, and when; empty for most."""
    if not _goes_on(delivery, waits_as(delivery, at=at), at=at):
        return ""
    return f"Can be sent again from {timezone.localtime(delivery.over_at):%H:%M}"


def _goes_on(delivery, stands, *, at) -> bool:
    """It is unknown, and whoever was sending it may still finish."""
    return stands == "unknown" and delivery.over_at > at
