"""The world behind the matrix: three places to have rows in, and one person of every kind."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from knox.models import AuthToken

from contractorhub.api.models import TokenGrant
from contractorhub.slack.models import InboundEvent
from notifications.models import (
    Batch,
    Delivery,
    Endpoint,
    Lane,
    Notice,
    Outbound,
    Recipient,
    Suppression,
    Workspace,
)
from projects import models as business
from projects.domain.periods import monday_of
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.history import record
from projects.operations.pauses import PauseAnswers, PauseTerms
from projects.operations.personal import make_calendar_link
from projects.operations.statements import make_statement
from projects.reports.catalogue import ask_for, report_named
from projects.reports.runs import pull
from tests import factories as make

ROLES: Final = (
    "anonymous", "contractor", "lead", "owner", "operations", "finance", "auditor", "superuser", "staff",
)  # fmt: skip
"""`lead` leads CHORDUS, `owner` owns ORION, `staff` may open the admin and holds no role."""
PLACES: Final = ("own", "client", "foreign")
"""CHORDUS, which Ana works on and Lea leads; MUSEN, of the same client; HARP, of another."""
MISSING: Final = {
    "int": "999999999", "key": "999999999", "str": "NOWHERE", "uuid": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
"""By the kind of an address's parameter, what no row has."""


@dataclass
class Place:
    """One project with whatever can be on it, each row by the name of its model."""

    rows: dict[str, models.Model] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]

    def keep(self, *rows: models.Model) -> None:
        """Put rows in this place."""
        for row in rows:
            self.rows[str(row._meta.model_name)] = row


@dataclass
class World:
    """People by role, places by relation to them, and rows that belong to the whole firm or to one person."""

    users: dict[str, Any]
    places: dict[str, Place]
    firm: Place
    owned: dict[str, Place]

    def row(self, model: str, role: str, place: str) -> Any:
        """The row of this kind that stands in that relation to the person; None where there can be none."""
        if model in self.owned["other"].rows:
            whose = {"own": role, "foreign": "other"}.get(place, "")
            return self.owned[whose].rows.get(model) if whose in self.owned else None
        if model in self.firm.rows:
            return self.firm.rows[model] if place == "own" else None
        return self.places[place].rows.get(model)


def make_world() -> World:
    """Everything that the matrix asks for."""
    users = _users()
    orion = make.ClientFactory.make(code="ORION", name="Orion Labs")
    lyra = make.ClientFactory.make(code="LYRA", name="Lyra Systems")
    orion.owners.add(users["owner"])
    other = make.UserFactory.make(email="other@firm.example", is_staff=True)
    places = {
        "own": _place(orion, "CHORDUS", users["lead"], login=users["contractor"]),
        "client": _place(orion, "MUSEN", other),
        "foreign": _place(lyra, "HARP", other),
    }
    owned = {role: _owned(user) for role, user in {**users, "other": other}.items() if user is not None}
    return World(users, places, _firm(users, places["own"]), owned)


def _users() -> dict[str, Any]:
    users: dict[str, Any] = {
        "anonymous": None,
        "contractor": make.UserFactory.make(email="ana@people.example"),
    }
    for role in ("lead", "owner", "staff"):
        users[role] = make.UserFactory.make(email=f"{role}@firm.example", is_staff=True)
    for role in Role:
        users[role.value] = make.UserFactory.make(email=f"{role.value}@firm.example", is_staff=True)
        make.RoleGrantFactory.make(user=users[role.value], role=role)
    users["superuser"] = make.UserFactory.make(email="root@firm.example", is_staff=True, is_superuser=True)
    return users


