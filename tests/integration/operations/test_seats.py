"""Open seats: who they fit, interest, offer and answer, and what is accepted counts as recovered."""

from datetime import timedelta

import pytest

from notifications.models import Delivery
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import Candidacy, Contractor, Engagement, OpenSeat, Project, Rate, User
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.seats import (
    OfferTerms,
    accept_offer,
    decline_offer,
    express_interest,
    offer_seat,
    set_skills,
)
from projects.queries.seats import SeatMatch, seat_for, seats_for
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    OpenSeatFactory,
    ProjectFactory,
    RateFactory,
    UserFactory,
)
from tests.factories.base import NOW, TODAY
from tests.integration.estimates.world import colleague, estimated, row_of

pytestmark = pytest.mark.django_db
TERMS = OfferTerms(starts_on=TODAY, amount_millionths=19_000_000, weekly_seconds=20 * 3600)


@pytest.fixture
def host() -> User:
    """Who leads the project that has seats open."""
    return UserFactory.make(name="Hana Oduya", is_staff=True)


@pytest.fixture
def seat(host: User) -> OpenSeat:
    """One seat in the Philippines at 18 to 22 US dollars an hour."""
    harp = ProjectFactory.make(code="HARP", leads=[host])
    return OpenSeatFactory.make(
        project=harp, seats=1, skills=["annotation", "audio"], countries=["PH"],
        amount_millionths=18_000_000, highest_millionths=22_000_000, weekly_seconds=20 * 3600,
    )  # fmt: skip


@pytest.fixture
def ana(project: Project) -> Contractor:
    """Somebody at 20 US dollars an hour for 40 hours a week, with a login."""
    ana = ContractorFactory.make(name="Ana Reyes", user=UserFactory.make())
    RateFactory.make(engagement=EngagementFactory.make(project=project, contractor=ana))
    return ana


def shown(contractor: Contractor) -> SeatMatch:
    (match,) = seats_for(contractor, at=NOW)
    return match


def test_a_seat_says_how_it_fits_and_pays_against_what_somebody_has(
    seat: OpenSeat, ana: Contractor, project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    set_skills(contractor=ana, skills=[" Annotation ", "annotation"], by=ana.user, at=NOW)

    match = shown(ana)

    assert (match.skills_matched, match.skills_missing) == (("annotation",), ("audio",))
    assert match.own is not None
    assert (match.own.lowest_bp, match.own.highest_bp, match.own.direction) == (-1000, 1000, "either")
    assert (match.hours_fit, match.seats_left) == (True, 1)


def test_a_seat_of_another_country_a_stopped_project_or_ones_own_is_not_shown(
    seat: OpenSeat, ana: Contractor, project: Project, host: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    OpenSeatFactory.make(countries=["CO"])
    OpenSeatFactory.make(project=project)
    assert shown(ana).seat_id == seat.pk

    EngagementFactory.make(project=seat.project)
    open_pause(project=seat.project, answers=answers, terms=terms, by=host, at=NOW)
    assert seats_for(ana, at=NOW) == ()


def test_interest_an_offer_and_a_yes_make_an_engagement_and_each_is_told_to_the_other_side(
    seat: OpenSeat, ana: Contractor, host: User
) -> None:
    express_interest(seat=seat, contractor=ana, by=ana.user, at=NOW, words="From Monday on.")
    offer_seat(seat=seat, contractor=ana, terms=TERMS, by=host, at=NOW)
    candidacy = accept_offer(seat=seat, contractor=ana, by=ana.user, at=NOW)

    engagement = Engagement.objects.get(project=seat.project, contractor=ana)
    rate = Rate.objects.get(engagement=engagement)
    assert candidacy.engagement == engagement
    assert (rate.amount_millionths, rate.contracted_weekly_seconds) == (19_000_000, 20 * 3600)
    told = Delivery.objects.filter(channel="email").order_by("pk").values_list("notice__kind", "address")
    assert list(told) == [
        ("seat.interest", host.email),
        ("seat.offered", ana.email),
        ("seat.accepted", host.email),
    ]
    match = shown(ana)
    assert match.candidacy is not None
    assert match.candidacy.state == "accepted"


def test_the_last_seat_is_offered_to_one_person_and_is_free_again_after_a_no(
    seat: OpenSeat, ana: Contractor, host: User
) -> None:
    ben = ContractorFactory.make(user=UserFactory.make())
    for person in (ana, ben):
        express_interest(seat=seat, contractor=person, by=person.user, at=NOW)
    offer_seat(seat=seat, contractor=ana, terms=TERMS, by=host, at=NOW)
    with pytest.raises(UnableToEngage, match="promised to somebody"):
        offer_seat(seat=seat, contractor=ben, terms=TERMS, by=host, at=NOW)

    decline_offer(seat=seat, contractor=ana, by=ana.user, at=NOW)

    assert offer_seat(seat=seat, contractor=ben, terms=TERMS, by=host, at=NOW).state == "offered"


def test_nobody_answers_for_somebody_else_and_no_lead_offers_to_a_stranger(
    seat: OpenSeat, ana: Contractor, host: User, lead: User
) -> None:
    with pytest.raises(NotAllowed):
        express_interest(seat=seat, contractor=ana, by=host, at=NOW)
    with pytest.raises(NotAllowed):
        offer_seat(seat=seat, contractor=ana, terms=TERMS, by=host, at=NOW)
    with pytest.raises(NotAllowed):
        offer_seat(seat=seat, contractor=ana, terms=TERMS, by=lead, at=NOW)
    assert not Candidacy.objects.exists()


def test_a_seat_that_closed_or_an_offer_outside_its_range_is_refused(
    seat: OpenSeat, ana: Contractor, host: User
) -> None:
    express_interest(seat=seat, contractor=ana, by=ana.user, at=NOW)
    cheap = OfferTerms(starts_on=TODAY, amount_millionths=17_000_000)
    with pytest.raises(UnableToEngage, match="in the seat’s range"):
        offer_seat(seat=seat, contractor=ana, terms=cheap, by=host, at=NOW)

    OpenSeat.objects.update(closes_on=TODAY)
    ben = ContractorFactory.make(user=UserFactory.make())
    assert seat_for(ben, seat.pk, at=NOW) is None
    with pytest.raises(UnableToEngage, match="no longer open to you"):
        express_interest(seat=seat, contractor=ben, by=ben.user, at=NOW)


def test_hours_accepted_on_a_seat_count_as_recovered_before_any_are_logged(
    project: Project, lead: User, host: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    engagement = colleague(project, user=UserFactory.make())
    ana = engagement.contractor
    seat = OpenSeatFactory.make(project=ProjectFactory.make(leads=[host]), amount_millionths=19_000_000)
    pause = open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    express_interest(seat=seat, contractor=ana, by=ana.user, at=NOW)
    offer_seat(seat=seat, contractor=ana, terms=TERMS, by=host, at=NOW)
    before = row_of(estimated(pause, as_of=TODAY), engagement)

    accept_offer(seat=seat, contractor=ana, by=ana.user, at=NOW + timedelta(hours=1))

    after = row_of(estimated(pause, as_of=TODAY), engagement)
    assert before.recovered_minor == 0
    assert after.recovered_minor == 4 * 20 * 1900
    assert after.lost_minor == before.lost_minor - after.recovered_minor
