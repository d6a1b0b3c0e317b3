from dataclasses import replace

from django.conf import settings
from django.db import models
from django.db.models import Q

from .append_only import AppendOnly


class RuleCheck(AppendOnly):
    """Somebody of ours compared a version of a rule pack with its source. It counts for that very text: when the file
    says something else, nobody has checked it."""

    regime = models.CharField(max_length=40)
    version = models.DateField()
    fingerprint = models.CharField(max_length=64, help_text="Of what the file said.")
    compared_with = models.TextField(help_text="Which text, in which edition, and what was found.")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(compared_with=""), name="no_rules_checked_without_a_text"),)

    def __str__(self):
        return f"{self.regime} of {self.version}, checked by {self.by_name}"


def as_checked(packs) -> list:
    """These packs, each knowing who of ours has checked its very text last."""
    found = {check.fingerprint: check for check in RuleCheck.objects.all()}
    return [_as_checked(pack, found.get(pack.fingerprint)) for pack in packs]


def _as_checked(pack, check):
    return replace(pack, checked_by=check.by_name, checked_on=check.on) if check and not pack.ours else pack
