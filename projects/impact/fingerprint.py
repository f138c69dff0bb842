"""A stable mark of what an estimate was made from: equal inputs, equal mark; so only what changed is
computed again."""

import hashlib
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import numpy as np

from projects.impact.context import FirmContext
from projects.impact.inputs import PauseSpan, PeerEvidence, PersonInputs, Ramp, RateSpan, StandbyTerms
from projects.impact.results import METHOD_VERSION

Parts = list[bytes]
Writer = Callable[[Parts, Any], None]


def fingerprint_person(person: PersonInputs, *, until: date, context: str = "") -> str:
    """SHA-256 (hex) of the method's version, the inputs, the end of pricing and the context's own mark.

    Independent of time zones that name the same instants, of the machine and of the process.
    """
    parts: Parts = [f"{METHOD_VERSION}|{until.isoformat()}|{context}|".encode()]
    _writer_of(type(person))(parts, person)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def fingerprint_context(context: FirmContext) -> str:
    """SHA-256 (hex) of a firm's calibration."""
    return hashlib.sha256(repr(sorted(context.to_dict().items())).encode()).hexdigest()


SHARED: Final = (PauseSpan, RateSpan, PeerEvidence, Ramp, StandbyTerms)
"""Values that many people have in common: their bytes are made once."""


@lru_cache(maxsize=4096)
def _shared(value: Any) -> bytes:
    parts: Parts = []
    _fields_writer(type(value))(parts, value)
    return b"".join(parts)


def _writer_of(kind: type) -> Writer:
    """How values of a kind are written, found out once; a dataclass field by field.

    Raises TypeError for a kind whose values have no bytes of their own.
    """
    if kind not in _WRITERS:
        base = next((base for base in kind.__mro__ if base in _WRITERS), None)
        _WRITERS[kind] = _WRITERS[base] if base else _fields_writer(kind)
    return _WRITERS[kind]


def _fields_writer(kind: type) -> Writer:
    first, second, *rest = (item.name for item in fields(kind))
    head, values = f"{kind.__name__}(".encode(), attrgetter(first, second, *rest)

    def write(parts: Parts, value: Any) -> None:
        parts.append(head)
        for one in values(value):
            _writer_of(type(one))(parts, one)

    return write


def _write_tuple(parts: Parts, value: tuple[Any, ...]) -> None:
    parts.append(b"t%d(" % len(value))
    for item in value:
        _writer_of(type(item))(parts, item)


def _write_array(parts: Parts, value: np.ndarray[Any, Any]) -> None:
    parts.append(b"a%d," % len(value))
    parts.append(np.ascontiguousarray(value, dtype="<i4").tobytes())


# Bytes that differ whenever two values differ; by exact kind, so that True and 1, and an instant and its day, never
# read alike.
_WRITERS: dict[type, Writer] = {
    type(None): lambda parts, _value: parts.append(b"n;"),
    str: lambda parts, value: parts.append(b"s%d:%s;" % (len(value), value.encode("utf-8", "surrogatepass"))),
    bool: lambda parts, value: parts.append(b"b%d;" % value),
    int: lambda parts, value: parts.append(b"i%d;" % value),
    float: lambda parts, value: parts.append(b"f%r;" % value),
    tuple: _write_tuple,
    np.ndarray: _write_array,
    datetime: lambda parts, value: parts.append(b"w%s;" % value.astimezone(UTC).isoformat().encode()),
    date: lambda parts, value: parts.append(b"d%d;" % value.toordinal()),
    time: lambda parts, value: parts.append(b"h%s;" % value.isoformat().encode()),
    **{kind: lambda parts, value: parts.append(_shared(value)) for kind in SHARED},
}
