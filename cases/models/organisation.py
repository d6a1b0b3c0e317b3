from django.db import models


class Organisation(models.Model):
    """A part of the house that customers know by a name of its own: a brand, a company, an office. Its letters go out
    on its own paper."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name
