"""Seeding holds one chunk in memory, however many people and weeks are asked for, and shows how far it is."""

import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from projects import demo
from projects.models import Contractor, Engagement, HoursEntry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
FEW, MANY = 40, 320
BYTES_OF_A_ROW = 64  # an entry as a Python tuple takes more


def _unwatched(items: Iterable[Any], _what: str, _total: int) -> Iterable[Any]:
    return items


def _peak_of(contractors: int, *, weeks: int) -> int:
    tracemalloc.start()
    try:
        demo.seed(contractors=contractors, weeks=weeks, at=AT, progress=_unwatched)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_eight_times_the_people_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "HOURS_AT_ONCE", 2_600)
    _peak_of(2, weeks=26)  # what is loaded once, is loaded

    few, before = _peak_of(FEW, weeks=26), HoursEntry.objects.count()
    many, added = _peak_of(MANY, weeks=26), HoursEntry.objects.count() - before

    assert Contractor.objects.count() == MANY
    assert many - few < added * BYTES_OF_A_ROW / 3, (few, many, added)


def test_the_bar_counts_every_chunk_and_no_chunk_is_larger_than_a_transaction_should_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "HOURS_AT_ONCE", 200)
    told: list[tuple[int, list[int]]] = []

    def watched(items: Iterable[Any], _what: str, total: int) -> Iterable[Any]:
        chunks = list(items)
        told.append((total, [len(chunk) for chunk in chunks]))
        return chunks

    demo.seed(contractors=96, weeks=4, at=AT, progress=watched)

    ((total, sizes),) = told
    assert total == len(sizes)
    assert sum(sizes) == 95  # Ana comes before the crowd
    assert max(sizes) * 4 * 5 <= 200


def test_chunks_of_another_size_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "HOURS_AT_ONCE", 100)
    demo.seed(contractors=12, weeks=5, at=AT, progress=_unwatched)
    engagements = Engagement.objects.values_list("pk", "contractor__email")
    email = dict(engagements)
    rows = HoursEntry.objects.values_list("engagement", "worked_on", "seconds")
    by_chunk = sorted((email[engagement], day, seconds) for engagement, day, seconds in rows)

    made = {
        (person.email, day, seconds)
        for person in map(demo.demo_contractor, range(1, 12))
        for day, seconds in demo.demo_hours(person, until=AT.date(), weeks=5)
    }
    assert made == {row for row in by_chunk if row[0] != demo.ANA}
