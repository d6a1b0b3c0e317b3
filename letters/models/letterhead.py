from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django_countries.fields import CountryField


class Style(models.TextChoices):
    BLOCK = "block", "Block: everything at the left margin"
    MODIFIED_BLOCK = "modified_block", "Modified block: date and close at the middle"
    SEMI_BLOCK = "semi_block", "Semi-block: modified block with indented paragraphs"


class Paper(models.TextChoices):
    A4 = "a4", "A4"
    US_LETTER = "us_letter", "US Letter"


class LetterheadQuerySet(models.QuerySet):
    def in_use(self, organisation):
        """The newest of `organisation` (None: of the house itself); None where there is none."""
        return self.filter(organisation=organisation).order_by("pk").last()


class Letterhead(models.Model):
    """Whose paper it is: name, address, logo, format. Of each organisation, and of the house itself, the newest row is
    the one in use."""

    organisation = models.ForeignKey(
        "cases.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letterheads",
        help_text="Empty: the paper of the house itself.",
    )
    name = models.CharField(max_length=100)
    street = models.CharField(max_length=250)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = CountryField()
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.CharField(max_length=100, blank=True)
    registration_line = models.CharField(max_length=250, blank=True)
    colour = models.CharField(
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write it like #1f4e79.")],
    )
    style = models.CharField("format", max_length=15, choices=Style, default=Style.BLOCK)
    paper = models.CharField(max_length=10, choices=Paper, default=Paper.A4)
    logo = models.FileField(
        upload_to="letterhead", blank=True, validators=[FileExtensionValidator(["svg", "png", "jpg", "jpeg"])]
    )

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        get_latest_by = "pk"

    def __str__(self):
        return self.name
