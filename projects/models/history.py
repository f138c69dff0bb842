"""History: who did what when, append-only, each row sealed by the hash of the one before."""

from typing import Any, ClassVar, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from projects.models.people import User


class AppendOnlyError(TypeError):
    """Somebody tried to change or take away what may only be added to."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Sets of audit rows: read, never changed. The database's triggers refuse what goes past this class."""

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AppendOnlyError("The audit trail is only ever added to.")

    update = bulk_update = bulk_create = update_or_create = delete = _refuse


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

    objects: ClassVar[Any] = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject_ref}"

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse; Django's own type says that it deletes."""
        raise AppendOnlyError("The audit trail is only ever added to.")


class AuditHead(models.Model):
    """The end of the trail, in one row: who appends locks it; a trail that lost its newest rows disagrees with it."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="the_trail_has_one_end")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
