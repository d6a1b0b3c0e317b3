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
    dependencies = [("letters", "0003_approval_overrides_signatures_and_returned_post")]
    operations = [
        freeze("letters_letter", ISSUED, when="OLD.issued_on IS NOT NULL", deletion="OLD.issued_on IS NOT NULL"),
        freeze("letters_templateversion", ["template_id", "number", "subject", "body", "style", "paper", "made_at", "made_by_name"]),
        freeze("letters_copy", ["letter_id", "involvement_id", "name", "job_title", "email", "copy_as"]),
        freeze("letters_override", ["letter_id", "finding_key", "finding", "reason", "by_name", "at"]),
        freeze(
            "letters_delivery",
            ["letter_id", "copy_id", "digest_id", "resend_of_id", "by_post", "to_name", "to_email", "message_key"],
        ),
    ]
