from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_what_the_customer_writes")]
    operations = [
        migrations.AlterModelOptions("followup", {"ordering": ("due_on", "pk"), "verbose_name": "follow-up"}),
    ]
