"""What a tool would export of made-up entries is read back as those entries, and mutilated exports never do harm."""

# ruff: noqa: DTZ001 - local clock times have no zone
import contextlib
import io
import random
from collections import Counter
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.imports.errors import UnableToImport
from projects.imports.hours import open_hours
from projects.imports.roster import read_roster
from projects.imports.rows import DayMonthOrder, HoursRow, ReadOptions, RowError
from tests.unit.imports.exports import ALL, CLOCKED, DATED, ENTRIES, Entry, by_day, hubstaff
from tests.unit.imports.reading import read_text, xlsx_of

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ORDERS = {"clockify": DayMonthOrder.MDY}


@pytest.mark.parametrize("tool", CLOCKED)
@QUIET
@given(entries=ENTRIES)
def test_entries_with_clock_times_come_back_day_by_day(tool: str, entries: list[Entry]) -> None:
    found = read_text(CLOCKED[tool](entries), day_month_order=ORDERS.get(tool))
    expected: Counter[tuple[str, str, object]] = Counter()
    for one in entries:
        for day, seconds in by_day(one).items():
            expected[(one.email, one.project, day)] += seconds
    actual: Counter[tuple[str, str, object]] = Counter()
    for row in found.rows:
        actual[(row.person_email, row.project_name, row.worked_on)] += row.seconds
    assert actual == expected
    assert found.detection.format == tool
    assert (found.totals.entries, found.totals.errors) == (len(entries), 0)
    assert len({row.content_hash for row in found.rows}) == len(found.rows)


@pytest.mark.parametrize("tool", DATED)
@QUIET
@given(entries=ENTRIES)
def test_entries_with_dates_alone_come_back_on_their_dates(tool: str, entries: list[Entry]) -> None:
    found = read_text(DATED[tool](entries))
    assert found.detection.format == tool
    assert found.totals.errors == 0
    expected = [(one.project, one.start.date(), one.seconds) for one in entries]
    assert [(row.project_name, row.worked_on, row.seconds) for row in found.rows] == expected


@QUIET
@given(entries=ENTRIES)
def test_a_hubstaff_week_comes_back_day_by_day(entries: list[Entry]) -> None:
    found = read_text(hubstaff(entries))
    first = entries[0].start.date()
    week = [one for one in entries if 0 <= (one.start.date() - first).days < 7]
    assert [(row.person_email, row.worked_on, row.seconds) for row in found.rows] == [
        (one.email, one.start.date(), one.seconds) for one in week
    ]


@QUIET
@given(entries=ENTRIES, seed=st.randoms())
def test_a_second_export_in_another_order_adds_no_hash(entries: list[Entry], seed: random.Random) -> None:
    again = entries[:]
    seed.shuffle(again)
    first, second = read_text(ALL["toggl"](entries)), read_text(ALL["toggl"](again))
    assert {row.content_hash for row in first.rows} == {row.content_hash for row in second.rows}


def _samples() -> list[tuple[bytes, ReadOptions]]:
    start = datetime(2026, 3, 27, 21, 30)
    entries = [
        Entry(f"Zoë {at}", "zoe@b.co", f"P{at % 3}", "Orion", start.replace(day=13 + at), 60 * (31 * at + 7))
        for at in range(15)
    ]
    texts = [make(entries) for make in ALL.values()]
    roster = (
        "email,name,country,project,starts_on,rate_basis,rate_amount,currency\na@b.co,A,PT,C,2026-03-27,hour,2,EUR\n"
        * 3
    )
    sheet = xlsx_of([line.split(",") for line in texts[0].splitlines()])
    return [(text.encode(), ReadOptions()) for text in [*texts, roster]] + [(sheet, ReadOptions())]


PIECES = (b'"', b",", b";", b"\n", b"\r", b"\0", b"-", b"99:99", b"\xff", b"\xef\xbb\xbf", b"2026-02-30", b"Total", b"1e999",
          b"NaN", b"inf", b"\xe2\x80\xae", b"9" * 50, "٣".encode(), b"\x1a", b"0000-00-00", b"=cmd()")  # fmt: skip


def _mutilated(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(5):
            case 0:
                out[at:at] = chance.choice(PIECES)
            case 1:
                del out[at : at + chance.choice((1, 1, 10, 200))]
            case 2 if at < len(out):
                out[at] = chance.randrange(256)
            case 3:
                other = chance.randrange(len(out) + 1)
                out[at:at] = out[other : other + chance.choice((5, 50, 500))]
            case _:
                end = len(out) if chance.random() < 0.05 else at + 1
                del out[at:end]
    return bytes(out)


def _sound(row: HoursRow) -> bool:
    days = row.started_at is None or (row.started_at.date() == row.worked_on and row.ended_at is not None)
    sizes = 0 < row.seconds <= 90_000 and 1990 <= row.worked_on.year <= 2100
    texts = all(
        len(text) <= 1_100 and "\n" not in text
        for text in (row.person_name, row.project_name, row.client_name)
    )
    return days and sizes and texts and len(row.content_hash) == 64


def _is_one_line(error: UnableToImport) -> bool:
    return bool(str(error)) and "\n" not in str(error)


def _fuzz(count: int, seed: int) -> tuple[int, int, int]:
    chance = random.Random(seed)
    samples = _samples()
    rows = errors = refused = 0
    for _ in range(count):
        data, options = chance.choice(samples)
        file = io.BytesIO(_mutilated(data, chance))
        try:
            hours = open_hours(file, options=options)
            hashes = set()
            for item in hours:
                if isinstance(item, HoursRow):
                    assert _sound(item), item
                    assert item.content_hash not in hashes
                    hashes.add(item.content_hash)
                    rows += 1
                errors += isinstance(item, RowError)
            totals = hours.totals
            told = totals.entries + totals.errors + totals.breaks + totals.zeros + totals.total_rows
            assert totals.records == told
        except UnableToImport as error:
            assert _is_one_line(error)
            refused += 1
        with contextlib.suppress(UnableToImport):
            read_roster(file)
    return rows, errors, refused


def test_four_hundred_mutilated_files_are_read_refused_or_told_and_nothing_else() -> None:
    rows, errors, refused = _fuzz(400, 7)
    assert min(rows, errors, refused) > 20


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_ten_thousand_mutilated_files_are_read_refused_or_told_and_nothing_else() -> None:
    rows, errors, refused = _fuzz(10_000, 11)
    assert min(rows, errors, refused) > 500
