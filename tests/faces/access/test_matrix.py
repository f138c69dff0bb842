"""Every door, asked by every kind of person for every kind of row, answers as the table of the documentation says."""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest

from contractorhub.pay_reads import DOORS as NOTED
from tests.faces.access import table
from tests.faces.access.asking import Asked, Asker, is_refusal, rows_of
from tests.faces.access.doors import Door, doors
from tests.faces.access.world import ROLES, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WRITING = os.environ.get("WRITE_ACCESS_MATRIX", "")
"""`new` asks and adds the doors that have no row yet; any other word asks everything and writes the page anew."""
PAY: Final = re.compile(rb"77[.,]77|87[.,]877|87877[.,]|8787700|77770000")
"""The rate and the loss of the people in the world, as any face may write them."""
SEES_ALL: Final = frozenset({"operations", "finance", "auditor", "superuser"})
READERS: Final = frozenset(ROLES) - {"anonymous", "contractor"}
KEPT_BY_LOOKING: Final = {
    "portal:home": "when a notice was opened",
    "portal:pause": "when a notice was opened",
    "portal:estimate": "when a notice was opened",
    "portal:estimates": "when a notice was opened",
    "admin:projects_pause_hands": "who has a draft open",
    "admin:projects_pause_compose": "who has a draft open",
    "account_logout": "nothing of ours",
}
"""Doors whose GET writes something: a fact about the look itself, never about what was looked at."""
SHOWN_TO_ALL: Final = {"verify": "whoever holds the code of a statement checks what it says"}
FOR_EVERY_CONTRACTOR: Final = {
    f"api:open-seat{end}": "open seats are shown to all who might take them"
    for end in ("", "-close", "-candidates", "-interest", "-offer")
}
OWN_TABLES: Final = {"django_session", "usersessions_usersession", "projects_payread"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are asked for: none of them is worth a line."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@dataclass
class Findings:
    """What is wrong, in sentences, and the table as it came out."""

    asker: Asker
    rows: dict[Door, dict[str, str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def look(self, door: Door, role: str) -> None:
        """Ask one door as one person for every kind of row."""
        found = self.asker.answers(door, role)
        for place, answer in found.items():
            self._judge(door, role, place, answer)
        foreign = None if door.name in FOR_EVERY_CONTRACTOR else found.get("foreign")
        if role not in SEES_ALL and foreign is not None and rows_of(door) and is_refusal(foreign.word):
            missing = self.asker.ask(door, role, "missing")
            if missing is not None and (missing.word, missing.body) != (foreign.word, foreign.body):
                self._say(door, role, f"foreign says {foreign.word}, missing {missing.word}, or other words")
        words = [answer.word for answer in found.values()]
        self.rows.setdefault(door, {})[role] = words[0] if len(set(words)) == 1 else " ".join(words)

    def _judge(self, door: Door, role: str, place: str, answer: Asked) -> None:
        if answer.word == "500":
            self._say(door, role, f"fails for {place}")
        tables = answer.tables - OWN_TABLES
        if door.method == "GET" and tables and door.name not in KEPT_BY_LOOKING:
            self._say(door, role, f"a GET writes to {', '.join(sorted(tables))}")
        is_shown = answer.word.startswith("2") and PAY.search(answer.body)
        if (
            role in READERS
            and door.name not in SHOWN_TO_ALL
            and is_shown
            and "projects_payread" not in answer.tables
        ):
            self._say(door, role, "shows pay, and nobody notes it")

    def _say(self, door: Door, role: str, what: str) -> None:
        self.wrong.append(f"{door.method} /{door.title} as {role}: {what}")


def test_every_door_has_a_row_and_every_row_a_door() -> None:
    known, there = set(table.read()), {table.key_of(door) for door in doors()}

    assert not there - known, "Give these a row (see the head of docs/access-matrix.md)."
    assert not known - there, "These are no longer there."


def test_every_door_that_is_noted_as_showing_pay_is_there() -> None:
    assert {door.name for door in doors()} >= set(NOTED)


def test_no_stranger_and_nobody_of_another_project_gets_more_than_the_table_says() -> None:
    asker, golden = Asker(make_world()), table.read()
    wrong = []
    for door in doors():
        expected = golden[table.key_of(door)]
        roles = ["anonymous", *(("contractor", "lead", "staff") if rows_of(door) else ())]
        for role in roles:
            place = "own" if role == "anonymous" else "foreign"
            answer = asker.ask(door, role, place)
            words = expected[role].split(" ")
            word = words[0] if len(words) == 1 or place == "own" else words[-1]
            if answer is not None and answer.word != word:
                wrong.append(f"{door.method} /{door.title} as {role}: {answer.word}, not {word}")
    assert not wrong, "\n".join(wrong)


def test_no_look_at_a_page_changes_a_row() -> None:
    asker, wrong = Asker(make_world()), []
    for door in doors():
        if door.method != "GET" or door.name in KEPT_BY_LOOKING:
            continue
        answer = asker.ask(door, "contractor" if door.room == "portal" else "superuser", "own")
        if answer is not None and answer.tables - OWN_TABLES:
            wrong.append(f"/{door.title} writes to {', '.join(answer.tables - OWN_TABLES)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_cell_of_the_table_holds() -> None:
    golden, found = table.read(), Findings(Asker(make_world()))
    for door in doors():
        if WRITING == "new" and table.key_of(door) in golden:
            found.rows[door] = dict(golden[table.key_of(door)])
            continue
        for role in ROLES:
            found.look(door, role)
    if WRITING:
        table.PAGE.write_text(table.written(found.rows))
        golden = table.read()
    wrong = found.wrong + [
        f"{door.method} /{door.title} as {role}: {word}, not {golden.get(table.key_of(door), {}).get(role)}"
        for door, words in found.rows.items()
        for role, word in words.items()
        if golden.get(table.key_of(door), {}).get(role) != word
    ]
    assert not wrong, "\n".join(wrong)
