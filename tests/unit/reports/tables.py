"""Tables that the tests of the writers share: three currencies, unknown cells, hostile and non-Latin texts."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from projects.reports.table import Bar, Chart, Column, Facts, Kind, Row, Table, Total

AT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
COLUMNS = (
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE),
    Column("contractor", "Contractor"),
    Column("since", "Paused since", Kind.DATE, help="The first day without work."),
    Column("told_at", "Told at", Kind.INSTANT),
    Column("currency", "Currency", Kind.CODE),
    Column("expected", "Expected", Kind.MONEY, currency="currency", total=Total.SUM),
    Column("lost", "Lost", Kind.MONEY, "Expected less earned.", currency="currency", total=Total.SUM),
    Column("hours", "Hours", Kind.HOURS, total=Total.SUM),
    Column("days", "Days", Kind.DAYS, total=Total.SUM),
    Column("share", "Share lost", Kind.PERCENT),
    Column("people", "People", Kind.INTEGER, total=Total.SUM),
)
DAY = dt.date(2026, 11, 2)
ROWS: tuple[Row, ...] = (
    (
        "ORION",
        "CHORDUS",
        "Ana Cruz",
        DAY,
        AT,
        "USD",
        123450,
        100005,
        27000,
        Decimal("7.5"),
        Decimal("0.81"),
        1,
    ),
    ("ORION", "CHORDUS", "=1+1", DAY, AT, "USD", 10, -7, 61, 1, Decimal("-0.7"), 1),
    ("ORION", "MUSEN", "佐藤 花子", DAY, AT, "JPY", 1234567, 1234566, 0, 5, Decimal("1"), 1),
    ("ORION", "MUSEN", 'Sara "S." O\'Neil, <b>', DAY, AT, "JPY", None, None, None, None, None, None),
    ("LYRA", "HARP", "فاطمة الزهراء", DAY, AT, "KWD", 1005, 5, 3600, Decimal("0.25"), Decimal("0.005"), 1),
    ("LYRA", "HARP", "Añë\nKovář", DAY, None, "USD", 30, 20, 1200, 0, Decimal("0.667"), 1),
)


def impact_table(rows: tuple[Row, ...] = ROWS, **changes: object) -> Table:
    """Return the shared table, with other rows or other facts where given."""
    table = Table(
        name="income_impact",
        title="Income impact",
        columns=COLUMNS,
        rows=rows,
        as_of=dt.date(2026, 11, 23),
        facts=Facts(AT, "0.1.0", "a1b2c3", "impact-2", "run-17", "Finance"),
        parameters=(("Clients", "ORION, LYRA"), ("Weeks", "4")),
        groups=("client", "project"),
        method="Lost is expected less earned.\n\nNothing is added across currencies.",
        notes=("One amount is not known.",),
        charts=(Chart("Lost by project", (Bar("CHORDUS", 99998), Bar("HARP", 20)), Kind.MONEY, "USD"),),
    )
    return replace(table, **changes)  # type: ignore[arg-type]


# What the rows above add up to, by hand: minor units, seconds, days, people.
SUMS = {
    ("JPY", "expected"): 1234567,
    ("JPY", "lost"): 1234566,
    ("KWD", "expected"): 1005,
    ("KWD", "lost"): 5,
    ("USD", "expected"): 123490,
    ("USD", "lost"): 100018,
    ("", "hours"): 31861,
    ("", "days"): Decimal("13.75"),
    ("", "people"): 5,
}
