"""Typesetting: data and a template in, a tagged PDF/UA-1 out, with the same bytes for the same data and moment."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from projects.reports.table import UnableToWriteTable
from projects.reports.writers.sheets import ILLEGAL
from projects.reports.writers.typesetter import Refused, typeset_here

Typesetter = Callable[[str, str, dt.datetime], bytes]
"""A template's path, data as JSON and a date in, a PDF out; raises Refused."""
TEMPLATES = Path(__file__).parent
PIECE = 64 * 1024
# What stands for a character that no font at hand can draw. PDF/UA forbids empty boxes, so they are words.
UNDRAWN = "?"
UNDRAWN_TEXT = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.*?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Each attempt learns the characters that could not be drawn; a text in many scripts needs a few.
ATTEMPTS = 8


def replaced(value: Any, undrawn: frozenset[str]) -> Any:
    """Return JSON-like data with control characters left out of every text, and what cannot be drawn replaced."""
    if isinstance(value, str):
        value = value if value.isprintable() else ILLEGAL.sub("", value)
        return (
            value
            if undrawn.isdisjoint(value)
            else "".join(UNDRAWN if character in undrawn else character for character in value)
        )
    if isinstance(value, dict):
        return {key: replaced(item, undrawn) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(item, undrawn) for item in value]
    return value


def undrawn_characters(message: str) -> Iterator[str]:
    """Yield the characters that a failed compilation names as having no glyph in any font."""
    for quoted in UNDRAWN_TEXT.findall(message):
        text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), quoted)
        yield from (character for character in text if not character.isascii())


def typeset(
    name: str, data: dict[str, Any], *, at: dt.datetime, out: BinaryIO, make: Typesetter = typeset_here
) -> frozenset[str]:
    """Write the template filled with the data as PDF/UA-1, dated `at`; return the characters no font could draw.

    The data reach the template as JSON, so that no text is ever read as markup. Texts in scripts that the fonts of
    this machine lack are drawn with question marks, and `data["undrawn"]` tells the template how many characters
    those are. `make` does the typesetting: here, or in a process of its own. Raises UnableToWriteTable when the
    template cannot be compiled.
    """
    undrawn: frozenset[str] = frozenset()
    dated = at.astimezone(dt.UTC).replace(microsecond=0)  # a PDF's dates end at the second
    for _ in range(ATTEMPTS):
        text = json.dumps({**replaced(data, undrawn), "undrawn": len(undrawn)}, ensure_ascii=False)
        try:
            pdf = make(str(TEMPLATES / name), text, dated)
        except Refused as refused:
            missing = set(undrawn_characters(refused.details)) - undrawn
            if not missing:
                raise UnableToWriteTable(f"{name} could not be typeset: {refused}") from refused
            undrawn |= missing
            continue
        for start in range(0, len(pdf), PIECE):
            out.write(pdf[start : start + PIECE])
        return undrawn
    raise UnableToWriteTable(f"{name} holds texts in more scripts than the fonts at hand can draw")
