"""What may be asked of a report: parameters with their allowed values, and one check for every face."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from projects.domain.errors import UnableToReport

Choice = tuple[str, str]
Values = Mapping[str, Any]
"""Checked values by name, as JSON holds them: a text, a number or a list of texts; what was not asked is absent."""
EARLIEST: Final = date(2000, 1, 1)
MOST_NAMED: Final = 40
MOST_CHARACTERS: Final = 150


class Shape(StrEnum):
    """How many values a parameter takes, and of what kind."""

    ONE = "one"
    MANY = "many"
    NESTING = "nesting"
    IDS = "ids"
    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


def none_allowed() -> tuple[Choice, ...]:
    """The choices of a parameter that takes no choices: days and numbers."""
    return ()


def any_id(_ids: Sequence[int]) -> Sequence[int]:
    """Where ids need no check: none of them is unknown."""
    return ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be asked.

    `choices` gives (value, label) pairs and is asked each time, because clients and projects come and go. `unknown`
    returns those of some ids that do not exist. A NUMBER lies in `[least, most]`. NESTING keeps the order.
    """

    name: str
    label: str
    shape: Shape
    help: str = ""
    choices: Callable[[], tuple[Choice, ...]] = none_allowed
    unknown: Callable[[Sequence[int]], Sequence[int]] = any_id
    default: str | int | tuple[str, ...] | None = None
    least: int = 0
    most: int = 0

    def read(self, words: Sequence[str]) -> Any:
        """The checked value of what somebody typed. Raises UnableToReport with the field and the allowed values."""
        if self.shape is Shape.DAY:
            return day_of(self._only(words), field=self.name).isoformat()
        if self.shape is Shape.NUMBER:
            return self._number(self._only(words))
        if self.shape is Shape.IDS:
            return self._ids(words)
        if self.shape is Shape.TEXT:
            return self._text(", ".join(words))
        found = self._chosen(words)
        if self.shape is Shape.ONE:
            return self._only(found)
        if self.shape is Shape.NESTING:
            if len(set(found)) != len(found):
                raise UnableToReport(f"{self.label}: name each thing once.", field=self.name)
            return found
        return sorted(set(found))

    def described(self, value: Any) -> str:
        """The value as people read it."""
        return ", ".join(value) if isinstance(value, list) else str(value)

    def _only(self, words: Sequence[str]) -> str:
        if len(words) != 1:
            raise UnableToReport(f"{self.label}: give one value, not {len(words)}.", field=self.name)
        return words[0]

    def _text(self, word: str) -> str:
        if len(word) > MOST_CHARACTERS or not word.isprintable():
            raise UnableToReport(
                f"{self.label}: give at most {MOST_CHARACTERS} letters, digits and signs.", field=self.name
            )
        return word

    def _number(self, word: str) -> int:
        is_digits = word.isascii() and word.isdigit() and len(word) < 10
        number = int(word) if is_digits else -1
        if not self.least <= number <= self.most:
            raise UnableToReport(
                f"{self.label}: “{word}” is not allowed; give a whole number from {self.least} to {self.most}.",
                field=self.name,
            )
        return number

    def _ids(self, words: Sequence[str]) -> list[int]:
        for word in words:
            if not (word.isascii() and word.isdigit() and len(word) < 16):
                raise UnableToReport(
                    f"{self.label}: “{word}” is not allowed; give numbers such as 7.", field=self.name
                )
        ids = sorted({int(word) for word in words})
        if missing := self.unknown(ids):
            raise UnableToReport(f"{self.label}: there is no number {missing[0]}.", field=self.name)
        return ids

    def _chosen(self, words: Sequence[str]) -> list[str]:
        allowed = {value.casefold(): value for value, _ in self.choices()}
        for word in words:
            if word.casefold() not in allowed:
                raise UnableToReport(
                    f"{self.label}: “{word}” is not allowed; choose from {listed(list(allowed.values()))}.",
                    field=self.name,
                )
        return [allowed[word.casefold()] for word in words]


def listed(values: Sequence[str]) -> str:
    """Allowed values in one line; a very long list is cut and says how many there are."""
    if not values:
        return "nothing: there are none yet"
    more = f" and {len(values) - MOST_NAMED} more" if len(values) > MOST_NAMED else ""
    return ", ".join(values[:MOST_NAMED]) + more


def day_of(word: str, *, field: str) -> date:
    """A day written as 2026-03-02. Raises UnableToReport with the field."""
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise UnableToReport(f"“{word}” is no day; write it as 2026-03-02.", field=field) from error
    if day < EARLIEST or day.year > 9000:
        raise UnableToReport(
            f"“{word}” lies outside the days of reports; the first is {EARLIEST}.", field=field
        )
    return day


def as_of_day(word: str | date | None, *, at: datetime) -> date:
    """The day a report speaks of: today by default. Raises UnableToReport for a day that is not over or to come."""
    today = at.astimezone(UTC).date()
    day = (
        today
        if word is None or word == ""
        else word
        if isinstance(word, date)
        else day_of(word, field="as_of")
    )
    if day > today:
        raise UnableToReport(
            f"As of {day} nothing is known yet; the last day is today, {today}.", field="as_of"
        )
    return day


def checked(
    report: str, parameters: Sequence[Parameter], asked: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Check everything asked of a report and fill in the defaults.

    A value may hold several, parted by commas. Raises UnableToReport with the field and the allowed values.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in asked:
        if name not in known:
            raise UnableToReport(f"{report} takes no “{name}”; it takes {listed(list(known))}.", field=name)
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        words = [word.strip() for text in asked.get(name, ()) for word in text.split(",") if word.strip()]
        if words:
            values[name] = parameter.read(words)
        elif parameter.default is not None:
            default = parameter.default
            values[name] = list(default) if isinstance(default, tuple) else default
    return values


def described(parameters: Sequence[Parameter], values: Values) -> tuple[tuple[str, str], ...]:
    """What was asked, as (label, words) pairs in the order of the parameters; what was not asked is left out."""
    return tuple(
        (parameter.label, parameter.described(values[parameter.name]))
        for parameter in parameters
        if parameter.name in values
    )
