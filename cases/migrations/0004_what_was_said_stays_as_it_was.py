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
    dependencies = [("cases", "0003_organisations_and_forms_of_copies")]
    operations = [
        freeze("cases_case", COMPLAINT),
        freeze("cases_involvement", ["account"], when="OLD.account <> ''"),
    ]
