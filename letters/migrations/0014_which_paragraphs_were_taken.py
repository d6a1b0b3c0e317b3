from django.db import migrations, models

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
    "parts",
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
    dependencies = [("letters", "0013_the_board_counts_letters_by_indexes")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="parts",
            field=models.JSONField(
                default=list,
                help_text="Of a template with optional paragraphs: what it was made of, and which were taken.",
            ),
        ),
        freeze("letters_letter", ISSUED, when="OLD.issued_on IS NOT NULL", deletion="OLD.issued_on IS NOT NULL"),
    ]
