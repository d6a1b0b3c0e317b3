from django.db import migrations, models

from casetracker.frozen import freeze, thaw

SAID = ["case_id", "person_id", "medium", "held_on", "said", "proposed", "by_name", "they_wrote", "submission_key"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_told_once_of_a_step_on_its_day")]
    operations = [
        thaw("cases_conversation"),
        migrations.AddField(
            "conversation",
            "they_wrote",
            models.BooleanField(
                default=False, help_text="The customer wrote or left word; nobody talked with them."
            ),
        ),
        migrations.AddField(
            "conversation",
            "submission_key",
            models.UUIDField(
                null=True,
                unique=True,
                help_text="One per form shown and words: what is sent twice is here once.",
            ),
        ),
        migrations.AlterField(
            "conversation",
            "medium",
            models.CharField(
                choices=[
                    ("phone", "Phone call"),
                    ("meeting", "Meeting"),
                    ("chat", "Chat"),
                    ("email", "E-mail"),
                    ("letter", "Letter"),
                    ("page", "Their own page"),
                ],
                default="phone",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "conversation",
            models.CheckConstraint(
                condition=models.Q(("they_wrote", False), ("person", None), _connector="OR"),
                name="nobody_else_writes_as_the_customer",
            ),
        ),
        freeze("cases_conversation", SAID),
        migrations.RemoveField("followup", "wrote_on"),
        migrations.AddField(
            "followup",
            "wrote_at",
            models.DateTimeField(
                null=True,
                help_text="When the customer wrote, while nobody has said yet whether this stays as it is.",
            ),
        ),
        migrations.AddIndex(
            "followup",
            models.Index(
                condition=models.Q(("wrote_at__isnull", False)), fields=["wrote_at"], name="followups_asked_about"
            ),
        ),
        freeze(
            "cases_followup", ["case_id", "kind", "commitment_id", "involvement_id", "deadline_id", "moved_from_id"]
        ),
    ]
