"""Report runs: a report as it was pulled, frozen with its parameters and checksum."""

import uuid

from django.db import models

from projects.models.people import User


class ReportRun(models.Model):
    """One pulled report; pulled again for the same `as_of` it gives the same figures."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    as_of = models.DateField()
    parameters = models.JSONField(default=dict)
    code_version = models.CharField(max_length=40)
    inputs_fingerprint = models.CharField(max_length=64)
    checksum = models.CharField(max_length=64)
    rows = models.JSONField()
    pulled_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pulled_at", "-pk"]
        indexes = [models.Index(fields=["name", "as_of"], name="runs_of_a_report")]

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of}"
