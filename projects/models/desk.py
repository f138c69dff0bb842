"""The desk's own record: second opinions, hands on a draft, people told by hand, templates, minimum pay."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.pauses import Pause, ReasonCode
from projects.models.people import Contractor, User


class Approval(models.Model):
    """A second person's word on a draft: asked for once, given or refused by somebody else than who asked."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="approvals")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reasons = models.JSONField(default=list, help_text=_("Why a second person is needed, by name."))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_given = models.BooleanField(default=False)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pause"], condition=Q(decided_at__isnull=True), name="one_open_approval_a_pause"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="nobody_approves_their_own",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_given=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="approval_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Second word on pause {self.pause_id}"


class DraftHand(models.Model):
    """Somebody who has a draft open, and when their page was last heard of."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="hands")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pause", "user"], name="one_hand_a_draft")]

    def __str__(self) -> str:
        return f"{self.user} on pause {self.pause_id}"


class ToldByHand(models.Model):
    """A contractor whom somebody told of a pause outside our channels, and what was said."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="told_by_hand")
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pause", "contractor"], name="told_by_hand_once")]

    def __str__(self) -> str:
        return f"{self.contractor_id} told of pause {self.pause_id}"


class AnswerTemplate(models.Model):
    """The usual answers of one reason in one language; a change is a new version, and the newest counts."""

    reason_code = models.CharField(_("reason"), max_length=30, choices=ReasonCode)
    locale = models.CharField(_("language"), max_length=10, default="en")
    version = models.PositiveIntegerField(_("version"))
    what_stopped = models.TextField(_("What stops?"))
    why = models.TextField(_("Why, in words contractors may read?"))
    what_happens_to_pay = models.TextField(_("What happens to pay?"))
    what_to_do_now = models.TextField(_("What should people do now?"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    ANSWERS: ClassVar[tuple[str, ...]] = ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now")

    class Meta:
        ordering = ["reason_code", "locale", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason_code", "locale", "version"], name="template_versions_count_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_code_display()}, {self.locale}, version {self.version}"


class MinimumPay(models.Model):
    """The least an hour of work may pay in a country from a day, as somebody has put it on record."""

    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as PH."))
    starts_on = models.DateField(_("from"))
    amount_millionths = models.BigIntegerField(_("amount an hour in millionths"))
    currency = models.CharField(_("currency"), max_length=3)
    source = models.CharField(_("where it says so"), max_length=300)

    class Meta:
        ordering = ["country", "-starts_on"]
        verbose_name_plural = "minimum pay"
        constraints = [
            models.UniqueConstraint(fields=["country", "starts_on"], name="one_minimum_a_day"),
            models.CheckConstraint(condition=Q(amount_millionths__gt=0), name="minimum_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.country} from {self.starts_on}"
