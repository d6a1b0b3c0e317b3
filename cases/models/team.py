from django.db import models


class Team(models.Model):
    """People who work on the same cases. Who is in a team sees its cases and those that belong to no team
    (`CaseQuerySet.visible_to`); a house that sets up none notices nothing."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name
