"""The people of the portal's tests: Ana in Manila whose work has stopped, her lead, and a stranger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from projects.domain.periods import local_day, monday_of
from projects.models import Client, Contractor, Engagement, Pause, PauseUpdate, Project, User
from projects.models.pauses import ExpectedResume, ReasonCode
from tests.factories import (
    ClientFactory,
    ContractorFactory,
    EngagementFactory,
    EstimateRunFactory,
    EstimateWeekFactory,
    LostIncomeEstimateFactory,
    OpenSeatFactory,
    PauseFactory,
    PauseUpdateFactory,
    ProjectFactory,
    RateFactory,
    UserFactory,
)

WEEKS = 6


@dataclass(frozen=True)
class World:
    """Rows that tests speak of."""

    ana: Contractor
    lead: User
    chordus: Project
    engagement: Engagement
    pause: Pause
    at: datetime

    @property
    def user(self) -> User:
        """Ana's login."""
        return login_of(self.ana)

    def reader_today(self) -> date:
        """The date on Ana's own calendar."""
        return local_day(self.at, self.ana.time_zone)


def login_of(contractor: Contractor) -> User:
    """The login of a contractor who has one."""
    assert contractor.user is not None
    return contractor.user


def person(name: str, email: str, **fields: object) -> Contractor:
    """A contractor with a login."""
    user = User.objects.create_user(
        email, name=name
    )  # no password: signs in by code, as the roster makes them
    return ContractorFactory.make(name=name, email=email, user=user, **fields)


def make_world(*, locale: str = "en-PH") -> World:
    """Ana is paused on CHORDUS since yesterday, works on MUSEN, and has left HARP; two seats are open elsewhere."""
    at = timezone.now()
    since = at - timedelta(days=1, hours=3)
    orion = ClientFactory.make(code="ORION", name="Orion Labs")
    lyra = ClientFactory.make(code="LYRA", name="Lyra Audio")
    lead = UserFactory.make(email="lea@firm.example", name="Lea Diaz")
    chordus = ProjectFactory.make(
        client=orion, code="CHORDUS", name="Chord transcription", time_zone="Asia/Manila"
    )
    chordus.leads.add(lead)
    musen = ProjectFactory.make(client=orion, code="MUSEN", name="Music ratings")
    harp = ProjectFactory.make(client=lyra, code="HARP", name="Harp tuning")
    ana = person("Ana Reyes", "ana@people.example", locale=locale)
    start = (at - timedelta(days=200)).date()
    engagement = EngagementFactory.make(contractor=ana, project=chordus, starts_on=start, ends_on=None)
    EngagementFactory.make(contractor=ana, project=musen, starts_on=start, ends_on=None)
    ended = (at - timedelta(days=40)).date()
    EngagementFactory.make(contractor=ana, project=harp, starts_on=start, ends_on=ended)
    RateFactory.make(engagement=engagement, starts_on=start, amount_millionths=12_500_000, currency="USD")
    pause = PauseFactory.make(
        project=chordus,
        starts_at=since,
        opened_at=since,
        opened_by=lead,
        reason_code=ReasonCode.SECURITY_INCIDENT,
        what_stopped="All work on CHORDUS. Please do not open the labelling tool.",
        why="Orion found that somebody got into one of its systems. It has stopped all work while it looks into this.",
        what_happens_to_pay="All hours you worked before the pause are paid on the usual day. "
        "Hours after it are not paid.",
        what_to_do_now="You do not need to do anything. Do not log hours on CHORDUS.",
        next_update_by=at + timedelta(days=2, hours=4),
        expected_resume=ExpectedResume.WINDOW,
        expected_resume_from=(at + timedelta(days=6)).date(),
        expected_resume_until=(at + timedelta(days=16)).date(),
        standby_share_bp=2_000,
        standby_daily_minor=1_000,
        standby_currency="USD",
        standby_max_days=5,
    )
    _tell_and_offer(pause, lyra=lyra, since=since, at=at, start=start)
    return World(ana=ana, lead=lead, chordus=chordus, engagement=engagement, pause=pause, at=at)


