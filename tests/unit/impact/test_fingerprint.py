"""The mark of an estimate's inputs: equal for equal inputs, another one for whatever an estimate could see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from projects.impact import fingerprint
from projects.impact.context import FirmContext
from projects.impact.fingerprint import fingerprint_context, fingerprint_person
from projects.impact.inputs import (
    EarnedEntry,
    EngagementInputs,
    History,
    MaskedSpan,
    PauseSpan,
    PeerEvidence,
    PersonInputs,
    RateSpan,
)
from tests.unit.impact import builders

UNTIL = date(2026, 6, 1)
BEGAN = datetime(2026, 5, 4, 8, tzinfo=UTC)


def engagement(**more: object) -> EngagementInputs:
    given = {
        "history": History.from_days([(date(2026, 4, 6), 3600, 0), (date(2026, 4, 7), 7200, 1)]),
        "rates": (RateSpan(date(2026, 1, 5), "hour", 21_000_000, "USD"),),
        "pauses": (PauseSpan("1", BEGAN, None),),
    }
    return builders.engagement("7", **(given | more))


def person(engagements: Sequence[EngagementInputs] = (), **more: Any) -> PersonInputs:
    return builders.person(*(engagements or (engagement(),)), **({"country": "US"} | more))


def mark(one: PersonInputs) -> str:
    return fingerprint_person(one, until=UNTIL)


def test_equal_inputs_have_one_mark_however_they_were_put_together() -> None:
    manila = timezone(timedelta(hours=8))
    same_instant = PauseSpan("1", BEGAN.astimezone(manila), None)

    assert mark(person()) == mark(person())
    assert mark(person()) == mark(person(engagements=(engagement(pauses=(same_instant,)),)))


CHANGES = {
    "another person": person(person="2"),
    "no country": person(country=""),
    "a region": person(region="CA"),
    "another day of the estimate": person(as_of=date(2026, 5, 6)),
    "leave": person(masked=(MaskedSpan(date(2026, 3, 2), date(2026, 3, 3), "leave"),)),
    "sickness on the same days": person(masked=(MaskedSpan(date(2026, 3, 2), date(2026, 3, 3), "sickness"),)),
    "a second engagement": person(engagements=(engagement(), engagement(engagement="8"))),
    "an hour more": person(
        engagements=(engagement(history=History.from_days([(date(2026, 4, 6), 7200, 0)])),)
    ),
    "hours a day later": person(
        engagements=(engagement(history=History.from_days([(date(2026, 4, 7), 3600, 0)])),)
    ),
    "tasks": person(engagements=(engagement(history=History.from_days([(date(2026, 4, 6), 3600, 1)])),)),
    "another rate": person(
        engagements=(engagement(rates=(RateSpan(date(2026, 1, 5), "hour", 22_000_000, "USD"),)),)
    ),
    "another basis": person(
        engagements=(engagement(rates=(RateSpan(date(2026, 1, 5), "day", 21_000_000, "USD"),)),)
    ),
    "an end": person(engagements=(engagement(ends_on=date(2026, 7, 1)),)),
    "a working window": person(engagements=(engagement(workday=(time(9), time(17))),)),
    "a pause that ends": person(
        engagements=(engagement(pauses=(PauseSpan("1", BEGAN, BEGAN + timedelta(days=9)),)),)
    ),
    "work done": person(engagements=(engagement(earned=(EarnedEntry(date(2026, 5, 5), 3600),)),)),
    "work decided payable": person(
        engagements=(engagement(earned=(EarnedEntry(date(2026, 5, 5), 3600, is_payable=True),)),)
    ),
    "work decided not payable": person(
        engagements=(engagement(earned=(EarnedEntry(date(2026, 5, 5), 3600, is_payable=False),)),)
    ),
    "a snapshot of one unit": person(
        engagements=(engagement(earned=(EarnedEntry(date(2026, 5, 5), 3600, minor=1),)),)
    ),
}


def test_whatever_an_estimate_could_see_changes_the_mark() -> None:
    marks = {name: mark(one) for name, one in CHANGES.items()} | {"as it was": mark(person())}

    assert len(set(marks.values())) == len(marks), sorted(marks.items(), key=lambda item: item[1])


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (("1", ""), ("", "1")), (("s1:a", ""), ("s", "1:a"))]
)
def test_words_of_neighbouring_fields_never_run_into_one_another(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    first = replace(engagement(), project=one[0], client=one[1])
    second = replace(engagement(), project=other[0], client=other[1])

    assert mark(person(engagements=(first,))) != mark(person(engagements=(second,)))


def test_a_value_without_bytes_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError):
        mark(person(region=object()))


def test_marks_stay_what_they_are_from_one_release_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "METHOD_VERSION", "any")
    everything = person(
        engagements=(
            engagement(
                ends_on=date(2026, 7, 1),
                workday=(time(9), time(17)),
                earned=(EarnedEntry(date(2026, 5, 5), 3600, minor=1, is_payable=True),),
            ),
        ),
        region="CA",
        masked=(MaskedSpan(date(2026, 3, 2), date(2026, 3, 3), "leave"),),
        peers=PeerEvidence(3, 1.5, 2.25, 40.0, UNTIL),
        extra_holidays=(date(2026, 3, 9),),
    )
    found = fingerprint_person(everything, until=UNTIL, context="c")
    assert found == "4dde165ed9d9968ea954363560fe0b12dcf024b40cebed7aa2c25b983e69ba47"


def test_the_end_of_pricing_the_method_and_the_firms_past_change_the_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marks = {
        mark(person()),
        fingerprint_person(person(), until=date(2026, 6, 2)),
        fingerprint_person(person(), until=UNTIL, context="1"),
    }
    monkeypatch.setattr(fingerprint, "METHOD_VERSION", "another")
    assert len(marks | {mark(person())}) == 4


def test_a_firms_past_has_one_mark_and_another_past_another() -> None:
    marks = [fingerprint_context(FirmContext.empty(day)) for day in (UNTIL, UNTIL, date(2026, 6, 2))]
    assert marks[0] == marks[1] != marks[2]
    assert {len(one) for one in marks} == {64}
