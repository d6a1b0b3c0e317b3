from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django_countries.fields import CountryField
from phonenumber_field.modelfields import PhoneNumberField

from .followup import Through
from .language import languages


class Title(models.TextChoices):
    MS = "Ms", "Ms"
    MRS = "Mrs", "Mrs"
    MR = "Mr", "Mr"
    MX = "Mx", "Mx"
    DR = "Dr", "Dr"
    PROF = "Prof", "Prof"


class Customer(models.Model):
    """Somebody who complained, as they told us. The same person writing twice is two rows until a person of ours says
    that they are the same (`same_as`)."""

    name = models.CharField(max_length=150, blank=True)
    title = models.CharField(max_length=10, choices=Title, blank=True)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField(blank=True)
    street = models.CharField("street and house", max_length=250, blank=True)
    city = models.CharField("town or city", max_length=100, blank=True)
    region = models.CharField("county, state or region", max_length=100, blank=True)
    postcode = models.CharField("postcode", max_length=20, blank=True)
    country = CountryField(blank=True)
    language = models.CharField(max_length=10, choices=languages, default="en")
    large_print = models.BooleanField(default=False, help_text="Letters to this customer are set in large type.")
    wants_post = models.BooleanField(
        "letters by post", default=False, help_text="Letters go by post although there is an e-mail address."
    )
    no_phone = models.BooleanField(
        "no phone calls", default=False, help_text="They cannot, or do not want to, be rung up."
    )
    adjustments = models.CharField(
        max_length=250,
        blank=True,
        help_text="What else we do differently for them, such as “short sentences”.",
    )
    vulnerability = models.CharField(
        max_length=250,
        blank=True,
        help_text="What makes it harder for them to deal with us, as they told us. Never printed.",
    )
    notes = models.TextField(
        blank=True, help_text="What colleagues should know when they talk to this customer. Never printed."
    )
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="other_rows", editable=False
    )

    class Meta:
        indexes = (
            models.Index(fields=["email"], name="customer_by_email"),
            models.Index(Upper("email"), name="customer_by_email_any_case"),  # how iexact asks
            models.Index(fields=["phone"], name="customer_by_phone"),
            models.Index(fields=["name"], name="customer_by_name"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | ~Q(same_as=models.F("pk")),
                name="no_customer_is_the_same_as_itself",
            ),
        )

    def __str__(self):
        return self.name or str(self.email) or str(self.phone) or "Unknown customer"

    def look_alikes(self):
        """Other customers with the same e-mail address or phone number: perhaps the same person."""
        alike = Q()
        if self.email:
            alike |= Q(email__iexact=self.email)
        if self.phone:
            alike |= Q(phone=self.phone)
        return Customer.objects.filter(alike).exclude(pk=self.pk) if alike else Customer.objects.none()

    def everywhere(self):
        """All rows that a person of ours has said are this one customer, this row included."""
        head = self.same_as_id or self.pk
        return Customer.objects.filter(Q(pk=head) | Q(same_as=head))

    @property
    def can_be_posted_to(self) -> bool:
        return bool(self.street and self.city and self.country)

    @property
    def is_rung_up(self) -> bool:
        return bool(self.phone) and not self.no_phone

    def reached_through(self) -> str:
        """How somebody gets in touch with them at once."""
        return Through.PHONE if self.is_rung_up else Through.EMAIL
