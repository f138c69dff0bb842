"""A stable mark of what an estimate was made from: equal inputs, equal mark; so only what changed is
computed again."""

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from projects.impact.context import FirmContext
from projects.impact.inputs import PersonInputs
from projects.impact.results import METHOD_VERSION


def fingerprint_person(person: PersonInputs, *, until: date, context: str = "") -> str:
    """SHA-256 (hex) of the method's version, the inputs, the end of pricing and the context's own mark.

    Independent of time zones that name the same instants, of the machine and of the process.
    """
    mark = hashlib.sha256(f"{METHOD_VERSION}|{until.isoformat()}|{context}|".encode())
    for piece in _canonical(person):
        mark.update(piece)
    return mark.hexdigest()


def fingerprint_context(context: FirmContext) -> str:
    """SHA-256 (hex) of a firm's calibration."""
    return hashlib.sha256(repr(sorted(context.to_dict().items())).encode()).hexdigest()


def _canonical(value: object) -> Iterator[bytes]:
    """Bytes that differ whenever two values differ."""
    if isinstance(value, np.ndarray):
        yield f"a{value.shape}".encode() + np.ascontiguousarray(value, dtype="<i8").tobytes()
    elif isinstance(value, datetime):
        yield f"i{value.astimezone(UTC).isoformat()};".encode()
    elif isinstance(value, (date, time)):
        yield f"d{value.isoformat()};".encode()
    elif isinstance(value, tuple):
        yield f"t{len(value)}(".encode()
        for item in value:
            yield from _canonical(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__name__}(".encode()
        for item in fields(value):
            yield from _canonical(getattr(value, item.name))
    else:
        yield f"{type(value).__name__}:{value!r};".encode()
