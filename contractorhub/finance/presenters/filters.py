"""A report's parameters as the fields of a form that works without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.reports.catalogue import Report
from projects.reports.parameters import Parameter, Shape

MOST_OPTIONS = 300
NEST_DEPTH = 4
FIRST = frozenset({"by", "in", "weeks", "quiet_days", "state"})
"""Parameters that stand in sight; the others, which narrow what is shown, can be folded away."""


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
    is_first: bool
    is_asked: bool


def fields_of(
    report: Report, asked: Mapping[str, Sequence[str]], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    """The fields of a report's form, filled with what was asked."""
    return tuple(_field(one, asked.get(one.name, ()), errors.get(one.name, "")) for one in report.parameters)


def form_of(
    report: Report, asked: Mapping[str, Sequence[str]], errors: Mapping[str, str]
) -> dict[str, object]:
    """The fields, and of those that narrow: whether there are any, what they say, whether one is wrong."""
    fields = fields_of(report, asked, errors)
    more = [field for field in fields if not field.is_first]
    words = "; ".join(f"{field.label}: {field.value}" for field in more if field.is_asked and field.value)
    is_open = any(field.error for field in more)
    return {"fields": fields, "has_more": bool(more), "narrowed": words, "is_open": is_open}


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
        depth = min(max(NEST_DEPTH, len(words) + 1), len(choices))
        places = [*words, *[""] * max(0, depth - len(words))]
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
        is_first=parameter.name in FIRST,
        is_asked=bool(typed),
    )
