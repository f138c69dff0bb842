"""The people of the desk's tests: Lea, who leads CHORDUS of ORION, and everybody her pause would stop."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from notifications.models import Suppression
from projects.models import Client, Contractor, Pause, Project, User
from projects.models.people import Role
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from tests.factories import (
    ClientFactory,
    ContractorFactory,
    EngagementFactory,
    OpenSeatFactory,
    ProjectFactory,
    RateFactory,
    RoleGrantFactory,
    UserFactory,
    work_weeks,
)

PLACES = (("PH", "Asia/Manila"), ("KE", "Africa/Nairobi"), ("CO", "America/Bogota"), ("IN", "Asia/Kolkata"))


@dataclass(frozen=True)
class Desk:
    """Rows that tests speak of."""

    lead: User
    stranger: User
    orion: Client
    chordus: Project
    harp: Project
    people: tuple[Contractor, ...]


def make_desk(*, people: int = 6, with_hours: bool = True) -> Desk:
    """CHORDUS with `people` engaged people in four countries, one of whom no channel reaches; HARP is another's."""
    lead = UserFactory.make(email="lea@firm.example", name="Lea Diaz", is_staff=True)
    stranger = UserFactory.make(email="sam@firm.example", name="Sam Otieno", is_staff=True)
    orion = ClientFactory.make(code="ORION", name="Orion Labs")
    chordus = ProjectFactory.make(
        client=orion, code="CHORDUS", name="Chordus", leads=[lead], time_zone="Europe/Berlin"
    )
    harp = ProjectFactory.make(code="HARP", name="Harp", leads=[stranger])
    engaged = tuple(_engaged(chordus, number, with_hours=with_hours) for number in range(people))
    EngagementFactory.make(project=harp, contractor=ContractorFactory.make(name="Stranger of Harp"))
    OpenSeatFactory.make(project=chordus)
    Suppression.objects.create(
        channel="email", address=engaged[-1].email, reason="refused for good", since=timezone.now()
    )
    return Desk(lead, stranger, orion, chordus, harp, engaged)


def _engaged(project: Project, number: int, *, with_hours: bool) -> Contractor:
    country, zone = PLACES[number % len(PLACES)]
    person = ContractorFactory.make(
        name=f"Person {number:04d}", email=f"person{number}@people.example", country=country, time_zone=zone
    )
    ends_on = timezone.now().date() + timedelta(days=10) if number == 1 else None
    engagement = EngagementFactory.make(project=project, contractor=person, ends_on=ends_on)
    if with_hours:
        RateFactory.make(engagement=engagement)
        work_weeks(engagement, until=timezone.now().date())
    return person


def answers(**other: object) -> PauseAnswers:
    """Six whole answers, with the next word in two days."""
    facts: dict[str, object] = {
        "what_stopped": "All work on Chordus stops.",
        "why": "The client is looking into a security incident.",
        "what_happens_to_pay": "Hours worked before the pause are paid.",
        "what_to_do_now": "Ask your lead about other work.",
        "next_update_by": timezone.now() + timedelta(days=2),
    }
    return PauseAnswers(**{**facts, **other})  # type: ignore[arg-type]


def pause_of(desk: Desk, *, at: datetime | None = None, **other: object) -> Pause:
    """CHORDUS paused by Lea, two hours ago."""
    since = at or timezone.now() - timedelta(hours=2)
    return open_pause(
        project=desk.chordus,
        answers=answers(**other),
        terms=PauseTerms(reason_code="security_incident"),
        by=desk.lead,
        at=since.astimezone(UTC),
    )


def with_role(role: Role) -> User:
    """Somebody with a firm-wide role."""
    user = UserFactory.make(email=f"{role}@firm.example", name=f"{role.label} person", is_staff=True)
    RoleGrantFactory.make(user=user, role=role)
    return user
