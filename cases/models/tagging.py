"""Words of the house's own by which cases are found together."""

from django.db import models, transaction

from .moving import Refused
from .tag import Tag


class Tagging(models.Model):
    class Meta:
        abstract = True

    @transaction.atomic
    def tag(self, name, *, on, by):
        """The case has the tag `name`, which is made where there is none of that name yet. Raises Refused when the case
        has it already."""
        tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
        if self.tags.filter(pk=tag.pk).exists():
            raise Refused(f"It has the tag “{tag}” already.")
        self.tags.add(tag)
        self.record("tagged", f"Tagged “{tag}”.", on=on, by=by)

    @transaction.atomic
    def untag(self, name, *, on, by):
        """The case has the tag `name` no more. Raises Refused when it had not."""
        tag = self.tags.filter(name__iexact=name).first()
        if tag is None:
            raise Refused(f"It has no tag “{name}”.")
        self.tags.remove(tag)
        self.record("untagged", f"The tag “{tag}” was taken off.", on=on, by=by)