def _place(client: Any, code: str, lead: Any, *, login: Any = None) -> Place:
    """A project that is paused, with somebody on it and all that came of it."""
    at, place = timezone.now(), Place()
    project = make.ProjectFactory.make(client=client, code=code, name=code.title(), leads=[lead])
    login = login or make.UserFactory.make(email=f"{code.lower()}@people.example")
    person = make.ContractorFactory.make(name=f"Person of {code}", email=login.email, user=login)
    engagement = make.EngagementFactory.make(project=project, contractor=person)
    rate = make.RateFactory.make(engagement=engagement, amount_millionths=77_770_000)
    pause = make.PauseFactory.make(
        project=project,
        starts_at=at - timedelta(days=14),
        next_update_by=at + timedelta(days=2),
        opened_by=lead,
    )
    make.PauseUpdateFactory.make(pause=pause, by=lead, at=at - timedelta(days=1))
    run = make.EstimateRunFactory.make(pause=pause, asked_at=at, finished_at=at, as_of=at.date())
    monday = monday_of(at.date() - timedelta(days=7))
    estimate = make.LostIncomeEstimateFactory.make(
        run=run, engagement=engagement, expected_minor=8_787_700, starts_on=monday,
        ends_on=monday + timedelta(days=7),
    )  # fmt: skip
    make.EstimateWeekFactory.make(estimate=estimate, week_starts_on=monday)
    reassessment = make.ScopeReassessmentFactory.make(project=project, next_update_by=at + timedelta(days=3))
    seat = make.OpenSeatFactory.make(project=project, opened_on=at.date())
    entry = make.HoursEntryFactory.make(engagement=engagement, worked_on=at.date())
    place.keep(client, project, person, engagement, rate, pause, estimate, reassessment, seat, entry)
    place.keep(*_of_person(person, engagement, pause, entry, lead))
    _colleague(project, run)
    place.keep(
        make_statement(
            contractor=person, first_day=at.date() - timedelta(days=13), last_day=at.date(), by=login, at=at
        )
    )
    place.secrets["calendar"] = make_calendar_link(contractor=person, by=login, at=at)
    draft = save_draft(
        answers=PauseAnswers(
            what_stopped="All.", why="Budget.", what_happens_to_pay="None.", what_to_do_now="Wait.",
            next_update_by=at + timedelta(days=2),
        ),
        terms=PauseTerms(reason_code="budget"), project=project, by=lead, at=at,
    )  # fmt: skip
    place.rows["draft"] = draft
    place.keep(
        business.Approval.objects.create(pause=draft, asked_by=lead, asked_at=at, reasons=["backdated"]),
        business.Candidacy.objects.create(
            seat=seat, contractor=person, state="offered", offered_at=at, offered_by=lead, starts_on=at.date(),
            amount_millionths=77_770_000,
        ),
    )  # fmt: skip
    return place


def _colleague(project: Any, run: Any) -> None:
    """A second person of other pay: whatever is summed up is nobody's own."""
    engagement = make.EngagementFactory.make(project=project)
    make.RateFactory.make(engagement=engagement, amount_millionths=11_000_000)
    make.LostIncomeEstimateFactory.make(run=run, engagement=engagement, expected_minor=1_100_000)


def _of_person(person: Any, engagement: Any, pause: Any, entry: Any, lead: Any) -> list[models.Model]:
    """What one contractor has said, holds and was told."""
    at = timezone.now()
    correction = business.Correction.objects.create(
        contractor=person, engagement=engagement, kind="hours", worked_on=at.date(), seconds=3600,
        words="One hour is missing.", asked_at=at,
    )  # fmt: skip
    paper = business.CorrectionPaper.objects.create(
        correction=correction, name="paper.png", content_type="image/png", size=4, content=b"\x89PNG"
    )
    erasure = business.ErasureRequest.objects.create(contractor=person, asked_at=at)
    decision = business.HoursDecision.objects.create(
        entry=entry, pause=pause, finding="after_notice", verdict="payable", dated_on=entry.worked_on,
        reason="It was agreed.", decided_at=at, decided_by=lead,
    )  # fmt: skip
    return [correction, paper, erasure, decision]


def _owned(user: Any) -> Place:
    """What belongs to one login alone."""
    at, place = timezone.now(), Place()
    token, _secret = AuthToken.objects.create(user=user, expiry=timedelta(days=1))
    endpoint = Endpoint.objects.create(
        owner=user,
        name="Payroll",
        url="https://hooks.example/",
        events=["pause.opened"],
        secret="x",
        made_at=at,
    )
    key = TOTP.activate(user, "JBSWY3DPEHPK3PXP").instance
    place.keep(TokenGrant.objects.create(token=token, name="Payroll", scopes=["read"]), endpoint, key)
    return place


