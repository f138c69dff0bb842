"""Exchange rates on record: what the bank published after the history at hand, and what finance uploaded."""

from django.db import models
from django.db.models import F, Q

from projects.models.people import User


class ExchangeRate(models.Model):
    """One unit of `source` in `target` on a day; never changed, a correction is a newer row."""

    class Origin(models.TextChoices):
        """Who said so."""

        BANK = "bank", "European Central Bank"
        UPLOADED = "uploaded", "Uploaded"

    source = models.CharField(max_length=3)
    target = models.CharField(max_length=3)
    on = models.DateField()
    rate_e10 = models.BigIntegerField(help_text="Ten billionths: 1.0834 is 10834000000.")
    origin = models.CharField(max_length=10, choices=Origin)
    file_name = models.CharField(max_length=255, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["source", "target", "-on", "-recorded_at", "-pk"]
        indexes = [models.Index(fields=["source", "target", "-on"], name="rates_of_a_pair")]
        constraints = [
            models.CheckConstraint(condition=Q(rate_e10__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="exchange_rate_has_two_currencies"),
        ]

    def __str__(self) -> str:
        return f"{self.source} in {self.target} on {self.on}"
