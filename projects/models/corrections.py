"""Corrections: what a contractor says is wrong in their record, the papers they sent, and what the lead answered."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.pauses import Pause
from projects.models.people import Contractor, User
from projects.models.work import Engagement, PayBasis


class Correction(models.Model):
    """One claim about one engagement; open until the lead answers it or the contractor takes it back."""

    class Kind(models.TextChoices):
        """What is wrong."""

        HOURS = "hours", _("Hours of a day")
        RATE = "rate", _("Rate")
        DATES = "dates", _("First or last day")
        BEFORE_NOTICE = "before_notice", _("Hours worked before the notice came")

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="corrections")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="corrections")
    pause = models.ForeignKey(
        Pause, on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections"
    )
    kind = models.CharField(_("what is wrong"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    worked_on = models.DateField(_("day worked"), null=True, blank=True)
    seconds = models.PositiveIntegerField(_("seconds of that day"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("first day after"), null=True, blank=True)
    basis = models.CharField(_("paid by the"), max_length=10, choices=PayBasis, blank=True)
    amount_millionths = models.BigIntegerField(_("amount in millionths"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    words = models.TextField(_("in the contractor’s words"), max_length=2_000)
    asked_at = models.DateTimeField(_("asked"))
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answer = models.TextField(_("answer"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="correction_closes_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hours", "rate", "dates", "before_notice"]),
                name="correction_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.engagement}"

    @property
    def ref(self) -> str:
        """How the audit trail and notices name it."""
        return f"correction:{self.pk}"


class CorrectionPaper(models.Model):
    """A paper sent along, kept in the database so that every web server has it and it is erased with its claim."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
