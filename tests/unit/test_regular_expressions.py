"""No text makes a regular expression of ours go back and forth for ever, however it is made."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from projects.admin.leaks import leaked
from tests.unit.regular_expressions import ROOMS, attacks, expressions

SIZE: Final = 50_000
HANGS_AFTER: Final = 8.0
"""Seconds of this processor's work: what reads a text once needs a hundredth of them, what reads it for each of its
letters three times as many."""


def _named() -> dict[str, re.Pattern[Any]]:
    """Every pattern that a module of the product holds, by module and name."""
    found: dict[str, re.Pattern[Any]] = {}
    for room in ROOMS:
        for module in pkgutil.walk_packages([room], f"{room}."):
            if ".migrations" in module.name or module.name.endswith(("__main__", ".webserver")):
                continue
            held = vars(importlib.import_module(module.name))
            found |= {
                f"{module.name}.{name}": one for name, one in held.items() if isinstance(one, re.Pattern)
            }
    return found


@contextmanager
def ended_when_it_hangs(what: str) -> Iterator[None]:
    """Fail what goes on working; time in which others have the processor does not count."""

    def hung(*_: object) -> None:
        pytest.fail(f"{what} hangs")

    before = signal.signal(signal.SIGVTALRM, hung)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGS_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_expression_ends_on_a_text_made_against_it() -> None:
    found = expressions(_named())
    assert len(found) > 50
    for one in found:
        for text in attacks(one, SIZE):
            with ended_when_it_hangs(f"{one.where} {one.text!r} asked of {text[:20]!r}..."):
                one.ask(text)


def test_a_long_note_is_looked_through_once() -> None:
    note = "The vendor is Vexler\n" * 200 + "A-" * 20_000 + "\n" * 20_000 + "x"

    with ended_when_it_hangs("looking for leaks"):
        assert "Vexler" in leaked(note, ["Vexler is away"])
