"""Second persons, papers, files on their way, and the events that integrations hear of."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from projects.domain import errors, event_types
from projects.domain.approving import Limits, reasons_for_second_person
from projects.domain.papers import LARGEST, MOST, kind_of_paper
from projects.domain.uploads import MAY_FOLLOW, states_before

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("people", "euros", "late", "limits", "reasons"),
    [
        (0, 0, 0, Limits(1, 1), ()),
        (499, 9_999, 15, Limits(500, 10_000), ()),
        (500, 9_999, 15, Limits(500, 10_000), ("many_people",)),
        (499, 10_000, 15, Limits(500, 10_000), ("much_money",)),
        (499, 9_999, 16, Limits(500, 10_000), ("backdated",)),
        (10**6, 10**9, 0, Limits(0, 0), ()),
        (1, 1, 60, Limits(1, 1), ("many_people", "much_money", "backdated")),
    ],
)
def test_a_second_person_is_needed_for_many_people_much_money_or_a_start_in_the_past(
    people: int, euros: int, late: int, limits: Limits, reasons: tuple[str, ...]
) -> None:
    starts_at = AT - timedelta(minutes=late)

    assert (
        reasons_for_second_person(
            people=people, weekly_euros=euros, starts_at=starts_at, at=AT, limits=limits
        )
        == reasons
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", ("application/pdf", "pdf")),
        (b"\x89PNG\r\n\x1a\n....", ("image/png", "png")),
        (b"\xff\xd8\xff\xe0", ("image/jpeg", "jpg")),
        (b"<html>", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_paper_is_what_its_first_bytes_say(content: bytes, kind: tuple[str, str] | None) -> None:
    found = kind_of_paper(content)

    assert (found and (found.content_type, found.ending)) == kind
    assert (LARGEST, MOST) == (5_242_880, 3)


def test_a_file_is_applied_only_after_it_was_checked_and_undone_only_after_it_was_applied() -> None:
    assert states_before("applying") == {"checked"}
    assert states_before("undone") == {"applied"}
    assert states_before("checking") == {"asking", "checked", "refused"}
    assert states_before("discarded") == {"checking", "asking", "checked", "refused"}
    assert {state for after in MAY_FOLLOW.values() for state in after} == set(MAY_FOLLOW)


@pytest.mark.parametrize(
    "event", [*event_types.CATALOGUE.values(), event_types.TEST], ids=lambda one: one.name
)
def test_every_event_is_named_told_in_a_sentence_and_shown_by_an_example_that_travels(
    event: event_types.EventType,
) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z]+", event.name)
    assert event.says[0].isupper()
    assert event.says.endswith(".")
    assert json.loads(json.dumps(event.example)) == event.example
    assert event.example


def test_the_catalogue_names_what_integrations_rely_on() -> None:
    assert set(event_types.CATALOGUE) == {
        "pause.opened", "pause.updated", "pause.ended", "scope.reassessed", "delivery.failed", "estimate.ready",
        "hours_lock.changed", "report.ready",
    }  # fmt: skip


def test_a_refusal_carries_its_words_and_its_field() -> None:
    refusal = errors.UnableToPause("Say by when.", field="next_update_by")

    assert isinstance(refusal, errors.DomainError)
    assert (str(refusal), refusal.message, refusal.field) == (
        "Say by when.",
        "Say by when.",
        "next_update_by",
    )
    assert errors.NotAllowed("No.").field is None
