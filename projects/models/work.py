"""Work: projects, who is engaged on them, and at which rate from which day."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.clients import CODE_VALIDATOR, Client
from projects.models.people import Contractor, User


class ProjectQuerySet(models.QuerySet["Project"]):
    """Sets of projects."""

    def running_on(self, day: date) -> "ProjectQuerySet":
        """Projects that have not ended by `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class Project(models.Model):
    """A piece of a client's work under a code name."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="projects")
    code = models.CharField(_("code name"), max_length=30, unique=True, validators=[CODE_VALIDATOR])
    name = models.CharField(_("name"), max_length=200)
    leads = models.ManyToManyField(
        User, blank=True, related_name="led_projects", verbose_name=_("project leads")
    )
    slack_channel = models.CharField(
        _("Slack channel id"),
        max_length=41,
        blank=True,
        help_text=_(
            "Such as C0123ABCD; seen in the channel's details. With several workspaces: T0123ABCD/C0123ABCD."
        ),
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    planned_end_on = models.DateField(
        _("end the client has stated"), null=True, blank=True, help_text=_("The horizon of a loss.")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("First day without work."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name != self.code else self.code


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Sets of engagements."""

    def active_on(self, day: date) -> "EngagementQuerySet":
        """Engagements whose term holds `day`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def overlapping(self, starts_on: date, ends_on: date | None) -> "EngagementQuerySet":
        """Engagements whose term shares a day with the half-open `[starts_on, ends_on)`."""
        shared = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
        return shared if ends_on is None else shared.filter(starts_on__lt=ends_on)


class Engagement(models.Model):
    """A contractor's term on a project, `[starts_on, ends_on)`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, related_name="engagements", db_index=False
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="engagements", db_index=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("first day after the term"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["project", "contractor", "starts_on"]
        indexes = [
            models.Index(fields=["project", "starts_on", "ends_on"], name="engagement_by_project_term"),
            # A relay asks of a thousand people, by their range, who still works there.
            models.Index(fields=["project", "contractor"], name="engagement_by_project_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "project", "starts_on"], name="engagement_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="engagement_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contractor} on {self.project.code}"


class PayBasis(models.TextChoices):
    """What one unit of a rate pays for."""

    HOUR = "hour", _("hour")
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    TASK = "task", _("task")


class Rate(models.Model):
    """What an engagement pays, from a date until the next rate; history never moves."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="rates")
    starts_on = models.DateField(_("from"))
    basis = models.CharField(_("paid by the"), max_length=10, choices=PayBasis)
    amount_millionths = models.BigIntegerField(
        _("amount in millionths"), help_text=_("Millionths of a currency unit: 21.50 is 21500000.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    contracted_weekly_seconds = models.PositiveIntegerField(
        _("contracted seconds a week"), null=True, blank=True
    )
    weekday_seconds = models.JSONField(
        _("seconds by weekday"),
        null=True,
        blank=True,
        help_text=_("Seven numbers, Monday first; empty when not agreed."),
    )
    max_weekly_seconds = models.PositiveIntegerField(
        _("most seconds billed a week"),
        null=True,
        blank=True,
        help_text=_("The contract's cap; empty when there is none."),
    )

    class Meta:
        ordering = ["engagement", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "starts_on"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(amount_millionths__gte=0), name="rate_is_not_negative"),
            models.CheckConstraint(condition=Q(basis__in=PayBasis.values), name="rate_basis_is_known"),
            models.CheckConstraint(
                condition=Q(contracted_weekly_seconds__isnull=True)
                | Q(contracted_weekly_seconds__lte=604_800),
                name="rate_week_has_168_hours",
            ),
            models.CheckConstraint(
                condition=Q(max_weekly_seconds__isnull=True) | Q(max_weekly_seconds__lte=604_800),
                name="rate_cap_has_168_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement} from {self.starts_on}"
