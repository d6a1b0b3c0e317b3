from django.db import models
from django_countries.fields import CountryField


class Organisation(models.Model):
    """A part of the house that customers know by a name of its own: a brand, a company, an office. Its letters go out
    on its own paper, its days are counted by its own calendar, and its complaints may go by the rules of a regime."""

    name = models.CharField(max_length=100, unique=True)
    country = CountryField(blank=True, help_text="Whose working days count. Empty: the house's.")
    region = models.CharField(
        max_length=10, blank=True, help_text="A part of the country with holidays of its own, such as SCT or NSW."
    )
    regime = models.CharField(
        "rules", max_length=40, blank=True, help_text="Which rules new complaints go by besides the house's own."
    )

    team = models.ForeignKey(
        "cases.Team",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
        help_text="Whose its new complaints are; empty: everybody's.",
    )

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name
