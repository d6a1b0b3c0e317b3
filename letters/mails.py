"""What the e-mails say: the letter to the customer, its copies and summaries, and the staff's reminders."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import CopyAs
from letters import library, markdown, post, redaction, reminding, stamp


def message(delivery, *, at):
    """The e-mail of `delivery`, to one person, dated `at`."""
    subject, text = _words(delivery)
    return post.compose(
        to_name=delivery.to_name,
        to_address=delivery.to_email,
        subject=subject,
        text=text,
        message_id=delivery.message_id,
        at=at,
        headers={post.SEAL: delivery.seal},
        attachments=_attached(delivery),
    )


def _words(delivery) -> tuple[str, str]:
    """Subject and text. The customer's can be read without opening the PDF, in the letter's own language."""
    letter = delivery.letter
    values = {"delivery": delivery, "letter": letter, "site": settings.SITE_URL}
    if letter is None:
        name = "digest"
        values |= reminding.values(delivery.digest)
    elif _is_summary(delivery):
        name = "summary"
        values |= _learned(letter.case, delivery.copy.involvement)
    elif delivery.copy_id:
        name = "copy"
    else:
        name = "letter"
        values |= {
            "words": library.phrases(letter.language)["mail"],
            "body": markdown.text(letter.body),
            "page": "" if letter.involvement_id else _page(letter.case),
        }
    head, _, text = render_to_string(f"emails/{name}.txt", values).partition("\n")
    return head.removeprefix("Subject:").strip(), text.strip() + "\n"


def _page(case) -> str:
    """The address of the customer's own page, for nobody else's eyes."""
    return settings.SITE_URL + reverse("cases:my_case", args=[case.page_key])


def _is_summary(delivery) -> bool:
    return delivery.copy_id is not None and delivery.copy.copy_as == CopyAs.SUMMARY


def _learned(case, involvement) -> dict:
    """What the letter is about and how its reader was involved, without the customer's personal data."""
    person = case.customer
    secrets = (person.email, str(person.phone), *person.street.splitlines(), person.postcode, case.order_reference)

    def safe(text):
        return redaction.redacted(text, name=person.name, withheld=secrets)

    settled = case.agreement()
    return {
        "why": safe(involvement.why),
        "points": [
            {
                "number": point.number,
                "text": safe(point.text),
                "finding": safe(point.finding),
                "outcome": point.get_outcome_display(),
            }
            for point in case.points.all()
        ],
        "agreed": safe(settled.summary) if settled else "",
        "commitments": [
            {"what": safe(promise.what), "due_on": promise.due_on, "owner_name": promise.owner_name}
            for promise in case.promises()
        ],
        "learned": safe(case.prevention),
    }


def _attached(delivery):
    letter = delivery.letter
    if letter is None or _is_summary(delivery):
        return
    pdf = bytes(letter.pdf)
    if delivery.copy_id:
        pdf = stamp.marked(pdf, library.copy_line(delivery.copy, letter.language), language=letter.language)
    yield post.Attachment(letter.file_name, "application/pdf", pdf)
    for enclosure in letter.enclosures.all():
        yield post.Attachment(enclosure.file_name, "application/pdf", bytes(enclosure.content))
