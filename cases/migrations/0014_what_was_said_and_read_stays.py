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
SAID = [
    "case_id",
    "person_id",
    "medium",
    "held_on",
    "said",
    "proposed",
    "recording",
    "by_name",
    "they_wrote",
    "submission_key",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_teams_playbook_and_corrective_actions")]
    operations = [
        freeze("cases_case", COMPLAINT),
        freeze("cases_conversation", SAID),
        freeze("cases_commitment", ["case_id", "agreement_id", "conversation_id", "what", "owner_name", "due_on"]),
        freeze("cases_conduct", ["case_id", "conversation_id", "step", "words", "on", "by_name"]),
        freeze("cases_playbookversion", ["entry", "language", "number", "do", "say", "at", "by_name"]),
        freeze("cases_reading", ["case_id", "what", "at", "by_name"]),
    ]
