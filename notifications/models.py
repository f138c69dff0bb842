"""The ledger: what was promised is frozen, what changes lives in narrow rows, and batches are what is claimed."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from notifications import states
from notifications.messages import Channel
from notifications.sealing import SealedAddressField

CHANNELS = [(channel.value, channel.name.replace("_", " ").title()) for channel in Channel]


class DeliveryState(models.TextChoices):
    """Where a delivery stands; `notifications.states` says what each means and what may follow."""

    QUEUED = states.QUEUED, _("Waiting")
    CLAIMED = states.CLAIMED, _("Taken up")
    SENDING = states.SENDING, _("Being sent")
    SENT = states.SENT, _("Sent")
    DELIVERED = states.DELIVERED, _("Delivered")
    BOUNCED = states.BOUNCED, _("Came back")
    DEFERRED = states.DEFERRED, _("Tried, will be tried again")
    UNKNOWN = states.UNKNOWN, _("Not known")
    FAILED = states.FAILED, _("Failed")
    SUPPRESSED = states.SUPPRESSED, _("Held back")
    CANCELLED = states.CANCELLED, _("No longer due")
    SUPERSEDED = states.SUPERSEDED, _("Overtaken")
    EXPIRED = states.EXPIRED, _("Too late")


class Notice(models.Model):
    """One thing that was said, with its words in every language and for every channel; never changed.

    What may be added later is that a later word overtook it: from then on nothing of it is sent any more.
    """

    kind = models.CharField(max_length=60)
    category = models.CharField(max_length=20)
    subject_ref = models.CharField(max_length=80, db_index=True)
    thread_key = models.CharField(max_length=80, db_index=True)
    idempotency_key = models.CharField(max_length=200, unique=True)
    contents = models.JSONField()
    staged_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    overtaken_at = models.DateTimeField(null=True, blank=True)
    overtaken_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-staged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} about {self.subject_ref}"


class Recipient(models.Model):
    """Somebody a notice is for, with the personal words it is filled with; never changed.

    The database does not check that the notice is there: the one writer writes it in the same transaction, and to ask
    for the same row 100,000 times over is a fifth of what a pause of as many people costs.
    """

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="recipients", db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    locale = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=50)
    fields = models.JSONField(default=dict)
    fallbacks = models.JSONField(
        default=dict, help_text=_("Further addresses, tried only when the others fail.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "key"], name="recipient_once_a_notice")]
        indexes = [models.Index(fields=["key"], name="recipient_by_key")]

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """One channel of one workspace or relay: how fast it may go, and until when it is parked."""

    channel = models.CharField(max_length=20, choices=CHANNELS)
    name = models.CharField(max_length=80)
    parked_until = models.DateTimeField(null=True, blank=True)
    parked_reason = models.CharField(max_length=200, blank=True)
    is_stopped = models.BooleanField(default=False)
    per_second = models.FloatField(default=0, help_text=_("Messages a second; 0 means as fast as it goes."))
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="lane_once")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.name}"


class Batch(models.Model):
    """Some hundreds of deliveries of one notice on one lane: what a relay claims, under a lease."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="batches")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="batches")
    priority = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    unknown_at = models.DateTimeField(null=True, blank=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["priority", "due_at", "id"], name="batch_to_claim", condition=Q(is_done=False)
            ),
            # The rows of a delivery must stay HOT, so what is leased or unknown is found by its batch.
            models.Index(fields=["lease_until"], name="batch_leased", condition=Q(lease_until__isnull=False)),
            models.Index(fields=["unknown_at"], name="batch_unknown", condition=Q(unknown_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="lease_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"


class Delivery(models.Model):
    """One notice to one recipient on one channel: its address, its state, and what became of it.

    No index names a column that changes with the state, so that updates stay HOT on PostgreSQL. The database does not
    check that recipient, notice and batch are there: the one writer writes them in the same transaction, and to ask
    for 100,000 recipients one by one is a fifth of what their pause costs.
    """

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="deliveries", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="deliveries", db_constraint=False)
    channel = models.CharField(max_length=20, choices=CHANNELS)
    address = SealedAddressField(max_length=254)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    attempt_token = models.UUIDField(null=True, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=states.SENDING) | Q(attempt_token__isnull=False),
                name="sending_has_an_attempt",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=states.SAYS_WHY) | ~Q(reason=""), name="what_was_not_sent_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.recipient_id}: {self.state}"

    @staticmethod
    def new_token() -> uuid.UUID:
        """A token for one attempt; only its holder may record what came of it."""
        return uuid.uuid4()


