from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list as somebody likes to look at it: its filters, its search and its order, under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    page = models.CharField(max_length=60, default="cases_case_changelist", help_text="The name of the list's address.")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2_000, blank=True, help_text="What stands behind the “?” of its address.")
    shared = models.BooleanField(default=False, help_text="Everybody sees it.")

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["owner", "page", "name"], name="no_two_views_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="no_view_without_a_name"),
        )

    def __str__(self):
        return self.name
