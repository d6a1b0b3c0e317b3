from django.db import migrations

from casetracker.frozen import freeze

ISSUED = [
    "case_id",
    "kind",
    "involvement_id",
    "language",
    "template_version_id",
    "corrects_id",
    "salutation",
    "subject",
    "body",
    "close",
    "facts",
    "drafted_at",
    "drafted_by_name",
    "edited_at",
    "discarded_on",
    "approval_asked_at",
    "approval_asked_by_name",
    "approved_at",
    "approved_by_name",
    "sent_back_at",
    "sent_back_by_name",
    "sent_back_comment",
    "issued_on",
    "issued_at",
    "issued_by_name",
    "register_year",
    "register_number",
    "pdf",
    "sha256",
    "sheet",
]


class Migration(migrations.Migration):
    dependencies = [("letters", "0008_what_follows_from_a_letter")]
    operations = [
        freeze("letters_letter", ISSUED, when="OLD.issued_on IS NOT NULL", deletion="OLD.issued_on IS NOT NULL"),
        freeze(
            "letters_delivery",
            ["letter_id", "copy_id", "digest_id", "resend_of_id", "by_post", "to_name", "to_email", "message_key"],
        ),
    ]
