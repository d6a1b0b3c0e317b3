"""What the e-mails say: the letter to the customer, its copies, and the staff's reminders."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from letters import library, markdown, post


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
        attachments=_attached(delivery.letter) if delivery.letter else (),
    )


def _words(delivery) -> tuple[str, str]:
    """Subject and text. The customer's can be read without opening the PDF, in the letter's own language."""
    letter = delivery.letter
    values = {"delivery": delivery, "letter": letter, "site": settings.SITE_URL}
    if letter is None:
        name = "digest"
    elif delivery.copy_id:
        name = "copy"
    else:
        name = "letter"
        values |= {
            "words": library.phrases(letter.language)["mail"],
            "body": markdown.text(letter.body),
            "page": settings.SITE_URL + reverse("cases:my_case", args=[letter.case.page_key]),
        }
    head, _, text = render_to_string(f"emails/{name}.txt", values).partition("\n")
    return head.removeprefix("Subject:").strip(), text.strip() + "\n"


def _attached(letter):
    yield post.Attachment(letter.file_name, "application/pdf", bytes(letter.pdf))
    for enclosure in letter.enclosures.all():
        yield post.Attachment(enclosure.name, "application/pdf", bytes(enclosure.content))
