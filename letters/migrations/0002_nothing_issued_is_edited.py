from django.db import migrations

from casetracker.frozen import freeze

ISSUED = [
    "case_id",
    "kind",
    "language",
    "template_version_id",
    "corrects_id",
    "salutation",
    "subject",
    "body",
    "close",
    "drafted_at",
    "drafted_by_name",
    "edited_at",
    "discarded_on",
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
    dependencies = [("letters", "0001_letters_copies_and_deliveries")]
    operations = [
        freeze("letters_letter", ISSUED, when="OLD.issued_on IS NOT NULL", deletion="OLD.issued_on IS NOT NULL"),
        freeze("letters_templateversion", ["template_id", "number", "subject", "body", "made_at", "made_by_name"]),
        freeze("letters_copy", ["letter_id", "involvement_id", "name", "job_title", "email"]),
        freeze(
            "letters_delivery",
            ["letter_id", "copy_id", "digest_id", "resend_of_id", "by_post", "to_name", "to_email", "message_key"],
        ),
    ]
