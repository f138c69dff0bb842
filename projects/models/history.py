"""History: who did what when, append-only, each row sealed by the hash of the one before."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from projects.models.people import User


class AuditEvent(models.Model):
    """One thing somebody did, with what stood before and after."""

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_ref = models.CharField(max_length=60, db_index=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject_ref}"
