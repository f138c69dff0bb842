"""Statements: what a contractor handed to somebody else, kept so that it can be shown to be genuine."""

from django.db import models

from projects.models.people import Contractor


class Statement(models.Model):
    """One statement of interrupted work, frozen when it was made; its code proves it until it is revoked."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="statements")
    code = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    document = models.JSONField()
    totals = models.JSONField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="statement_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Statement {self.code}"
