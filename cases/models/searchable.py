from django.db import models


class Searchable(models.Model):
    """The words by which a case is found, on PostgreSQL alone. Triggers write it, whoever changes what it is made of
    and through whichever door; nobody else does."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="searchable"
    )
    names = models.TextField(help_text="Of the customer and of all involved, as they are compared.")
    vector = models.TextField(help_text="A tsvector.")

    class Meta:
        managed = False
        db_table = "cases_searchable"

    def __str__(self):
        return self.names
