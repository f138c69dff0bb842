"""Seats: work that looks for somebody, what people can do, and what became of each person and seat."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import Contractor, User
from projects.models.work import Engagement, PayBasis, Project


class OpenSeatQuerySet(models.QuerySet["OpenSeat"]):
    """Sets of open seats."""

    def open_on(self, day: date) -> "OpenSeatQuerySet":
        """Seats that are offered on `day` (half-open: no longer on the day they close) by a project that goes on."""
        running = Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=day)
        dated = Q(closes_on__isnull=True) | Q(closes_on__gt=day)
        return self.filter(running, dated, opened_on__lte=day)

    def with_taken(self) -> "OpenSeatQuerySet":
        """Each with `taken`: how many are promised to somebody, by an offer that stands or was accepted."""
        standing = Q(candidacies__state__in=[Candidacy.State.OFFERED, Candidacy.State.ACCEPTED])
        return self.annotate(taken=Count("candidacies", filter=standing))


class OpenSeat(models.Model):
    """Work on a project that is looking for somebody."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="open_seats")
    title = models.CharField(_("title"), max_length=200)
    seats = models.PositiveIntegerField(_("seats"), default=1)
    basis = models.CharField(_("paid by the"), max_length=10, choices=PayBasis, default=PayBasis.HOUR)
    amount_millionths = models.BigIntegerField(
        _("amount in millionths"), help_text=_("The lowest of the range.")
    )
    highest_millionths = models.BigIntegerField(
        _("highest amount in millionths"), null=True, blank=True, help_text=_("Empty: there is no range.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    weekly_seconds = models.PositiveIntegerField(_("seconds a week"), null=True, blank=True)
    countries = models.JSONField(
        _("countries"), default=list, blank=True, help_text=_("Empty means anywhere.")
    )
    skills = models.JSONField(_("skills"), default=list, blank=True)
    opened_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    objects: ClassVar[Any] = OpenSeatQuerySet.as_manager()

    class Meta:
        ordering = ["project", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_millionths__gte=0), name="seat_rate_is_not_negative"),
            models.CheckConstraint(
                condition=Q(highest_millionths__isnull=True)
                | Q(highest_millionths__gte=F("amount_millionths")),
                name="seat_range_is_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} on {self.project.code}"

    @property
    def ref(self) -> str:
        """How other rooms name this seat."""
        return f"seat:{self.pk}"


class ContractorSkill(models.Model):
    """Something a contractor can do, as `projects.domain.seats.skill_named` writes it."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(_("skill"), max_length=60)

    class Meta:
        ordering = ["contractor", "name"]
        constraints = [models.UniqueConstraint(fields=["contractor", "name"], name="skill_said_once")]

    def __str__(self) -> str:
        return self.name


class Candidacy(models.Model):
    """One contractor and one open seat, from the first interest to the answer; terms are there once it is offered."""

    class State(models.TextChoices):
        """Where it stands; what may follow what is in `projects.domain.seats`."""

        INTERESTED = "interested", _("Interested")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    seat = models.ForeignKey(OpenSeat, on_delete=models.CASCADE, related_name="candidacies")
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="candidacies")
    state = models.CharField(_("stands at"), max_length=10, choices=State)
    interested_at = models.DateTimeField(_("interest told"), null=True, blank=True)
    words = models.CharField(_("what they said"), max_length=500, blank=True)
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("first day after the term"), null=True, blank=True)
    weekly_seconds = models.PositiveIntegerField(_("seconds a week"), null=True, blank=True)
    amount_millionths = models.BigIntegerField(_("amount in millionths"), null=True, blank=True)
    closed_at = models.DateTimeField(_("answered or withdrawn"), null=True, blank=True)
    engagement = models.OneToOneField(
        Engagement, on_delete=models.PROTECT, null=True, blank=True, related_name="candidacy"
    )

    class Meta:
        ordering = ["seat", "pk"]
        verbose_name_plural = "candidacies"
        indexes = [models.Index(fields=["contractor", "state"], name="candidacies_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["seat", "contractor"], name="one_candidacy_a_seat"),
            models.CheckConstraint(
                condition=~Q(state__in=["offered", "accepted"])
                | Q(offered_at__isnull=False, starts_on__isnull=False, amount_millionths__isnull=False),
                name="offer_has_its_terms",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", engagement__isnull=False)
                | (~Q(state="accepted") & Q(engagement__isnull=True)),
                name="accepted_seat_is_an_engagement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contractor} and {self.seat}: {self.get_state_display().lower()}"

    @property
    def ref(self) -> str:
        """How other rooms name this candidacy."""
        return f"candidacy:{self.pk}"