def _firm(users: dict[str, Any], place: Place) -> Place:
    """Rows of the whole firm."""
    at, firm, finance = timezone.now(), Place(), users["finance"]
    upload = business.Upload.objects.create(
        kind="hours", state="applied", file_name="hours.csv", file_hash="0" * 64, size_bytes=3, uploaded_at=at,
        asked_at=at, finished_at=at, by=finance,
        rejects=ContentFile(b"line\n", name="rejects.csv"), details=ContentFile(b"line\n", name="details.csv"),
    )  # fmt: skip
    taken = make.HoursImportFactory.make(by=finance)
    report = report_named("pause-register")
    run = pull(report, ask_for(report, {}, as_of=None, by=finance, at=at))
    schedule = business.ReportSchedule.objects.create(
        title="Weekly", report="pause-register", every="day", hour=6, owner=finance, made_at=at, next_at=at
    )
    job = make.JobRunFactory.make(
        kind="report", by=finance, parameters={"report": "income-impact", "values": {}, "as_of": "2026-01-05"}
    )
    firm.keep(upload, taken, run, schedule, job)
    firm.keep(
        business.UnmatchedHours.objects.create(
            taken_in_by=taken, line=2, lack="person", worked_on=at.date(), seconds=60, source="generic",
            content_hash="1" * 64,
        ),
        business.Alias.objects.create(words="Ana R.", contractor=place["contractor"], made_at=at),
        business.SavedMapping.objects.create(name="Tool", mapping={}, made_at=at),
        business.CalendarDay.objects.create(country="PH", day=date(2026, 6, 12)),
        business.WorkingWeek.objects.create(country="PH", starts_on=date(2026, 1, 1), weekday_seconds=[28_800] * 7),
        business.MinimumPay.objects.create(
            country="PH", starts_on=date(2026, 1, 1), amount_millionths=1, currency="PHP", source="law"
        ),
        business.AnswerTemplate.objects.create(
            reason_code="budget", locale="en", version=1, what_stopped="a", why="b", what_happens_to_pay="c",
            what_to_do_now="d", made_at=at,
        ),
        users["staff"],
        business.AuditEvent.objects.get(
            pk=record(verb="test", subject_ref="test:1", before={}, after={}, by=None, at=at).pk
        ),
    )  # fmt: skip
    _of_delivery(firm)
    return firm


def _of_delivery(firm: Place) -> None:
    at = timezone.now()
    notice = Notice.objects.create(
        kind="pause.opened", category="critical", subject_ref="pause:1", thread_key="pause:1",
        idempotency_key="x", contents={}, staged_at=at, expires_at=at + timedelta(days=1),
    )  # fmt: skip
    lane = Lane.objects.create(channel="email", name="default")
    reader = Recipient.objects.create(
        notice=notice, key="contractor:1", name="Ana", locale="en", time_zone="UTC"
    )
    batch = Batch.objects.create(notice=notice, lane=lane, priority=1, due_at=at)
    every = IntervalSchedule.objects.create(every=1, period="days")
    firm.keep(
        notice, lane,
        Delivery.objects.create(
            notice=notice, recipient=reader, batch=batch, channel="email", address="x@people.example", due_at=at,
            state="failed", reason="refused", recorded_at=at,
        ),
        Suppression.objects.create(channel="email", address="y@people.example", reason="gone", since=at),
        Outbound.objects.get_or_create(pk=1)[0],
        Workspace.objects.create(team_id="T0FIRM", name="Firm", bot_token="x", installed_at=at),
        InboundEvent.objects.create(
            unique_id=str(uuid4()), signature=sha256(b"x").hexdigest(), kind="command", team_id="T0FIRM",
            due_at=at, received_at=at,
        ),
        PeriodicTask.objects.create(name="Daily", task="notifications.sweep", interval=every),
    )  # fmt: skip
