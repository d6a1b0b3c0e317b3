"""Rows that are written once. The database refuses the rest (see the migrations named "nothing said is edited"); this
class gives the refusal a sentence before the database has to."""

from django.db import models


class WrittenOnce(Exception):
    """Somebody tried to change or delete what came in or was said. A correction is a new row."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes):
        raise WrittenOnce(f"{self.model._meta.verbose_name_plural} are never changed; add a new one.")

    def delete(self):
        raise WrittenOnce(f"{self.model._meta.verbose_name_plural} are never deleted.")

    bulk_update = update


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk and not self._state.adding:
            raise WrittenOnce(f"A {self._meta.verbose_name} is never changed; add a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise WrittenOnce(f"A {self._meta.verbose_name} is never deleted.")
