"""Holds policies against a file of worked figures: passed, failed with the difference, or not supported by
name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from projects.domain.errors import UnableToEstimate
from projects.impact.policies.catalogue import UNSUPPORTED, policy_for

Outcome = Literal["passed", "failed", "not supported"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that came out otherwise, as text."""

    figure: str
    expected: str
    answered: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One example's outcome; `note` says why it is not supported or could not be read."""

    id: str
    policy: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    note: str = ""


def read_examples(path: Path) -> list[dict[str, Any]]:
    """A JSON list of {id, rule, inputs, expected}. Raises UnableToEstimate saying what is wrong with the
    file."""
    try:
        examples = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnableToEstimate(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise UnableToEstimate(f"{path}: not JSON ({error})") from error
    if not isinstance(examples, list):
        raise UnableToEstimate(f"{path}: a list of examples is needed")
    for number, example in enumerate(examples, start=1):
        shape = isinstance(example, dict) and isinstance(example.get("inputs"), dict)
        if not shape or not isinstance(example.get("expected"), dict):
            raise UnableToEstimate(f"{path}: example {number} has no inputs and expected figures")
    return examples


def check(example: Mapping[str, Any]) -> Checked:
    """Answer one example under its named policy and compare every expected figure."""
    name, rule = str(example.get("id", "")), str(example.get("rule", ""))
    inputs, expected = example["inputs"], example["expected"]
    policy = policy_for(inputs, rule)
    if policy is None:
        known, why = UNSUPPORTED.get(
            frozenset(inputs), (rule or "unnamed rule", "no policy takes these inputs")
        )
        return Checked(name, known, "not supported", note=f"policy not supported: {known} ({why})")
    try:
        answered = policy.answer(inputs)
    except (ValueError, KeyError, TypeError, ZeroDivisionError, AttributeError) as error:
        return Checked(name, policy.name, "failed", note=f"inputs could not be read: {error}")
    differences = tuple(_differences("", expected, answered))
    return Checked(name, policy.name, "failed" if differences else "passed", differences)


def _differences(path: str, expected: object, answered: object) -> list[Difference]:
    """Every figure of `expected` that `answered` does not hold."""
    if isinstance(expected, Mapping) and isinstance(answered, Mapping):
        found: list[Difference] = []
        for key, value in expected.items():
            found += _differences(f"{path}.{key}".lstrip("."), value, answered.get(key))
        return found
    if _is_list(expected) and _is_list(answered) and len(expected) == len(answered):  # type: ignore[arg-type]
        pairs = zip(expected, answered, strict=True)  # type: ignore[call-overload]
        return [d for i, (e, a) in enumerate(pairs) for d in _differences(f"{path}[{i}]", e, a)]
    if _figure(expected) == _figure(answered):
        return []
    return [Difference(path, str(expected), "nothing" if answered is None else str(answered))]


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _figure(value: object) -> object:
    """A figure by its value, whatever its trailing zeros; anything else as it is."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value
