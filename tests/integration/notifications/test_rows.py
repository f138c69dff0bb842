"""Rows written many at once hold what they were given, whatever is in it."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DataError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from notifications.copying import as_text, copy_rows
from notifications.models import Lane
from notifications.rows import insert_rows, new_ids

AWKWARD = [
    "",
    "\\N",
    "\\.",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\",
    "\\\\t",
    "Ñandú – ünï ☂",
    '"quoted", and, so on',
    "\x01\x7f",
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_come_back_as_they_were_beside_plain_ones(words: str) -> None:
    rows = [("email", words, 0.5), ("email", "plain", 1.5)]

    insert_rows(Lane, ("channel", "name", "per_second", "is_stopped", "parked_reason", "tokens"),
                [(*row, False, words, 0.0) for row in rows])  # fmt: skip

    assert list(Lane.objects.order_by("per_second").values_list("name", "parked_reason")) == [
        (words, words),
        ("plain", words),
    ]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL reads COPY's text")
@pytest.mark.django_db
def test_every_kind_of_value_comes_back_as_it_was() -> None:
    at = datetime(2026, 11, 2, 10, 30, 0, 125, tzinfo=UTC)
    row = (None, True, False, "words", 7, -0.1, Decimal("12.340"), date(2026, 11, 2), at, UUID(int=7))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE kinds (a text, b boolean, c boolean, d text, e bigint, f double precision, "
            "g numeric, h date, i timestamptz, j uuid) ON COMMIT DROP"
        )

        assert copy_rows(cursor, "kinds", iter([row, row])) == 2

        cursor.execute("SELECT * FROM kinds")
        assert cursor.fetchall() == [row, row]


@given(
    st.lists(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=2, max_size=2), min_size=1)
)
def test_any_words_can_be_told_apart_again(rows: list[list[str]]) -> None:
    lines = as_text(rows).removesuffix("\n").split("\n")

    read = [
        [
            field.replace("\\\\", "\0")
            .replace("\\t", "\t")
            .replace("\\n", "\n")
            .replace("\\r", "\r")
            .replace("\0", "\\")
            for field in line.split("\t")
        ]
        for line in lines
    ]
    assert read == rows


def test_a_nul_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(DataError, match="NUL"):
        as_text([["a\0b"]])
    with pytest.raises(TypeError, match="object"):
        as_text([[object()]])


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="an embedded database has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_keys_that_four_sessions_reserve_at_once_are_never_the_same() -> None:
    found: list[list[int]] = []

    def reserve() -> None:
        with transaction.atomic():
            found.extend(list(new_ids(Lane, 500)) for _ in range(20))
        connections.close_all()

    sessions = [threading.Thread(target=reserve) for _ in range(4)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()

    assert {len(keys) for keys in found} == {500}
    assert len({key for keys in found for key in keys}) == 4 * 20 * 500
