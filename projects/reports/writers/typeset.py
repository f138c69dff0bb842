"""Typesetting: data and a template in, a tagged PDF/UA-1 out, with the same bytes for the same data and moment."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import typst

from projects.reports.table import UnableToWriteTable
from projects.reports.writers.sheets import ILLEGAL

TEMPLATES = Path(__file__).parent
PIECE = 64 * 1024
# What stands for a character that no font at hand can draw. PDF/UA forbids empty boxes, so they are words.
UNDRAWN = "?"
UNDRAWN_TEXT = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.*?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Each attempt learns the characters that could not be drawn; a text in many scripts needs a few.
ATTEMPTS = 8


@cache
def template(name: str) -> bytes:
    """Return a template that lies beside the writers."""
    return (TEMPLATES / name).read_bytes()


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


def typeset(name: str, data: dict[str, Any], *, at: dt.datetime, out: BinaryIO) -> frozenset[str]:
    """Write the template filled with the data as PDF/UA-1, dated `at`; return the characters no font could draw.

    The data reach the template as JSON, so that no text is ever read as markup. Texts in scripts that the fonts of
    this machine lack are drawn with question marks, and `data["undrawn"]` tells the template how many characters
    those are. Raises UnableToWriteTable when the template cannot be compiled.
    """
    undrawn: frozenset[str] = frozenset()
    for _ in range(ATTEMPTS):
        try:
            pdf = compiled(name, {**replaced(data, undrawn), "undrawn": len(undrawn)}, at)
        except typst.TypstError as refused:
            missing = set(undrawn_characters(f"{refused} {refused.diagnostic}")) - undrawn
            if not missing:
                raise UnableToWriteTable(f"{name} could not be typeset: {refused.message}") from refused
            undrawn |= missing
            continue
        for start in range(0, len(pdf), PIECE):
            out.write(pdf[start : start + PIECE])
        return undrawn
    raise UnableToWriteTable(f"{name} holds texts in more scripts than the fonts at hand can draw")


def compiled(name: str, data: dict[str, Any], at: dt.datetime) -> bytes:
    """Return the PDF of a template and its data."""
    text = json.dumps(data, ensure_ascii=False)
    pdf = typst.compile(
        template(name),
        sys_inputs={"data": text},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=at.astimezone(dt.UTC),
    )
    if not isinstance(pdf, bytes):
        raise UnableToWriteTable(f"{name} was typeset to nothing")
    return pdf
