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
    row_count = models.PositiveIntegerField(default=0)
    rows = models.JSONField(help_text="The table; its rows too, where they are few.")
    pulled_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pulled_at", "-pk"]
        indexes = [models.Index(fields=["name", "as_of"], name="runs_of_a_report")]

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of}"


class ReportBlock(models.Model):
    """Consecutive rows of a long run, packed, so that any page of it can be read without the others."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="block_numbered_once")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"