def _tell_and_offer(pause: Pause, *, lyra: Client, since: datetime, at: datetime, start: date) -> None:
    """Two words on the pause's timeline, and two seats that are open elsewhere."""
    lead = pause.opened_by
    PauseUpdateFactory.make(
        pause=pause,
        kind=PauseUpdate.Kind.OPENED,
        text=pause.what_stopped,
        at=since,
        by=lead,
        next_update_by=at,
    )
    PauseUpdateFactory.make(
        pause=pause,
        kind=PauseUpdate.Kind.EXTENDED,
        text="Orion now expects its checks to take one to two weeks. Nothing of yours was lost.",
        at=at - timedelta(hours=2),
        by=lead,
        promised_by=at - timedelta(hours=7),
        next_update_by=pause.next_update_by,
        changes={
            "expected_resume": ["unknown", "window"],
            "expected_resume_from": ["None", str(pause.expected_resume_from)],
            "next_update_by": ["", ""],
        },
    )
    for title, project in (("Accent labeller", "NOVA"), ("Lyrics reviewer", "VIOLA")):
        OpenSeatFactory.make(
            project=ProjectFactory.make(client=lyra, code=project, name=project.title()),
            title=title,
            seats=3,
            amount_millionths=13_000_000,
            currency="USD",
            weekly_seconds=72_000,
            countries=["PH", "IN"],
            opened_on=start,
            closes_on=None,
        )


def make_estimate(world: World, **figures: object) -> None:
    """What the pause costs Ana: six weeks of 40 hours at 12.50, a fifth as standby pay, one day earned."""
    monday = monday_of(world.pause.starts_at.date())
    expected, earned, standby = WEEKS * 50_000, 10_000, WEEKS * 10_000
    lines = [
        _line("usual", "usual.hour", expected + 20_000, WEEKS * 144_000 + 57_600, **_span(monday)),
        _line("holidays", "holidays", -20_000, -57_600),
        _line("earned", "earned", -earned, -28_800),
        _line("standby", "standby", -standby, None),
        _line("note", "note.worked_after_notice", 0, 7_200, day=world.at.date().isoformat()),
    ]
    estimate = LostIncomeEstimateFactory.make(
        run=EstimateRunFactory.make(
            pause=world.pause,
            as_of=world.at.date(),
            asked_at=world.at,
            finished_at=world.at,
            context={"horizons": {str(world.chordus.pk): {"until": "", "why": "expected_resume"}}},
        ),
        engagement=world.engagement,
        currency="USD",
        starts_on=monday,
        ends_on=monday + timedelta(weeks=WEEKS),
        **{
            "expected_seconds": WEEKS * 144_000,
            "expected_minor": expected,
            "earned_minor": earned,
            "standby_minor": standby,
            "weekly_expected_minor": 50_000,
            "usual_weekly_seconds": 144_000,
            "reasons": ["missing_timesheets", "short_history"],
            "lines": lines,
            **figures,
        },
    )
    for number in range(WEEKS):
        EstimateWeekFactory.make(
            estimate=estimate,
            week_starts_on=monday + timedelta(weeks=number),
            expected_seconds=144_000,
            expected_minor=50_000,
            earned_minor=earned if number == 0 else 0,
            recovered_minor=0,
            standby_minor=10_000,
            lost_minor=50_000 - 10_000 - (earned if number == 0 else 0),
        )


def _span(monday: date) -> dict[str, object]:
    return {
        "days": WEEKS * 5,
        "from": monday.isoformat(),
        "through": (monday + timedelta(weeks=WEEKS, days=-1)).isoformat(),
        "rate_millionths": 12_500_000,
        "currency": "USD",
    }


def _line(kind: str, label: str, minor: int, seconds: int | None, **params: object) -> dict[str, object]:
    return {
        "kind": kind,
        "label": f"impact.line.{label}",
        "params": params,
        "seconds": seconds,
        "minor": minor,
    }
