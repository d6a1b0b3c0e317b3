from django.db import models

from cases.models.append_only import AppendOnly
from cases.models.language import languages
from casetracker import clock

from .kind import Kind
from .letterhead import Paper, Style


class LetterTemplate(models.Model):
    """The words of one kind of letter in one language. Its versions hold the words; the newest is used."""

    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10, choices=languages)

    class Meta:
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(fields=["kind", "language"], name="no_two_templates_of_a_kind_in_a_language"),
        )

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_language_display()}"


class TemplateVersion(AppendOnly):
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown with Liquid placeholders.")
    style = models.CharField(
        "format", max_length=15, choices=Style, blank=True, help_text="Empty: as the letterhead has it."
    )
    paper = models.CharField(max_length=10, choices=Paper, blank=True, help_text="Empty: as the letterhead has it.")
    made_at = models.DateTimeField(default=clock.now)
    made_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["template", "number"], name="no_two_template_versions_with_one_number"),
        )

    def __str__(self):
        return f"{self.template}, version {self.number}"
