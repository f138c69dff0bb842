"""Sums are those of the rows, within each currency, and a frozen run is told from one that moved."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.reports.table import Cell, Column, Facts, Kind, Row, Table, Total, TotalLine, UnableToWriteTable
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.figures import Checksum, amounts_of, figures_of, merged
from tests.unit.reports.tables import AT, ROWS, SUMS, impact_table


def changed(row: Row, position: int, value: Cell) -> Row:
    return (*row[:position], value, *row[position + 1 :])


def test_sums_are_kept_apart_by_currency_and_an_unknown_amount_adds_nothing() -> None:
    figures = figures_of(impact_table())
    assert amounts_of(figures.totals) == SUMS
    assert {line.currency: line.rows for line in figures.totals} == {"JPY": 2, "KWD": 1, "USD": 3, "": 6}


@given(
    st.lists(st.tuples(st.sampled_from(["USD", "JPY", "KWD"]), st.integers(-(10**12), 10**12)), max_size=40)
)
def test_the_sum_of_any_rows_is_the_sum_within_each_currency(amounts: list[tuple[str, int]]) -> None:
    rows = tuple(changed(changed(ROWS[0], 5, currency), 7, lost) for currency, lost in amounts)
    found = amounts_of(figures_of(impact_table(rows)).totals)
    for currency in {currency for currency, _ in amounts}:
        assert found[currency, "lost"] == sum(lost for own, lost in amounts if own == currency)


def test_a_row_with_amounts_in_two_currencies_counts_in_each_and_once_where_they_are_one() -> None:
    columns = (
        Column("own", "Own", Kind.CODE),
        Column("paid", "Paid", Kind.MONEY, currency="own", total=Total.SUM),
        Column("other", "Other", Kind.CODE),
        Column("billed", "Billed", Kind.MONEY, currency="other", total=Total.SUM),
    )
    rows: tuple[Row, ...] = (("USD", 5, "EUR", 7), ("USD", 1, "USD", 2), ("JPY", None, "EUR", 4))
    figures = figures_of(Table("t", "T", columns, rows, AT.date(), Facts(AT, "1")))

    assert [(line.currency, line.rows, dict(line.values)) for line in figures.totals] == [
        ("EUR", 2, {"billed": 11}),
        ("USD", 2, {"paid": 6, "billed": 2}),
        ("", 3, {}),
    ]


def test_rows_that_add_nothing_up_are_counted_all_the_same() -> None:
    table = Table("t", "T", (Column("a", "A"),), (("x",), ("y",)), AT.date(), Facts(AT, "1"))

    assert figures_of(table).totals == (TotalLine("", 2, {}),)
    assert merged(figures_of(table).totals) == ()


def test_groups_add_up_to_the_groups_around_them() -> None:
    sums = {group.path: amounts_of(group.totals) for group in figures_of(impact_table()).groups}
    assert sums[("ORION",)]["USD", "lost"] == sums["ORION", "CHORDUS"]["USD", "lost"] == 99998
    assert sums[("LYRA",)]["", "hours"] == 4800
    assert (
        sum(int(sums[path].get(("USD", "lost"), 0)) for path in sums if len(path) == 1) == SUMS["USD", "lost"]
    )


def test_groups_are_summed_over_the_border_of_two_blocks() -> None:
    rows = (ROWS[0],) * 4001
    (client, _) = figures_of(impact_table(rows)).groups
    assert amounts_of(client.totals)["USD", "lost"] == 4001 * 100005


def test_one_currency_reads_as_one_line_of_totals() -> None:
    (line,) = merged(figures_of(impact_table(ROWS[:2])).totals)
    assert (line.currency, line.rows, line.values["lost"], line.values["hours"]) == ("USD", 2, 99998, 27061)


def test_two_currencies_with_as_many_rows_each_stay_two_lines_of_totals() -> None:
    euros, dollars = TotalLine("EUR", 4, {"lost": 5}), TotalLine("USD", 4, {"lost": 7})
    assert merged((euros, dollars, TotalLine("", 8, {}))) == (euros, dollars)


def test_totals_that_the_rows_do_not_add_up_to_are_refused() -> None:
    wrong = {("USD", "lost"): 100019}
    stated = tuple(TotalLine(c, 1, {"lost": (SUMS | wrong)[c, "lost"]}) for c in ("USD", "JPY", "KWD"))
    with pytest.raises(UnableToWriteTable) as caught:
        figures_of(impact_table(stated_totals=stated))
    assert str(caught.value) == (
        "income_impact: column lost USD is stated as 100019 but its rows add up to 100018"
    )
    figures_of(impact_table(stated_totals=figures_of(impact_table()).totals))


def test_a_sum_that_was_stated_and_has_no_rows_is_refused_unless_it_is_nothing() -> None:
    figures_of(impact_table((), stated_totals=(TotalLine("USD", 0, {"lost": 0}),)))
    with pytest.raises(UnableToWriteTable) as caught:
        figures_of(impact_table((), stated_totals=(TotalLine("USD", 1, {"lost": 5}),)))
    assert str(caught.value) == "income_impact: column lost USD is stated as 5 but its rows add up to 0"


def test_a_currency_that_adds_up_to_nothing_need_not_be_stated() -> None:
    rows = (changed(ROWS[0], 7, 5), changed(changed(ROWS[1], 5, "EUR"), 7, 0))
    figures_of(impact_table(rows, stated_totals=(TotalLine("USD", 1, {"lost": 5}),)))


def test_totals_that_leave_out_a_currency_are_refused() -> None:
    stated = tuple(TotalLine(c, 1, {"lost": SUMS[c, "lost"]}) for c in ("USD", "JPY"))
    with pytest.raises(UnableToWriteTable, match="column lost KWD is stated as 0"):
        figures_of(impact_table(stated_totals=stated))


def test_a_frozen_run_is_accepted_again_and_refused_after_a_cent_moved() -> None:
    table = impact_table()
    frozen = replace(table, facts=replace(table.facts, checksum=figures_of(table).checksum))
    assert figures_of(frozen).rows == 6
    moved = (changed(ROWS[0], 7, 100006), *ROWS[1:])
    with pytest.raises(UnableToWriteTable) as caught:
        figures_of(replace(frozen, rows=moved))
    now, then = figures_of(replace(table, rows=moved)).checksum, frozen.facts.checksum
    assert str(caught.value) == f"income_impact: the rows have checksum {now}, the frozen run {then}"


def test_a_kept_run_whose_rows_are_others_says_both_checksums_and_both_counts() -> None:
    figures, table = figures_of(impact_table()), impact_table(ROWS[:5])
    check = Checksum(table, figures)
    for block in read_blocks(table, rows_per_block=2):
        check.add(block)

    with pytest.raises(UnableToWriteTable) as caught:
        check.finish()
    assert str(caught.value) == (
        f"income_impact: 5 rows have checksum {figures_of(table).checksum}, "
        f"the frozen run has 6 with {figures.checksum}"
    )


def test_a_kept_run_whose_rows_are_the_same_gives_its_figures_however_they_come() -> None:
    figures = figures_of(impact_table())
    for rows_per_block in (1, 4, 100):
        check = Checksum(impact_table(), figures)
        for block in read_blocks(impact_table(), rows_per_block=rows_per_block):
            check.add(block)
        assert check.finish() == figures


def test_the_checksum_tells_columns_apart_that_changed_their_meaning() -> None:
    table = impact_table(groups=())
    renamed = replace(table, columns=(*table.columns[:-1], replace(table.columns[-1], key="heads")))
    assert figures_of(renamed).checksum != figures_of(table).checksum


def test_the_same_number_has_the_same_checksum_however_it_was_stored() -> None:
    one, other = changed(ROWS[0], 9, Decimal("7.50")), changed(ROWS[0], 9, Decimal("7.5"))
    assert figures_of(impact_table((one,))).checksum == figures_of(impact_table((other,))).checksum


def test_rows_may_come_from_a_function_and_are_opened_afresh_each_time() -> None:
    opened: list[int] = []

    def rows() -> Iterator[Row]:
        opened.append(1)
        yield from ROWS

    table = replace(impact_table(), rows=rows)
    assert figures_of(table) == figures_of(table) == figures_of(impact_table())
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (7, 10.5),
        (7, True),
        (7, Decimal("10")),
        (2, 5),
        (3, "2026-11-02"),
        (4, ROWS[0][3]),
        (3, ROWS[0][4]),
        (11, 1.0),
    ],
)
def test_a_cell_of_another_type_than_its_column_is_refused(position: int, value: Cell) -> None:
    with pytest.raises(UnableToWriteTable, match="cells cannot be of type"):
        figures_of(impact_table((changed(ROWS[0], position, value),)))


def test_an_amount_without_a_currency_is_refused() -> None:
    with pytest.raises(UnableToWriteTable, match="column expected: an amount without a currency"):
        figures_of(impact_table((changed(ROWS[0], 5, None),)))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(UnableToWriteTable) as caught:
        list(read_blocks(impact_table((*ROWS[:5], ROWS[1][:-1])), rows_per_block=2))
    assert str(caught.value) == "a row after row 4 does not have 12 cells"
    with pytest.raises(UnableToWriteTable, match="a row after row 0"):
        figures_of(impact_table((ROWS[0], (*ROWS[1], 5))))


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(UnableToWriteTable, match="NaN"):
        figures_of(impact_table((changed(ROWS[0], 10, Decimal("NaN")),)))
