"""Pauses: what a client stopped, the six answers that go with it, its timeline, and who has seen it."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from projects.models.clients import Client
from projects.models.people import Contractor, User
from projects.models.work import Project

_NAMED = 3  # chosen projects that the name of a pause says; the page lists them all


class PauseKind(models.TextChoices):
    """How much of the work stops."""

    FULL = "full", _("All work stops")
    REDUCED = "reduced", _("Work is reduced")


class PauseState(models.TextChoices):
    """Where a pause stands; what may follow what is in `projects.domain.pausing`."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    IN_EFFECT = "in_effect", _("In effect")
    ENDED = "ended", _("Ended")
    VOID = "void", _("Void")


class ReasonCode(models.TextChoices):
    """Why a client stops work."""

    SCOPE_REASSESSMENT = "scope_reassessment", _("Scope is being reassessed")
    SECURITY_INCIDENT = "security_incident", _("Security incident")
    BUDGET = "budget", _("Budget")
    DATA_QUALITY = "data_quality", _("Data quality")
    LEGAL_HOLD = "legal_hold", _("Legal hold")
    CLIENT_REQUEST = "client_request", _("At the client's request")
    OTHER = "other", _("Other")


class ExpectedResume(models.TextChoices):
    """What is known of the day work goes on."""

    UNKNOWN = "unknown", _("Not known yet")
    WINDOW = "window", _("Within a window")
    DATE = "date", _("On a date")


class PauseQuerySet(models.QuerySet["Pause"]):
    """Sets of pauses."""

    def open(self) -> "PauseQuerySet":
        """Pauses that are scheduled or in effect."""
        return self.filter(state__in=[PauseState.SCHEDULED, PauseState.IN_EFFECT])

    def that_happened(self) -> "PauseQuerySet":
        """Pauses that stopped or will stop work: everything but drafts and void ones."""
        return self.exclude(state__in=[PauseState.DRAFT, PauseState.VOID])

    def touching(self, starts_at: datetime, ends_at: datetime) -> "PauseQuerySet":
        """Pauses that share an instant with the half-open `[starts_at, ends_at)`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at), starts_at__lt=ends_at)

    def reaching(self, project: Project) -> "PauseQuerySet":
        """Pauses of this project or of its client, unless work on the project was let go on."""
        rows = self.filter(Q(project=project) | Q(client=project.client_id))
        return rows.exclude(releases__project=project)

    def of_any(self, projects: Any) -> "PauseQuerySet":
        """Pauses of any of these projects or of a client of one, but for projects left out from the start.

        A project that was let go later still counts: its people were told of the pause.
        """
        left_out = PauseRelease.objects.filter(
            pause=OuterRef(OuterRef("pk")), project=OuterRef("pk"), from_the_start=True
        )
        covered = Project.objects.filter(~Exists(left_out), pk__in=projects, client=OuterRef("client"))
        return self.filter(Q(project__in=projects) | Exists(covered))

    def stopped_projects(self, *, let_go_before: datetime | None = None) -> models.QuerySet[Project]:
        """Projects that any of these pauses stops: its own, or its client's but for those let go by that instant."""
        let_go = PauseRelease.objects.filter(pause=OuterRef("pk"), project=OuterRef(OuterRef("pk")))
        if let_go_before is not None:
            let_go = let_go.filter(released_at__lt=let_go_before)
        of_client = self.order_by().filter(~Exists(let_go), client=OuterRef("client"))
        own = self.filter(project__isnull=False).order_by().values("project")
        rows: models.QuerySet[Project] = Project.objects.filter(Q(pk__in=own) | Exists(of_client))
        return rows


