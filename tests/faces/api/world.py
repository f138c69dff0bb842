"""The people of the API's tests: two firms' worth of work, one pause, and everybody who may or may not see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from contractorhub.api.models import TokenGrant
from notifications.models import Endpoint
from projects.models import (
    Approval,
    CalendarDay,
    Candidacy,
    Client,
    Contractor,
    Engagement,
    OpenSeat,
    Pause,
    Project,
    User,
    WorkingWeek,
)
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.endpoints import EndpointFacts, add_endpoint
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from tests.factories import (
    ClientFactory,
    ContractorFactory,
    EngagementFactory,
    EstimateRunFactory,
    EstimateWeekFactory,
    HoursEntryFactory,
    LostIncomeEstimateFactory,
    OpenSeatFactory,
    ProjectFactory,
    RateFactory,
    RoleGrantFactory,
    ScopeReassessmentFactory,
    UserFactory,
)

SECRET = "the vendor's name is Vexler"
ANSWERS = {
    "what_stopped": "All work on the project.",
    "why": "The client is looking into a security incident.",
    "what_happens_to_pay": "Hours worked before this notice are paid.",
    "what_to_do_now": "Ask your lead about other work.",
}


@dataclass(frozen=True)
class World:
    """Rows that tests speak of; `CHORDUS` is paused, `HARP` is another firm's and is not."""

    orion: Client
    chordus: Project
    harp: Project
    engagement: Engagement
    pause: Pause
    users: dict[str, User]
    at: datetime

    @property
    def ana(self) -> Contractor:
        """The contractor whom the pause stops."""
        return self.engagement.contractor

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the lead who paused."""
        return Endpoint.objects.earliest("pk")

    def as_(self, who: str) -> APIClient:
        """A client signed in as somebody, or as nobody."""
        client = APIClient()
        if who in self.users:
            client.force_login(self.users[who])
        return client

    def with_token(self, who: str, *scopes: str) -> APIClient:
        """A client that carries a token of somebody."""
        return bearing(make_token(self.users[who], *scopes))


def make_token(user: User, *scopes: str, days: int = 1) -> str:
    """A living token with these scopes."""
    row, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    TokenGrant.objects.create(token=row, name="test", scopes=list(scopes))
    return str(token)


def bearing(token: str) -> APIClient:
    """A client that carries this token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def opening(**changes: Any) -> dict[str, Any]:
    """A body that opens a pause of `HARP` now."""
    body = {
        "project": "HARP",
        "reason_code": "budget",
        "starts_at": "now",
        "next_update_by": (timezone.now() + timedelta(days=2)).isoformat(),
        **ANSWERS,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def _people() -> dict[str, User]:
    users = {
        name: UserFactory.make(email=f"{name.replace(' ', '-')}@firm.example", name=name.title())
        for name in ("contractor", "stranger", "lead", "other lead", "operations", "finance", "auditor")
    }
    for name, role in (
        ("operations", Role.OPERATIONS),
        ("finance", Role.FINANCE),
        ("auditor", Role.AUDITOR),
    ):
        RoleGrantFactory.make(user=users[name], role=role)
    return users


def make_world() -> World:
    """Ana works on `CHORDUS`, which her lead has paused an hour ago; a stranger works on `HARP`."""
    at, users = timezone.now(), _people()
    orion, lyra = ClientFactory.make(code="ORION", name="Orion"), ClientFactory.make(code="LYRA", name="Lyra")
    chordus = ProjectFactory.make(client=orion, code="CHORDUS", name="Chords", leads=[users["lead"]])
    harp = ProjectFactory.make(client=lyra, code="HARP", name="Harps", leads=[users["other lead"]])
    ana = ContractorFactory.make(name="Ana", email="ana@people.example", user=users["contractor"])
    stranger = ContractorFactory.make(name="Sam", email="sam@people.example", user=users["stranger"])
    engagement = EngagementFactory.make(contractor=ana, project=chordus)
    EngagementFactory.make(contractor=stranger, project=harp)
    RateFactory.make(engagement=engagement)
    add_endpoint(
        facts=EndpointFacts("Payroll", "https://hooks.example/", ("pause.opened",)), by=users["lead"], at=at
    )
    pause = open_pause(
        project=chordus,
        answers=PauseAnswers(**ANSWERS, next_update_by=at + timedelta(days=2), confidential_note=SECRET),
        terms=PauseTerms(reason_code="security_incident"),
        by=users["lead"],
        at=at - timedelta(hours=1),
    )
    estimate = LostIncomeEstimateFactory.make(
        run=EstimateRunFactory.make(pause=pause, asked_at=at, finished_at=at),
        engagement=engagement,
        lines=[{"kind": "usual", "label": "usual.hour", "params": {"weeks": 13}, "minor": 80_000, "seconds": 144_000}],
    )  # fmt: skip
    EstimateWeekFactory.make(estimate=estimate)
    OpenSeatFactory.make(project=harp, opened_on=(at - timedelta(days=1)).date(), countries=["PH"])
    ScopeReassessmentFactory.make(
        project=chordus, pause=pause, next_update_by=at + timedelta(days=3), confidential_note=SECRET
    )
    return World(orion, chordus, harp, engagement, pause, users, at)


def with_more(world: World) -> World:
    """Also: Ana was offered a seat on `HARP`, a backdated pause of it waits for a second person, Ana has hours."""
    at, lead, seat = world.at, world.users["other lead"], OpenSeat.objects.get()
    Candidacy.objects.create(
        seat=seat, contractor=world.ana, state="offered", offered_at=at, offered_by=lead,
        starts_on=(at + timedelta(days=9)).date(), amount_millionths=seat.amount_millionths,
    )  # fmt: skip
    draft = save_draft(
        answers=PauseAnswers(**ANSWERS, next_update_by=at + timedelta(days=2), confidential_note=SECRET),
        terms=PauseTerms(reason_code="budget", starts_at=at - timedelta(days=3)),
        project=world.harp, by=lead, at=at,
    )  # fmt: skip
    Approval.objects.create(pause=draft, asked_by=lead, asked_at=at, reasons=["backdated"])
    HoursEntryFactory.make(engagement=world.engagement, worked_on=(at - timedelta(days=9)).date())
    CalendarDay.objects.create(country="PH", day=date(2027, 6, 14), name="Day after Independence Day")
    week = [28_800, 28_800, 28_800, 28_800, 0, 0, 28_800]
    WorkingWeek.objects.create(country="EG", starts_on=date(2026, 1, 1), weekday_seconds=week)
    return world