class Attempt(models.Model):
    """One try of one delivery that did not simply succeed, and what the network said."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    token = models.UUIDField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    code = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.code})"


class Outbound(models.Model):
    """The one row that says whether anything may leave, and how far the ledger has come."""

    ledger = models.UUIDField(default=uuid.uuid4, editable=False)
    mark = models.BigIntegerField(default=0)
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)
    held_reason = models.CharField(_("why"), max_length=300, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.CharField(_("released by"), max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("outbound")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="outbound_is_one")]

    def __str__(self) -> str:
        return str(_("held") if self.held_since else _("open"))


class Suppression(models.Model):
    """An address that refused for good, or whose owner asked for silence, on one channel."""

    channel = models.CharField(max_length=20, choices=CHANNELS)
    address = SealedAddressField(max_length=254)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="suppressed_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.reason}"


class Endpoint(models.Model):
    """Where an integration receives events, and what it receives; its lane is named by its public id."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(null=True, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_reason="")
                | Q(disabled_at__isnull=False) & ~Q(disabled_reason=""),
                name="disabled_endpoint_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_enabled(self) -> bool:
        """Whether events go there."""
        return self.disabled_at is None and self.removed_at is None


class Trouble(models.Model):
    """A delivery that did not reach its recipient, until whoever looks after them was told."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="trouble")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Trouble with delivery {self.delivery_id}"


class Watch(models.Model):
    """A recipient who has channels in reserve: when to look whether they have opened the notice."""

    recipient = models.OneToOneField(Recipient, on_delete=models.CASCADE, related_name="watch")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Watch over recipient {self.recipient_id}"


class HeldForDigest(models.Model):
    """A delivery that waits to be gathered into its recipient's digest; gone as soon as it was."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="held")
    recipient_key = models.CharField(max_length=80)
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Delivery {self.delivery_id} for the digest of {self.recipient_key}"


class Wish(models.Model):
    """What one recipient wishes of our notices: channels by category, quiet hours, a daily digest."""

    recipient_key = models.CharField(max_length=80, unique=True)
    ways = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_are_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Wishes of {self.recipient_key}"


class Workspace(models.Model):
    """A Slack workspace that has taken the app in; its tokens are encrypted here, and erased when it leaves."""

    team_id = models.CharField(_("workspace id"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    app_id = models.CharField(max_length=20, blank=True)
    bot_user_id = models.CharField(max_length=20, blank=True)
    scopes = models.TextField(blank=True)
    # The field's library keeps an empty text as no value.
    bot_token = EncryptedTextField(null=True, blank=True)
    refresh_token = EncryptedTextField(null=True, blank=True)
    expires_at = models.DateTimeField(_("token good until"), null=True, blank=True)
    refreshing_until = models.DateTimeField(null=True, blank=True)
    installed_at = models.DateTimeField(_("installed"))
    removed_at = models.DateTimeField(_("left"), null=True, blank=True)
    removed_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["installed_at", "pk"]
        verbose_name = _("Slack workspace")
        verbose_name_plural = _("Slack workspaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(bot_token__isnull=True, refresh_token__isnull=True),
                name="who_left_has_no_token",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.team_id


__all__: list[Any] = [
    "Attempt",
    "Batch",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "HeldForDigest",
    "Lane",
    "Notice",
    "Outbound",
    "Recipient",
    "Suppression",
    "Trouble",
    "Watch",
    "Wish",
    "Workspace",
]
