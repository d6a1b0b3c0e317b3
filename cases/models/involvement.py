from django.conf import settings
from django.db import models
from django.db.models import Q


class Part(models.TextChoices):
    CONCERNED = "concerned", "Concerned: the complaint is about them"
    WITNESS = "witness", "Witness: saw or heard it"
    HANDLER = "handler", "Handler: dealt with the customer"
    INFORMED = "informed", "Informed: to learn from it"

    @property
    def short(self):
        return self.label.split(":")[0]


class CopyAs(models.TextChoices):
    """How somebody involved gets to read the final letter."""

    LETTER = "letter", "The whole letter"
    SUMMARY = "summary", "A summary without the customer's personal data"

    @classmethod
    def usual(cls, part):
        """Who only learns from the matter needs no customer's name and address for it."""
        return cls.SUMMARY if part == Part.INFORMED else cls.LETTER


class InvolvementQuerySet(models.QuerySet):
    def owing_an_account(self):
        return self.exclude(part=Part.INFORMED).filter(account_given_on=None, waived_on=None)


class Involvement(models.Model):
    """A person of ours and their part in the matter. They give an account (or are waived with a reason), and get a copy
    of the resolution letter. Name and address stay here when the user is gone."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="involvements")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="involvements",
    )
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail", blank=True)
    job_title = models.CharField(max_length=100, blank=True)
    part = models.CharField(max_length=10, choices=Part)
    why = models.CharField("how they were involved", max_length=250)
    copy_as = models.CharField("gets", max_length=10, choices=CopyAs, default=CopyAs.LETTER)
    account_asked_on = models.DateField(null=True, editable=False)
    account_due_on = models.DateField(null=True, editable=False)
    account = models.TextField(blank=True)
    account_given_on = models.DateField(null=True, editable=False)
    waived_on = models.DateField(null=True, editable=False)
    waived_reason = models.TextField(blank=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(copy_as__in=CopyAs.values), name="no_unknown_form_of_a_copy"),
            models.UniqueConstraint(
                fields=["case", "user"],
                condition=Q(user__isnull=False),
                name="nobody_involved_twice_in_a_case",
            ),
            models.CheckConstraint(
                condition=Q(account_given_on=None, account="") | (Q(account_given_on__isnull=False) & ~Q(account="")),
                name="no_account_without_words_and_day",
            ),
            models.CheckConstraint(
                condition=Q(waived_on=None, waived_reason="") | (Q(waived_on__isnull=False) & ~Q(waived_reason="")),
                name="no_account_waived_without_reason",
            ),
            models.CheckConstraint(
                condition=Q(account_asked_on=None, account_due_on=None)
                | Q(account_asked_on__isnull=False, account_due_on__isnull=False),
                name="no_account_asked_without_a_day",
            ),
        )

    def __str__(self):
        return f"{self.name} ({Part(self.part).short.lower()})"

    @property
    def owes_an_account(self) -> bool:
        return self.part != Part.INFORMED and not self.account_given_on and not self.waived_on
