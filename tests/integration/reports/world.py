"""A firm whose reports can be reckoned on paper: two clients, two currencies, three pauses, one still open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from projects.models import Engagement, Pause, Project, Rate, User
from tests.factories import (
    AcknowledgementFactory,
    ClientFactory,
    PauseFactory,
    PauseUpdateFactory,
    ProjectFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.integration.estimates.world import (
    MONDAY,
    NEXT_MONDAY,
    SECOND_MONDAY,
    colleague,
    estimated,
    midnight,
)

AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
AS_OF = date(2026, 3, 30)
PEOPLE = (("Ana Reyes", "PH"), ("Ben Okafor", "KE"), ("=Carla Cruz", "ES"))


@dataclass(frozen=True)
class Firm:
    """What the tests look at."""

    chordus: Project
    musen: Project
    harp: Project
    ended: Pause
    orion: Pause
    open: Pause
    people: list[Engagement]


def make_firm() -> Firm:
    """ORION has CHORDUS (Ana, Ben and, paid in euros, Carla) and MUSEN (Dan); LYRA has HARP (Eve)."""
    orion, lyra = (
        ClientFactory.make(code="ORION", name="Orion Labs"),
        ClientFactory.make(code="LYRA", name="Lyra"),
    )
    chordus = ProjectFactory.make(client=orion, code="CHORDUS", name="Chordus")
    musen = ProjectFactory.make(client=orion, code="MUSEN", name="Musen")
    harp = ProjectFactory.make(client=lyra, code="HARP", name="Harp")
    people = [colleague(chordus, name=name, country=country) for name, country in PEOPLE]
    Rate.objects.filter(engagement=people[2]).update(currency="EUR", amount_millionths=17_333_333)
    people += [
        colleague(musen, name="Dan Silva", country="US"),
        colleague(harp, name="Eve Kamau", country="KE"),
    ]
    ended = _over(chordus, MONDAY, NEXT_MONDAY)
    whole = PauseFactory.make(
        project=None,
        client=orion,
        starts_at=midnight(NEXT_MONDAY),
        ends_at=midnight(SECOND_MONDAY),
        state="ended",
    )
    still = PauseFactory.make(project=harp, starts_at=midnight(SECOND_MONDAY), standby_share_bp=2_500)
    for pause in (ended, whole, still):
        estimated(pause, as_of=AS_OF)
    return Firm(chordus, musen, harp, ended, whole, still, people)


def _over(project: Project, starts_on: date, ends_on: date) -> Pause:
    pause: Pause = PauseFactory.make(
        project=project, starts_at=midnight(starts_on), ends_at=midnight(ends_on), state="ended"
    )
    return pause


def tell(firm: Firm) -> None:
    """Let some of what happens around a pause have happened: words kept and late, people who have seen it."""
    PauseUpdateFactory.make(
        pause=firm.ended, at=midnight(date(2026, 3, 3)), promised_by=midnight(date(2026, 3, 4))
    )
    PauseUpdateFactory.make(
        pause=firm.ended,
        at=datetime(2026, 3, 6, 6, tzinfo=UTC),
        promised_by=midnight(date(2026, 3, 6)),
        kind="ended",
    )
    AcknowledgementFactory.make(
        pause=firm.ended, contractor=firm.people[0].contractor, opened_at=midnight(MONDAY)
    )


def member(role: str) -> User:
    """Somebody with a firm-wide role."""
    user: User = UserFactory.make(name=role.title())
    RoleGrantFactory.make(user=user, role=role)
    return user
