"""The weekly figure of a preview: whole for few people, a fair sample for many."""

from datetime import date, timedelta

import pytest

from projects.models import Contractor, Engagement, HoursEntry, Rate
from projects.queries.usual_pay import usual_pay_of
from tests.factories import EngagementFactory, ProjectFactory, RateFactory, work_weeks
from tests.factories.base import NOW, TODAY

pytestmark = pytest.mark.django_db
PEOPLE = 6_000


def crowd() -> None:
    """6,000 people who worked ten hours a week ago for 13 units an hour, turn and turn about in dollars and euros."""
    project = ProjectFactory.make()
    people = Contractor.objects.bulk_create(
        [Contractor(name=f"P{n}", email=f"p{n}@people.example", country="PH") for n in range(PEOPLE)]
    )
    terms = Engagement.objects.bulk_create(
        [Engagement(contractor=person, project=project, starts_on=date(2025, 1, 1)) for person in people]
    )
    rate = {"starts_on": date(2025, 1, 1), "basis": "hour", "amount_millionths": 13_000_000}
    Rate.objects.bulk_create(
        [Rate(engagement=term, currency=("USD", "EUR")[n % 2], **rate) for n, term in enumerate(terms)]
    )
    entry = {
        "worked_on": TODAY - timedelta(days=7),
        "seconds": 36_000,
        "source": "manual",
        "recorded_at": NOW,
    }
    HoursEntry.objects.bulk_create([HoursEntry(engagement=term, content_hash="x", **entry) for term in terms])


def test_a_sample_does_not_fall_in_step_with_the_order_in_which_people_were_recorded() -> None:
    crowd()
    usual = usual_pay_of(Engagement.objects.all(), today=TODAY)
    assert usual.is_sample
    assert [row.currency for row in usual.pay] == ["EUR", "USD"]
    for row in usual.pay:
        assert row.low_minor <= PEOPLE // 2 * 1_000 <= row.high_minor
        assert abs(row.people - PEOPLE // 2) < 300


def test_few_people_are_all_counted_and_weeks_without_hours_count_as_nothing() -> None:
    engagement = EngagementFactory.make()
    RateFactory.make(engagement=engagement)
    work_weeks(engagement, weeks=6)
    usual = usual_pay_of(Engagement.objects.all(), today=TODAY)
    assert not usual.is_sample
    assert usual.pay[0].central_minor == 36_923  # 6 weeks of 800 dollars over 13


def test_an_engagement_without_a_rate_is_counted_as_unknown() -> None:
    work_weeks(EngagementFactory.make())
    usual = usual_pay_of(Engagement.objects.all(), today=TODAY)
    assert usual.pay == ()
    assert usual.people_without_hours == 1


def test_it_is_most_of_what_somebody_earns_only_above_one_half() -> None:
    mine = EngagementFactory.make()
    other = EngagementFactory.make(contractor=mine.contractor)
    for engagement, seconds in ((mine, 14_400), (other, 18_000)):
        RateFactory.make(engagement=engagement)
        work_weeks(engagement, seconds=seconds)
    alone = Engagement.objects.filter(pk=mine.pk)
    assert usual_pay_of(alone, today=TODAY).people_mostly == 0
    assert usual_pay_of(Engagement.objects.filter(pk=other.pk), today=TODAY).people_mostly == 1
