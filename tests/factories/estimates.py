"""Makes estimate runs that are done, their chunks, estimates and weeks."""

from datetime import timedelta

import factory

from projects.models import EstimateChunk, EstimateRun, EstimateWeek, LostIncomeEstimate
from projects.models.estimates import RunState
from tests.factories.base import NOW, TODAY, RowFactory
from tests.factories.pauses import PauseFactory
from tests.factories.work import EngagementFactory


class EstimateRunFactory(RowFactory[EstimateRun]):
    """A run of today that is done."""

    class Meta:
        model = EstimateRun

    pause = factory.SubFactory(PauseFactory)
    as_of = TODAY
    method_version = "test.1"
    state = RunState.DONE
    asked_at = NOW
    finished_at = NOW


class EstimateChunkFactory(RowFactory[EstimateChunk]):
    """A chunk of everybody, still to be computed."""

    class Meta:
        model = EstimateChunk

    run = factory.SubFactory(EstimateRunFactory)
    number = factory.Sequence(lambda n: n)
    first_contractor_id = 1
    last_contractor_id = 1_000_000


class LostIncomeEstimateFactory(RowFactory[LostIncomeEstimate]):
    """One week at 40 hours of 20 dollars lost: 800 dollars, give or take."""

    class Meta:
        model = LostIncomeEstimate

    run = factory.SubFactory(EstimateRunFactory)
    engagement = factory.SubFactory(EngagementFactory)
    currency = "USD"
    starts_on = TODAY
    ends_on = TODAY + timedelta(days=7)
    expected_seconds = 144_000
    expected_minor = 80_000
    lost_minor = factory.LazyAttribute(
        lambda row: row.expected_minor - row.earned_minor - row.recovered_minor - row.standby_minor
    )
    earned_minor = 0
    recovered_minor = 0
    standby_minor = 0
    low80_minor = factory.LazyAttribute(lambda row: row.lost_minor - 10_000)
    high80_minor = factory.LazyAttribute(lambda row: row.lost_minor + 10_000)
    low95_minor = factory.LazyAttribute(lambda row: row.lost_minor - 20_000)
    high95_minor = factory.LazyAttribute(lambda row: row.lost_minor + 20_000)
    weekly_expected_minor = 80_000
    inputs_fingerprint = "0" * 64


class EstimateWeekFactory(RowFactory[EstimateWeek]):
    """The only week of an estimate."""

    class Meta:
        model = EstimateWeek

    estimate = factory.SubFactory(LostIncomeEstimateFactory)
    week_starts_on = TODAY
    expected_seconds = factory.SelfAttribute("estimate.expected_seconds")
    expected_minor = factory.SelfAttribute("estimate.expected_minor")
    earned_minor = factory.SelfAttribute("estimate.earned_minor")
    recovered_minor = factory.SelfAttribute("estimate.recovered_minor")
    standby_minor = factory.SelfAttribute("estimate.standby_minor")
    lost_minor = factory.SelfAttribute("estimate.lost_minor")
