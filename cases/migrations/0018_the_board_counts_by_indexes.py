from django.db import migrations, models


STATISTICS = {
    "followups_done_or_cancelled": "done_on, cancelled_on FROM cases_followup",
    "commitments_kept_or_dropped": "kept_on, dropped_on FROM cases_commitment",
}


def know_what_is_rare(apps, schema_editor):
    """PostgreSQL takes columns for independent, and so what is neither done nor cancelled for many times as much as it
    is: it would read whole tables where an index holds the few. SQLite takes the index anyway."""
    if schema_editor.connection.vendor == "postgresql":
        for name, what in STATISTICS.items():
            schema_editor.execute(f"CREATE STATISTICS {name} (mcv) ON {what}")


def forget_it(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in STATISTICS:
            schema_editor.execute(f"DROP STATISTICS {name}")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0017_cases_are_found_by_their_words'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_on__isnull', False)), fields=['closed_on'], name='cases_by_day_closed'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('dropped_on', None), ('kept_on', None)), fields=['case'], name='commitments_outstanding'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('person', None), ('they_wrote', False)), fields=['held_on', 'case'], name='talks_with_customers_by_day'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('void_on', None)), fields=['due_on'], name='deadlines_by_day_due'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('met_on__isnull', False)), fields=['met_on'], name='deadlines_by_day_met'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind__in', ['acknowledge', 'investigate', 'talk', 'agree', 'document', 'closed'])), fields=['on', 'case'], name='events_that_are_moves'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('cancelled_on', None), ('done_on', None)), fields=['kind', 'due_on', 'case'], name='followups_outstanding_by_kind'),
        ),
        migrations.RunPython(know_what_is_rare, forget_it),
    ]
