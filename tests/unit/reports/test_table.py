"""A table that contradicts itself is refused before anything is written."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from projects.domain.errors import UnableToReport
from projects.reports.table import (
    Bar,
    Chart,
    Column,
    Facts,
    Kind,
    Rows,
    Total,
    UnableToDescribeTable,
    UnableToWriteTable,
    exponent_of,
    major,
)
from tests.unit.reports.tables import AT, COLUMNS, ROWS, impact_table


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
    with pytest.raises(UnableToDescribeTable) as caught:
        Column("cost", "Cost", kind, currency=currency, total=total)
    assert str(caught.value) == (
        f"column cost: a column of kind {kind} cannot be added up"
        if total is Total.SUM
        else "column cost: a money column, and only one, names its currency column"
    )


@pytest.mark.parametrize(("key", "label"), [("", "Cost"), ("cost", "")])
def test_a_column_without_a_key_or_a_label_is_refused(key: str, label: str) -> None:
    with pytest.raises(UnableToDescribeTable) as caught:
        Column(key, label)
    assert str(caught.value) == f"a column needs a key and a label, got {key!r} and {label!r}"


@pytest.mark.parametrize("kind", [Kind.HOURS, Kind.DAYS, Kind.INTEGER])
def test_hours_days_and_counts_can_be_added_up(kind: Kind) -> None:
    assert Column("n", "N", kind, total=Total.SUM).is_numeric


def test_numbers_and_only_numbers_stand_to_the_right() -> None:
    right = {kind for kind in Kind if kind is not Kind.MONEY and Column("c", "C", kind).is_numeric}

    assert right == {Kind.HOURS, Kind.DAYS, Kind.PERCENT, Kind.RATE, Kind.INTEGER}
    assert Column("c", "C", Kind.MONEY, currency="currency").is_numeric


def test_a_money_column_needs_its_currency_column_in_the_table() -> None:
    as_text = tuple(Column(c.key, c.label) if c.key == "currency" else c for c in COLUMNS)
    for columns in (COLUMNS[6:], as_text):
        with pytest.raises(UnableToDescribeTable) as caught:
            impact_table(columns=columns, groups=())
        assert str(caught.value) == "column expected: currency is not a code column of this table"


def test_two_columns_cannot_share_a_key() -> None:
    with pytest.raises(UnableToDescribeTable) as caught:
        impact_table(columns=(COLUMNS[0], COLUMNS[2], COLUMNS[0]), groups=())
    assert str(caught.value) == (
        "table income_impact: columns need distinct keys, got ['client', 'contractor', 'client']"
    )
    with pytest.raises(UnableToDescribeTable, match=r"distinct keys, got \[\]"):
        impact_table(columns=(), groups=())


def test_rows_cannot_be_grouped_by_an_amount() -> None:
    for key in ("lost", "hours", "told_at", "no_such_column"):
        with pytest.raises(UnableToDescribeTable) as caught:
            impact_table(groups=("client", key))
        assert str(caught.value) == f"group {key}: not a text, code or date column of this table"
    assert impact_table(groups=("client", "contractor", "since")).groups[1:] == ("contractor", "since")


def test_a_chart_cannot_mix_units_or_show_more_bars_than_can_be_read() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"kind": Kind.MONEY}, "chart 'Lost': a money chart, and only one, has a currency"),
        (
            {"kind": Kind.HOURS, "currency": "USD"},
            "chart 'Lost': a money chart, and only one, has a currency",
        ),
        ({"kind": Kind.TEXT}, "chart 'Lost': bars of kind text have no length"),
        ({"kind": Kind.INTEGER, "bars": 41}, "chart 'Lost': 41 bars, at most 40 can be read"),
    ]
    for given, message in wrong:
        bars = tuple(Bar(str(n), n) for n in range(given.pop("bars", 1)))
        with pytest.raises(UnableToDescribeTable) as caught:
            Chart("Lost", bars, **given)
        assert str(caught.value) == message
    with pytest.raises(UnableToWriteTable, match="unknown currency 'XYZ'"):
        Chart("Lost", (), currency="XYZ")
    assert len(Chart("People", tuple(Bar(str(n), n) for n in range(40)), Kind.PERCENT).bars) == 40


@pytest.mark.parametrize(
    ("rows", "known", "length"),
    [(ROWS, None, 6), (ROWS, 7, 7), (lambda: iter(ROWS), None, 0), (lambda: iter(ROWS), 6, 6), ((), None, 0)],
)
def test_a_table_says_how_long_it_is_where_that_is_known(rows: Rows, known: int | None, length: int) -> None:
    table = replace(impact_table(), rows=rows, row_count=known)

    assert table.length == length
    assert list(table.open_rows()) == list(table.open_rows()) == list(ROWS[: len(ROWS) if rows else 0])


def test_the_columns_that_are_added_up_stand_in_their_order() -> None:
    assert [column.key for column in impact_table().summed] == ["expected", "lost", "hours", "days", "people"]


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(UnableToDescribeTable) as caught:
        Facts(dt.datetime(2026, 11, 24), "0.1.0")  # noqa: DTZ001 - the defect under test
    assert str(caught.value) == "generated_at: an instant needs a time zone"
    assert Facts(AT, "0.1.0").generated_at == AT


def test_what_reports_refuse_is_refused_in_the_tongue_of_the_business() -> None:
    assert issubclass(UnableToDescribeTable, UnableToReport)
    assert issubclass(UnableToWriteTable, UnableToReport)


def test_amounts_keep_every_digit_of_their_currency() -> None:
    assert [exponent_of(code) for code in ("JPY", "USD", "KWD")] == [0, 2, 3]
    assert str(major(-1234, "KWD")) == "-1.234"
    assert str(major(10**40 + 1, "USD")) == "1" + "0" * 38 + ".01"
    with pytest.raises(UnableToWriteTable) as caught:
        exponent_of("XYZ")
    assert str(caught.value) == "unknown currency 'XYZ': an amount needs an ISO 4217 code"
