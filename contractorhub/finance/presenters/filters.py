"""A report's parameters as the fields of a form that works without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.reports.catalogue import Report
from projects.reports.parameters import Parameter, Shape

MOST_OPTIONS = 300
NEST_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter; `selects` are the places of a nesting, `options` what may be chosen, `value` what was typed."""

    name: str
    label: str
    shape: str
    help: str
    error: str
    value: str
    options: tuple[Option, ...]
    selects: tuple[tuple[Option, ...], ...]
    least: int
    most: int
    summary: str


def fields_of(
    report: Report, asked: Mapping[str, Sequence[str]], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    """The fields of a report's form, filled with what was asked."""
    return tuple(_field(one, asked.get(one.name, ()), errors.get(one.name, "")) for one in report.parameters)


def _field(parameter: Parameter, typed: Sequence[str], error: str) -> Field:
    words = [word.strip() for text in typed for word in text.split(",") if word.strip()]
    if not words and parameter.default is not None:
        default = parameter.default
        words = list(default) if isinstance(default, tuple) else [str(default)]
    chosen = {word.casefold() for word in words}
    choices = parameter.choices()[:MOST_OPTIONS]
    options = tuple(Option(value, label, value.casefold() in chosen) for value, label in choices)
    selects: tuple[tuple[Option, ...], ...] = ()
    if parameter.shape is Shape.NESTING:
        places = [*words, *[""] * max(0, NEST_DEPTH - len(words))]
        selects = tuple(
            tuple(Option(value, label, value.casefold() == word.casefold()) for value, label in choices)
            for word in places
        )
    return Field(
        name=parameter.name,
        label=parameter.label,
        shape=parameter.shape.value,
        help=parameter.help,
        error=error,
        value=", ".join(words),
        options=options,
        selects=selects,
        least=parameter.least,
        most=parameter.most,
        summary=", ".join(words) if words else "all",
    )