class Pause(models.Model):
    """The client stops work on a project, on several, or on every one it has, during `[starts_at, ends_at)`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="pauses"
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, blank=True, related_name="pauses")
    chosen_codes = models.TextField(
        blank=True,
        help_text=_(
            "Codes of the client's projects it stops, a space between them; empty for all, later ones too."
        ),
    )
    kind = models.CharField(max_length=10, choices=PauseKind, default=PauseKind.FULL)
    remaining_share_bp = models.PositiveIntegerField(
        _("share of hours that goes on, in basis points"),
        default=0,
        help_text=_("5000 is one half; 0 in a full pause."),
    )
    state = models.CharField(max_length=10, choices=PauseState, default=PauseState.DRAFT)
    starts_at = models.DateTimeField(_("since"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=30, choices=ReasonCode)

    # The six answers; when it started is `starts_at`, when the next word comes is `next_update_by`.
    what_stopped = models.TextField(_("What stops?"))
    why = models.TextField(_("Why, in words contractors may read?"))
    what_happens_to_pay = models.TextField(_("What happens to pay?"))
    next_update_by = models.DateTimeField(_("When does the next word come?"), null=True, blank=True)
    what_to_do_now = models.TextField(_("What should people do now?"))
    confidential_note = models.TextField(_("Confidential note, never sent"), blank=True)

    expected_resume = models.CharField(max_length=10, choices=ExpectedResume, default=ExpectedResume.UNKNOWN)
    expected_resume_from = models.DateField(_("earliest day"), null=True, blank=True)
    expected_resume_until = models.DateField(_("latest day"), null=True, blank=True)
    standby_share_bp = models.PositiveIntegerField(
        _("standby pay, share of expected pay in basis points"), default=0
    )
    standby_daily_minor = models.PositiveBigIntegerField(
        _("standby pay a day, in minor units"),
        default=0,
        help_text=_("For each paused day on which work was expected, on top of any share."),
    )
    standby_currency = models.CharField(_("currency of standby pay a day"), max_length=3, blank=True)
    standby_max_days = models.PositiveSmallIntegerField(
        _("most days of standby pay"),
        null=True,
        blank=True,
        help_text=_("Empty: as long as the pause lasts."),
    )
    notice_sent_at = models.DateTimeField(
        _("notice given"),
        null=True,
        blank=True,
        help_text=_("Hours worked before this instant stay payable."),
    )
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("ended or made void at"), null=True, blank=True)
    void_reason = models.TextField(blank=True)

    objects: ClassVar[Any] = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="pause_by_state_start"),
            models.Index(fields=["next_update_by"], name="pause_next_word", condition=Q(state="in_effect")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, client__isnull=True)
                | Q(project__isnull=True, client__isnull=False),
                name="pause_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(chosen_codes="") | Q(client__isnull=False), name="projects_are_chosen_of_a_client"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="pause_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(state__in=PauseState.values), name="pause_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind="full", remaining_share_bp=0)
                | Q(kind="reduced", remaining_share_bp__gt=0, remaining_share_bp__lt=10_000),
                name="pause_share_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(standby_share_bp__lte=10_000), name="pause_standby_is_a_share"
            ),
            models.CheckConstraint(
                condition=(
                    Q(standby_daily_minor=0, standby_currency="", standby_max_days__isnull=True)
                    | (Q(standby_daily_minor__gt=0) & ~Q(standby_currency=""))
                ),
                name="pause_standby_a_day_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    expected_resume="unknown",
                    expected_resume_from__isnull=True,
                    expected_resume_until__isnull=True,
                )
                | Q(
                    expected_resume="date",
                    expected_resume_from__isnull=False,
                    expected_resume_until__isnull=True,
                )
                | Q(
                    expected_resume="window",
                    expected_resume_from__isnull=False,
                    expected_resume_until__gt=F("expected_resume_from"),
                ),
                name="pause_expected_resume_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ended", "void"]) | Q(next_update_by__isnull=False),
                name="open_pause_promises_the_next_word",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (~Q(what_stopped="") & ~Q(why="") & ~Q(what_happens_to_pay="") & ~Q(what_to_do_now="")),
                name="pause_answers_all_six",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "void"], closed_at__isnull=False)
                | Q(state__in=["draft", "scheduled", "in_effect"], closed_at__isnull=True),
                name="pause_closed_when_over",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=["scheduled", "in_effect"]),
                name="one_open_pause_a_project",
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state__in=["scheduled", "in_effect"], chosen_codes=""),
                name="one_open_pause_a_client",
            ),
        ]

    def __str__(self) -> str:
        return f"Pause {self.pk} of {self.target_code}"

    @property
    def chosen(self) -> tuple[str, ...]:
        """Codes of the client's projects that were chosen; none where the whole client is paused."""
        return tuple(self.chosen_codes.split())

    def named_projects(self) -> models.QuerySet[Project]:
        """Projects the pause is named after: its own, the chosen ones of its client, or all of its client."""
        rows: models.QuerySet[Project] = Project.objects.filter(client=self.client_id).order_by("code")
        if self.project_id:
            return Project.objects.filter(pk=self.project_id)
        return rows.filter(code__in=self.chosen) if self.chosen else rows

    @property
    def target_code(self) -> str:
        """The code of the project or client that is paused; of chosen projects the first few."""
        if self.project is not None:
            return self.project.code
        if self.chosen:
            more = len(self.chosen) - _NAMED
            return ", ".join(self.chosen[:_NAMED]) + (f" +{more}" if more > 0 else "")
        return self.client.code if self.client is not None else ""

    @property
    def target_words(self) -> str:
        """What is paused, with its name where that is one thing: `CHORDUS · Chordus`, `CHORDUS, MUSEN`."""
        return self.target_code if self.chosen else str(self.project or self.client or "")

    @property
    def ref(self) -> str:
        """How other rooms name this pause."""
        return f"pause:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Scheduled or in effect."""
        return self.state in {PauseState.SCHEDULED, PauseState.IN_EFFECT}


class PauseExclusion(models.Model):
    """A contractor whom a pause does not stop, and why."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="exclusions")
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pause", "contractor"], name="excluded_once")]

    def __str__(self) -> str:
        return f"{self.contractor} keeps working through pause {self.pause_id}"


class PauseRelease(models.Model):
    """One project of a paused client on which work goes on from an instant, while the rest stays paused.

    Where only some of a client's projects are paused, the others are let go `from_the_start`.
    """

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="releases")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    released_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    from_the_start = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pause", "project"], name="released_once")]

    def __str__(self) -> str:
        return f"{self.project} goes on in pause {self.pause_id}"


class PauseUpdate(models.Model):
    """One word on the timeline of a pause: opened, updated, extended, ended, void."""

    class Kind(models.TextChoices):
        """What the word was about."""

        OPENED = "opened", _("Paused")
        TOOK_EFFECT = "took_effect", _("The pause has begun")
        UPDATED = "updated", _("Update")
        EXTENDED = "extended", _("New expected dates")
        ENDED = "ended", _("Work goes on")
        RELEASED = "released", _("Work goes on, on one project")
        VOIDED = "voided", _("Opened by mistake")
        REASSESSED = "reassessed", _("Scope decided")

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=15, choices=Kind)
    text = models.TextField(_("words contractors read"))
    confidential_note = models.TextField(blank=True)
    next_update_by = models.DateTimeField(null=True, blank=True)
    promised_by = models.DateTimeField(
        null=True, blank=True, help_text=_("The next word that had been promised before this one.")
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pause_id})"


class Acknowledgement(models.Model):
    """What one contractor has done with the news of one pause: opened it in the portal, acknowledged it."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="acknowledgements")
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="acknowledgements")
    opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pause", "contractor"], name="acknowledged_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(acknowledged_at__isnull=False),
                name="acknowledgement_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} and pause {self.pause_id}"
