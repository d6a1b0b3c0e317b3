from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from casetracker import clock

from .append_only import AppendOnly, AppendOnlyQuerySet
from .language import languages


class PlaybookVersionQuerySet(AppendOnlyQuerySet):
    def newest(self):
        """Of each entry in each language, the version that holds."""
        later = PlaybookVersion.objects.filter(
            entry=OuterRef("entry"), language=OuterRef("language"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class PlaybookVersion(AppendOnly):
    """An entry of the playbook as a lead wrote it, in one language. The newest stands in place of the starter's words
    (cases/playbook/); without one these hold."""

    entry = models.CharField(max_length=60, help_text="Such as “stage:talk” or “situation:angry”.")
    language = models.CharField(max_length=10, choices=languages)
    number = models.PositiveIntegerField()
    do = models.TextField("what to do", blank=True, help_text="A line each.")
    say = models.TextField("what one might say", blank=True, help_text="A line each.")
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    objects = PlaybookVersionQuerySet.as_manager()

    class Meta:
        ordering = ("entry", "language", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["entry", "language", "number"], name="no_two_versions_of_an_entry_with_one_number"
            ),
        )

    def __str__(self):
        return f"{self.entry}, version {self.number}"
