"""A stable mark of what an estimate was made from: equal inputs, equal mark; so only what changed is
computed again."""

import hashlib
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

import numpy as np

from projects.impact.context import FirmContext
from projects.impact.inputs import PauseSpan, PeerEvidence, PersonInputs, Ramp, RateSpan, StandbyTerms
from projects.impact.results import METHOD_VERSION


def fingerprint_person(person: PersonInputs, *, until: date, context: str = "") -> str:
    """SHA-256 (hex) of the method's version, the inputs, the end of pricing and the context's own mark.

    Independent of time zones that name the same instants, of the machine and of the process.
    """
    parts: list[bytes] = [f"{METHOD_VERSION}|{until.isoformat()}|{context}|".encode()]
    _write(parts, person)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def fingerprint_context(context: FirmContext) -> str:
    """SHA-256 (hex) of a firm's calibration."""
    return hashlib.sha256(repr(sorted(context.to_dict().items())).encode()).hexdigest()


SHARED = (PauseSpan, RateSpan, PeerEvidence, Ramp, StandbyTerms)
"""Values that many people have in common: their bytes are made once."""
_NAMES: dict[type, tuple[str, ...]] = {}


@lru_cache(maxsize=4096)
def _shared(value: object) -> bytes:
    parts: list[bytes] = []
    _write_fields(parts, value)
    return b"".join(parts)


def _names(kind: type) -> tuple[str, ...]:
    """Field names of a dataclass, looked up once; empty for anything else."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()
    return _NAMES[kind]


def _write(parts: list[bytes], value: object) -> None:
    """Append bytes that differ whenever two values differ."""
    if value is None or isinstance(value, (str, int)):
        parts.append(b"%s:%s;" % (type(value).__name__.encode(), repr(value).encode()))
    elif isinstance(value, tuple):
        parts.append(b"t%d(" % len(value))
        for item in value:
            _write(parts, item)
    elif isinstance(value, SHARED):
        parts.append(_shared(value))
    elif isinstance(value, np.ndarray):
        parts.append(b"a%d," % len(value))
        parts.append(np.ascontiguousarray(value, dtype="<i4").tobytes())
    elif isinstance(value, datetime):
        parts.append(f"i{value.astimezone(UTC).isoformat()};".encode())
    elif isinstance(value, (date, time)):
        parts.append(b"d%s;" % value.isoformat().encode())
    elif _names(type(value)):
        _write_fields(parts, value)
    else:
        parts.append(f"{type(value).__name__}:{value!r};".encode())


def _write_fields(parts: list[bytes], value: object) -> None:
    parts.append(b"%s(" % type(value).__name__.encode())
    for name in _names(type(value)):
        _write(parts, getattr(value, name))
