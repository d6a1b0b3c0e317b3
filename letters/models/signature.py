from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q


class SignatureQuerySet(models.QuerySet):
    def of(self, user, organisation):
        """How `user` signs for `organisation`, or else for the house itself; None where neither is set up."""
        own = self.filter(user=user)
        return own.filter(organisation=organisation).first() or own.filter(organisation=None).first()


class Signature(models.Model):
    """How somebody signs the letters of an organisation: as whom, and with which picture of their signature. Without
    one, a letter ends with their plain name and job title, and room for a pen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(
        "cases.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatures",
        help_text="Empty: in letters of the house itself.",
    )
    name = models.CharField("signs as", max_length=150, blank=True, help_text="Empty: the plain name.")
    job_title = models.CharField(max_length=100, blank=True, help_text="Empty: the job title of the user.")
    picture = models.FileField(
        upload_to="signatures", blank=True, validators=[FileExtensionValidator(["svg", "png", "jpg", "jpeg"])]
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ("user", "organisation")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(organisation__isnull=False),
                name="no_two_signatures_for_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(organisation=None), name="no_two_signatures_for_the_house"
            ),
        )

    def __str__(self):
        return self.name or str(self.user)
