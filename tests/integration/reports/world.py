"""A firm whose reports can be reckoned on paper: two clients, two currencies, three pauses, one still open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications import outbox
from notifications.messages import Channel, Recipient
from notifications.models import Delivery
from projects.models import Candidacy, Client, Engagement, Pause, PeriodLine, Project, Rate, User
from projects.notices import pause_message
from projects.operations.estimates import compute_now
from projects.operations.periods import close_period
from tests.factories import (
    AcknowledgementFactory,
    ClientFactory,
    HoursEntryFactory,
    OpenSeatFactory,
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


def go_on(firm: Firm) -> None:
    """Let more have happened: a notice sent, seats on offer, hours in a pause, periods closed and corrected."""
    Client.objects.filter(code="LYRA").update(notice_days=10)
    _notice(firm.open, firm.people[4])
    OpenSeatFactory.make(project=firm.musen, title="Reviewer", opened_on=MONDAY)
    Candidacy.objects.create(
        seat=OpenSeatFactory.make(project=firm.chordus, title="Writer", opened_on=MONDAY),
        contractor=firm.people[4].contractor,
        state="offered",
        interested_at=midnight(SECOND_MONDAY),
        offered_at=midnight(date(2026, 3, 18)),
        starts_on=date(2026, 4, 1),
        weekly_seconds=72_000,
        amount_millionths=18_000_000,
    )
    firm.open.notice_sent_at = midnight(SECOND_MONDAY)
    firm.open.save()
    HoursEntryFactory.make(
        engagement=firm.people[4], worked_on=date(2026, 3, 18), recorded_at=midnight(date(2026, 3, 19))
    )
    firm.ended.closed_at = midnight(NEXT_MONDAY)
    firm.ended.save()
    compute_now(pause=firm.ended, at=midnight(date(2026, 3, 4)), as_of=date(2026, 3, 3))
    close_period(last_day=NEXT_MONDAY, first_day=MONDAY, by=None, at=AT)
    # As if Ana's first week and Eve's standby had been booked otherwise: the next period takes it back.
    PeriodLine.objects.filter(engagement=firm.people[0], week_starts_on=MONDAY).update(
        standby_minor=10_000, lost_minor=F("lost_minor") - 10_000
    )
    close_period(last_day=date(2026, 3, 20), by=None, at=AT)


def _notice(pause: Pause, engagement: Engagement) -> None:
    """A notice to one person: the mail was taken, the message in Slack was not yet."""
    at = midnight(SECOND_MONDAY)
    message = pause_message(
        template="pause_opened",
        pause=pause,
        update=PauseUpdateFactory.make(pause=pause, at=at),
        locales={"en"},
        at=at,
    )
    person = engagement.contractor
    addresses = {Channel.EMAIL: person.email, Channel.SLACK_DM: "U1"}
    with transaction.atomic():
        outbox.stage(
            message,
            recipients=[Recipient(f"contractor:{person.pk}", person.name, "en", "UTC", addresses)],
            at=at,
        )
    Delivery.objects.filter(channel="email").update(state="sent", recorded_at=at + timedelta(minutes=5))


def member(role: str) -> User:
    """Somebody with a firm-wide role."""
    user: User = UserFactory.make(name=role.title())
    RoleGrantFactory.make(user=user, role=role)
    return user
