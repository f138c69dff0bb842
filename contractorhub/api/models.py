"""What the API itself keeps: what each token may do, and the answers that repeated requests get again."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from projects.models import User


class Scope(models.TextChoices):
    """What a token may do, never more than its owner may."""

    READ = "read", _("Read what its owner sees")
    REPORTS_READ = "reports:read", _("Pull reports, with what people are paid")
    REPORTS_WRITE = "reports:write", _("Close periods and put reports on a schedule")
    PAUSES_WRITE = "pauses:write", _("Open, update, end and acknowledge pauses as its owner")
    RECORDS_WRITE = "records:write", _("Record clients, projects, people, terms, rates, seats and scope")
    HOURS_READ = "hours:read", _("Ask the hours lock")
    HOURS_WRITE = "hours:write", _("Bring in hours and files as its owner")
    ROSTER_WRITE = "roster:write", _("Bring in contractors, engagements and rates as its owner")
    WEBHOOKS_WRITE = "webhooks:write", _("Connect endpoints for events, test them and send events again")


class TokenGrant(models.Model):
    """The name and scopes of one token; the token itself is kept by knox, hashed and with its expiry."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.OneToOneField(AuthToken, on_delete=models.CASCADE, related_name="grant")
    name = models.CharField(_("what it is for"), max_length=100)
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)
    has_second_factor = models.BooleanField(
        default=False, help_text=_("Whoever made it had proved with a second factor that it was them.")
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """The answer to one request that carried an Idempotency-Key, for when the same request comes again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="answered_once_a_key"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_is_given"),
        ]
        indexes = [models.Index(fields=["user", "at"], name="answers_by_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status_code}"
