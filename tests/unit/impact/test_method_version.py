"""What the method answers is pinned to its version: a changed formula needs a new version, and only that does."""

from datetime import date, timedelta
from hashlib import sha256

import numpy as np

from projects.impact.context import FirmContext, build_context
from projects.impact.estimate import estimate_people
from projects.impact.inputs import History, MaskedSpan, PersonInputs, RateSpan, StandbyTerms
from projects.impact.panel import PanelWeeks
from projects.impact.results import METHOD_VERSION, EngagementEstimate
from tests.unit.impact.builders import BEGAN, MONDAY, engagement, hourly, pause, person, steady, worked

PINNED = {
    "2026.2": "85dece2274b4b5ab81e25a7869fd31ebfa0c501060573aee0a648c0c67a5d3cc",
    "2026.3": "1c5c0459d5a03473b537a535a4bca88a6db5fcee105c7104d1483e2fccb1e87e",
}
"""Never change the digest of a version that has been published: add the new version's."""
WEEKS, PEOPLE = 60, 240
UNTIL = MONDAY + timedelta(weeks=8)


def firm() -> FirmContext:
    """A firm of two hundred and forty people whose weeks are given by a seed."""
    chance = np.random.default_rng(20_250_901)
    usual = chance.integers(4, 45, PEOPLE)
    is_on = chance.random((WEEKS, PEOPLE)) < chance.integers(50, 100, PEOPLE) / 100
    hours = is_on * (usual + chance.integers(-4, 5, (WEEKS, PEOPLE)))
    start = chance.integers(0, WEEKS - 8, PEOPLE)
    hours[np.arange(WEEKS)[:, None] < start] = 0
    panel = PanelWeeks(
        np.maximum(hours, 0).astype(np.float32),
        start.astype(np.int32),
        chance.integers(0, 6, PEOPLE).astype(np.int32),
    )
    return build_context(panel, as_of=MONDAY, projects=[f"P{label}" for label in range(6)])


def uneven(*, seed: int) -> History:
    """A year of days given by a seed."""
    chance = np.random.default_rng(seed)
    days = [BEGAN + timedelta(days=n) for n in range((MONDAY - BEGAN).days)]
    return History.from_days(
        (day, int(chance.integers(1, 10)) * 3_600, int(chance.integers(1, 30)))
        for day in days
        if chance.random() < 0.6
    )


def people() -> list[PersonInputs]:
    """One person for each thing a formula speaks of."""
    standby = StandbyTerms(share_bp=1_250, daily_minor=1_000, max_days=7)
    cap = hourly(20, max_weekly_seconds=30 * 3_600)
    by_task = RateSpan(BEGAN, "task", 450_000, "USD")
    monthly = RateSpan(BEGAN, "month", 3_100_000_000, "EUR", 144_000)
    leave = MaskedSpan(MONDAY + timedelta(days=7), MONDAY + timedelta(days=12), "leave")
    during = tuple(worked(MONDAY + timedelta(days=day), 3.5) for day in (1, 2, 15))
    return [
        person(engagement(pauses=(pause(),)), country="US", masked=(leave,)),
        person(engagement(pauses=(pause(remaining_bp=4_000, standby=standby),), history=uneven(seed=1))),
        person(engagement(pauses=(pause(),), rates=(cap, hourly(23, starts_on=date(2025, 9, 10))))),
        person(engagement(pauses=(pause(ends_on=None),), rates=(by_task,), history=uneven(seed=2))),
        person(engagement(pauses=(pause(),), rates=(monthly,)), country="DE"),
        person(engagement(pauses=(pause(),), history=History.empty())),
        person(
            engagement(pauses=(pause(),), history=uneven(seed=3)),
            engagement("e2", project="P2", history=steady(hours=2), earned=during),
            as_of=MONDAY + timedelta(weeks=3),
        ),
    ]


def words(one: EngagementEstimate) -> str:
    """What is pinned: every amount to the unit, ranges to the hundred, since their last digit is a library's."""
    ranges = (one.low80_minor, one.high80_minor, one.low95_minor, one.high95_minor, one.spread_minor)
    return repr(
        (
            one.engagement,
            one.currency,
            one.usual_weekly_seconds,
            one.expected_seconds,
            one.expected_minor,
            one.earned_minor,
            one.recovered_minor,
            one.standby_minor,
            one.lost_minor,
            tuple(round(bound, -2) for bound in ranges),
            one.reasons,
            one.lines,
            one.weeks,
            one.pauses,
        )
    )


def test_what_the_method_answers_changes_only_with_its_version() -> None:
    found = estimate_people(people(), firm(), until=UNTIL)
    assert [len(estimates) for estimates in found] == [1] * len(found)
    digest = sha256("\n".join(words(one) for estimates in found for one in estimates).encode()).hexdigest()
    assert PINNED.get(METHOD_VERSION) == digest, (
        f"The method answers otherwise than version {METHOD_VERSION} did. Give METHOD_VERSION a new value and pin "
        f"{digest} to it."
    )
