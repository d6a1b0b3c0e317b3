from django.db import migrations

from casetracker.frozen import freeze

COMPLAINT = [
    "reference",
    "page_key",
    "customer_id",
    "channel",
    "received_on",
    "language",
    "subject",
    "story",
    "wanted",
    "order_reference",
    "product",
    "topic",
    "source",
    "external_id",
    "submission_key",
    "logged_at",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_deadlines_and_their_followups")]
    operations = [
        freeze("cases_case", COMPLAINT),
        freeze(
            "cases_attachment",
            ["case_id", "commitment_id", "file", "name", "content_type", "size", "sha256", "received_at"],
        ),
        freeze("cases_deadline", ["case_id", "regime", "step", "occurrence", "anchored_on", "anchored_at"]),
        freeze(
            "cases_extension",
            ["deadline_id", "number", "unit", "old_due_on", "new_due_on", "reason", "letter", "on", "by_name"],
        ),
        freeze("cases_pause", ["case_id", "paused_on", "reason", "by_name"]),
        freeze("cases_retiming", ["deadline_id", "old_due_on", "new_due_on", "why", "on", "by_name"]),
        freeze(
            "cases_followup",
            ["case_id", "kind", "commitment_id", "involvement_id", "deadline_id", "moved_from_id"],
        ),
        freeze("cases_reminder", ["followup_id", "step", "to_name", "to_email", "urgent", "planned_at", "made_at"]),
    ]
