from django.db import models


class Sweep(models.Model):
    """The clockwork's heartbeat: when each of its sweeps ran last, and how it went. A row a sweep."""

    name = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Empty: it is at work, or died at it.")
    done = models.PositiveIntegerField(default=0, help_text="How many rows it dealt with.")
    failed = models.PositiveIntegerField(default=0, help_text="How many it had to set aside.")
    error = models.TextField(blank=True, help_text="Why it did not end; empty when it did.")

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name

    @property
    def last_sign_at(self):
        return max(filter(None, (self.began_at, self.ended_at)))
