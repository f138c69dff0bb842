"""The income impact adds up however it is grouped, and converts at dated rates only."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.domain.errors import NotAllowed, UnableToReport
from projects.queries.exchange_rates import rate_known
from projects.reports.catalogue import ask_for, report_named, table_of
from projects.reports.income_impact import NESTINGS
from projects.reports.table import Table, major
from projects.reports.writers.figures import amounts_of, figures_of
from tests.factories import UserFactory
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm, member

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept_firm(kept_rows: Callable[[], AbstractContextManager[None]]) -> Firm:
    """Five people, three pauses, dollars and euros."""
    with kept_rows():
        return make_firm()


@pytest.fixture
def firm(kept_firm: Firm) -> Firm:
    """The firm, for one test to do with as it likes."""
    return deepcopy(kept_firm)


def table(**asked: str) -> Table:
    """The income impact as of the tests' day."""
    report = report_named("income-impact")
    words = {name: [value] for name, value in asked.items()}
    found, _ = table_of(report, ask_for(report, words, as_of=AS_OF, by=None, at=AT))
    return found


def cells(found: Table, key: str) -> list[Any]:
    """One column's cells."""
    return [row[found.positions[key]] for row in found.open_rows()]


def test_any_nesting_adds_up_to_the_same_totals_in_each_currency(firm: Firm) -> None:
    for by in [*permutations(NESTINGS, 2), NESTINGS, tuple(reversed(NESTINGS)), ("currency",)]:
        sums = amounts_of(figures_of(table(by=",".join(by))).totals)
        # Ana, Ben and Dan: 5 weeks of 800.00; Eve: 6 weeks less a quarter of standby; Carla: 2 x 40 h at 17.333333
        assert (sums["USD", "lost"], sums["EUR", "lost"]) == (760_000, 138_666), by
        assert sums["USD", "standby"] == 120_000


def test_lost_so_far_is_the_weeks_that_have_ended_however_it_is_grouped(firm: Firm) -> None:
    # On Monday 30 March all but the last weeks of the two open pauses have ended.
    weekly = table(by="week,currency")
    rows = [dict(zip((c.key for c in weekly.columns), row, strict=True)) for row in weekly.open_rows()]
    for row in rows:
        assert row["lost_so_far"] == (row["lost"] if row["week"] <= date(2026, 3, 23) else 0)
    so_far = sum(row["lost_so_far"] for row in rows if row["currency"] == "USD")
    assert 0 < so_far < 760_000
    for by in ("client", "project,contractor", "pause", "currency,week"):
        assert amounts_of(figures_of(table(by=by)).totals)["USD", "lost_so_far"] == so_far, by
    (sentence,) = [note for note in table(by="client").notes if "USD" in note]
    assert f"${so_far / 100:,.2f} of it in weeks that have ended" in sentence


def test_rows_are_ordered_as_nested_and_subtotals_stand_for_each_group(firm: Firm) -> None:
    found = table(by="client,currency,contractor")
    assert cells(found, "client") == ["LYRA", "ORION", "ORION", "ORION", "ORION"]
    assert cells(found, "currency") == ["USD", "EUR", "USD", "USD", "USD"]
    groups = {group.path: group.totals for group in figures_of(found).groups}
    assert groups["ORION", "USD"][0].values["lost"] == 400_000


def test_filters_narrow_the_rows(firm: Firm) -> None:
    assert cells(table(by="project", client="orion"), "project") == ["CHORDUS", "CHORDUS", "MUSEN"]
    assert cells(table(by="contractor", country="KE"), "contractor") == ["Ben Okafor", "Eve Kamau"]
    assert cells(table(by="pause", pause=str(firm.ended.pk), currency="USD"), "lost") == [160_000]
    assert cells(
        table(by="week", first_week="2026-03-11", last_week="2026-03-16", currency="USD"), "week"
    ) == [
        date(2026, 3, 9),
        date(2026, 3, 16),
    ]


