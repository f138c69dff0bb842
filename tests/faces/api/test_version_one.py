"""Version 1 only grows: whatever its schema has told once, it still tells, and it asks for nothing more."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.once
GOLDEN: Final = Path(__file__).parent / "golden" / "version_one.txt"
"""One line an operation, a body or a list of choices; `!` marks what must be given. WRITE_API_SURFACE=1 adds what is
new."""
METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
Surface = Mapping[str, frozenset[str]]


def told_now() -> Surface:
    """What programs hold on to, by operation, body and list of choices."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found = {
        f"{method.upper()} {path}": _parameters(operation)
        | {code for code in operation["responses"] if code < "300"}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }
    for name, part in schema["components"]["schemas"].items():
        found[name] = frozenset(map(str, part.get("enum", ()))) | _fields(
            part, is_asked=name.endswith("Request")
        )
    return found


def _parameters(operation: Mapping[str, Any]) -> frozenset[str]:
    asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return frozenset(each["name"] + ("!" if each.get("required") else "") for each in asked)


def _fields(part: Mapping[str, Any], *, is_asked: bool) -> frozenset[str]:
    needed = part.get("required", []) if is_asked else []
    return frozenset(name + ("!" if name in needed else "") for name in part.get("properties", {}))


def _read() -> Surface:
    pairs = (line.partition(": ") for line in GOLDEN.read_text().splitlines())
    return {name: frozenset(words.split()) for name, _colon, words in pairs}


def test_nothing_that_programs_hold_on_to_is_gone_and_nothing_more_is_asked_of_them() -> None:
    now = told_now()
    for name, words in _read().items():
        held = {word.rstrip("!") for word in words}
        there = now.get(name, frozenset())
        assert held <= {word.rstrip("!") for word in there}, f"{name} lost {held - there}"
        newly_needed = {word for word in there if word.endswith("!")} - words
        assert not newly_needed, f"{name} now needs {newly_needed}"


def test_whatever_is_added_is_promised_too() -> None:
    now, promised = told_now(), _read()
    if os.environ.get("WRITE_API_SURFACE"):
        _write(now, promised)
        promised = _read()
    unwritten = {name: words - promised.get(name, frozenset()) for name, words in now.items()}

    assert not {name: words for name, words in unwritten.items() if words}, (
        "Write it with WRITE_API_SURFACE=1."
    )


def _write(now: Surface, promised: Surface) -> None:
    """Add what is new; what was promised is taken out by hand or not at all."""
    every = {name: promised.get(name, frozenset()) | now.get(name, frozenset()) for name in {*promised, *now}}
    lines = (f"{name}: {' '.join(sorted(words))}".rstrip() for name, words in sorted(every.items()))
    GOLDEN.write_text("\n".join(lines) + "\n")
