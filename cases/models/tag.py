from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Tag(models.Model):
    """A word of the house's own by which cases are found together."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="no_tag_twice"),
            models.CheckConstraint(condition=~Q(name=""), name="no_tag_without_a_name"),
        )

    def __str__(self):
        return self.name
