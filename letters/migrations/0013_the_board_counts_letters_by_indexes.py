from django.db import migrations, models


STATISTICS = {
    "deliveries_by_post": "by_post, posted_on, returned_on FROM letters_delivery",
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
        ('letters', '0012_cases_are_found_by_their_letters'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('by_post', True), ('posted_on', None)), fields=['letter'], name='deliveries_to_post'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('refused_at__isnull', False)), fields=['letter'], name='deliveries_refused'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('returned_on__isnull', False)), fields=['letter'], name='deliveries_returned'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('discarded_on', None), ('issued_on', None)), fields=['case'], name='letters_still_drafts'),
        ),
        migrations.RunPython(know_what_is_rare, forget_it),
    ]
