"""A table that contradicts itself is refused before anything is written."""

import datetime as dt

import pytest

from projects.domain.errors import UnableToReport
from projects.reports.table import (
    Bar,
    Chart,
    Column,
    Facts,
    Kind,
    Total,
    UnableToDescribeTable,
    UnableToWriteTable,
    exponent_of,
    major,
)
from tests.unit.reports.tables import AT, COLUMNS, impact_table


@pytest.mark.parametrize(
    ("kind", "currency", "total"),
    [
        (Kind.MONEY, "", Total.NONE),
        (Kind.INTEGER, "currency", Total.NONE),
        (Kind.TEXT, "", Total.SUM),
        (Kind.PERCENT, "", Total.SUM),
        (Kind.RATE, "", Total.SUM),
    ],
)
def test_a_column_that_cannot_be_read_or_added_is_refused(kind: Kind, currency: str, total: Total) -> None:
    with pytest.raises(UnableToDescribeTable, match="column cost"):
        Column("cost", "Cost", kind, currency=currency, total=total)


def test_a_money_column_needs_its_currency_column_in_the_table() -> None:
    with pytest.raises(UnableToDescribeTable, match="currency is not a code column"):
        impact_table(columns=COLUMNS[6:], groups=())


def test_two_columns_cannot_share_a_key() -> None:
    with pytest.raises(UnableToDescribeTable, match="distinct keys"):
        impact_table(columns=(*COLUMNS, COLUMNS[0]))


def test_rows_cannot_be_grouped_by_an_amount() -> None:
    with pytest.raises(UnableToDescribeTable, match="group lost"):
        impact_table(groups=("lost",))


def test_a_chart_cannot_mix_units_or_show_more_bars_than_can_be_read() -> None:
    with pytest.raises(UnableToDescribeTable, match="has a currency"):
        Chart("Lost", (Bar("a", 1),), Kind.MONEY)
    with pytest.raises(UnableToDescribeTable, match="at most 40"):
        Chart("People", tuple(Bar(str(n), n) for n in range(41)), Kind.INTEGER)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(UnableToDescribeTable, match="time zone"):
        Facts(dt.datetime(2026, 11, 24), "0.1.0")  # noqa: DTZ001 - the defect under test
    assert Facts(AT, "0.1.0").generated_at == AT


def test_what_reports_refuse_is_refused_in_the_tongue_of_the_business() -> None:
    assert issubclass(UnableToDescribeTable, UnableToReport)
    assert issubclass(UnableToWriteTable, UnableToReport)


def test_amounts_keep_every_digit_of_their_currency() -> None:
    assert [exponent_of(code) for code in ("JPY", "USD", "KWD")] == [0, 2, 3]
    assert str(major(-1234, "KWD")) == "-1.234"
    assert str(major(10**40 + 1, "USD")) == "1" + "0" * 38 + ".01"
    with pytest.raises(UnableToWriteTable, match="'XYZ'"):
        exponent_of("XYZ")
