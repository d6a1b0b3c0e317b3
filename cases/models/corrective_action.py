from django.conf import settings
from django.db import models
from django.db.models import Q

from .root_cause import RootCause


class CorrectiveActionQuerySet(models.QuerySet):
    def outstanding(self):
        return self.filter(done_on=None)

    def overdue(self, *, on):
        return self.outstanding().filter(due_on__lt=on)

    def to_check(self, *, on):
        """Done, and the day has come on which somebody looks whether it helped."""
        return self.filter(done_on__isnull=False, checked_on=None, check_on__lte=on)


class CorrectiveAction(models.Model):
    """What is done so that a cause stops causing complaints: who, by when, and whether it helped."""

    cause = models.CharField(max_length=30, choices=RootCause)
    what = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_name = models.CharField(max_length=200)
    cases = models.ManyToManyField("cases.Case", blank=True, related_name="corrective_actions")
    opened_on = models.DateField()
    opened_by_name = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    done_how = models.TextField(blank=True)
    check_on = models.DateField(help_text="When somebody looks whether it helped.")
    checked_on = models.DateField(null=True, blank=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    effective = models.BooleanField(null=True)
    found = models.TextField("what was found", blank=True)

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(what=""), name="no_corrective_action_without_words"),
            models.CheckConstraint(condition=Q(check_on__gte=models.F("due_on")), name="no_check_before_it_is_due"),
            models.CheckConstraint(
                condition=Q(done_on=None, done_how="") | (Q(done_on__isnull=False) & ~Q(done_how="")),
                name="no_corrective_action_done_without_saying_how",
            ),
            models.CheckConstraint(
                condition=Q(checked_on=None, effective=None, found="", checked_by_name="")
                | (Q(checked_on__isnull=False, effective__isnull=False, done_on__isnull=False) & ~Q(found="")),
                name="no_check_without_its_finding",
            ),
        )

    def __str__(self):
        return self.what
