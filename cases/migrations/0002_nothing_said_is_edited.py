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
    dependencies = [("cases", "0001_complaints_cases_and_staff")]
    operations = [
        freeze("cases_case", COMPLAINT),
        freeze("cases_event", ["case_id", "kind", "text", "reason", "on", "at", "by_name"]),
        freeze("cases_point", ["case_id", "number", "text"]),
        freeze("cases_attachment", ["case_id", "file", "name", "content_type", "size", "sha256", "received_at"]),
        freeze(
            "cases_conversation",
            ["case_id", "person_id", "medium", "held_on", "said", "proposed", "by_name"],
        ),
        freeze("cases_involvement", ["account"], when="OLD.account <> ''"),
        freeze("cases_agreement", ["case_id", "agreed", "summary", "reason", "made_on", "by_name"]),
        freeze("cases_commitment", ["case_id", "agreement_id", "what", "owner_name", "due_on"]),
        freeze("cases_followup", ["case_id", "kind", "commitment_id", "involvement_id"]),
        freeze("cases_reminder", ["followup_id", "step", "to_name", "to_email"]),
    ]