def test_a_converted_loss_stands_beside_its_rate_and_day_and_is_rounded_in_each_row(firm: Firm) -> None:
    found = table(by="contractor", **{"in": "USD"})
    rate = rate_known("EUR", "USD", as_of=AS_OF)
    for row in found.open_rows():
        cell: dict[str, Any] = dict(zip((column.key for column in found.columns), row, strict=True))
        expected = (major(cell["lost"], cell["currency"]) * cell["rate"]).quantize(Decimal("0.01"))
        assert major(cell["lost_in"], "USD") == expected
        assert cell["rate_on"] <= AS_OF
    assert cells(found, "rate") == [rate.rate, 1, 1, 1, 1]
    sums = amounts_of(figures_of(found).totals)
    assert sums["USD", "lost_in"] == sum(cells(found, "lost_in")) == 760_000 + rate.convert(138_666)


def test_a_rate_is_the_last_known_never_one_from_after_the_day() -> None:
    assert rate_known("EUR", "USD", as_of=date(2026, 4, 5)).on == date(2026, 4, 2)  # Easter Sunday
    assert rate_known("JPY", "KRW", as_of=date(2024, 1, 1)).on == date(2023, 12, 29)
    with pytest.raises(UnableToReport, match="no exchange rate from RUB to USD") as refused:
        rate_known("RUB", "USD", as_of=AS_OF)
    assert refused.value.field == "in"
    with pytest.raises(UnableToReport, match=r"no exchange rate from KES.*AUD"):
        rate_known("KES", "USD", as_of=AS_OF)


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"by": "weather"}, "by", "“weather” is not allowed; choose from pause, project, client, country"),
        ({"by": "project,project"}, "by", "once"),
        ({"client": "NOBODY"}, "client", "“NOBODY” is not allowed; choose from LYRA, ORION"),
        ({"currency": "XXQ"}, "currency", "“XXQ” is not allowed; choose from EUR, USD"),
        ({"in": "KES"}, "in", "“KES” is not allowed; choose from AUD"),
        ({"contractor": "ana"}, "contractor", "give numbers"),
        ({"contractor": "999999"}, "contractor", "there is no number 999999"),
        ({"first_week": "2026-03-02"}, "first_week", "only where “by” names week"),
        ({"by": "week", "first_week": "2026-02-30"}, "first_week", "is no day"),
        ({"by": "week", "first_week": "2026-03-16", "last_week": "2026-03-02"}, "last_week", "lies before"),
        ({"colour": "red"}, "colour", "takes no “colour”; it takes by, pause, client"),
    ],
)
def test_bad_input_is_refused_with_the_field_and_what_is_allowed(
    asked: dict[str, str], field: str, words: str, firm: Firm
) -> None:
    with pytest.raises(UnableToReport, match=words) as refused:
        table(**asked)
    assert refused.value.field == field


def test_a_day_to_come_is_refused(firm: Firm) -> None:
    report = report_named("income-impact")
    with pytest.raises(UnableToReport, match="the last day is today, 2026-03-30") as refused:
        ask_for(report, {}, as_of="2026-03-31", by=None, at=AT)
    assert refused.value.field == "as_of"


def test_who_has_no_firm_wide_role_is_not_allowed(firm: Firm) -> None:
    report = report_named("income-impact")
    for role in ("finance", "auditor", "operations"):
        ask_for(report, {}, as_of=AS_OF, by=member(role), at=AT)
    with pytest.raises(NotAllowed):
        ask_for(report, {}, as_of=AS_OF, by=UserFactory.make(), at=AT)


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_rows(firm: Firm) -> None:
    counts = []
    for by in ("currency", "pause,project,contractor,week"):
        with CaptureQueriesContext(connection) as queries:
            table(by=by)
        counts.append(len(queries))
    assert max(counts) <= 9
    assert counts[1] - counts[0] <= 1  # the names of the pauses
