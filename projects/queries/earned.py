"""What somebody earned on the days of a pause, with what a lead has decided about hours worked inside it."""

from collections.abc import Iterator, Sequence
from datetime import date

from projects.domain.periods import Days
from projects.impact.inputs import EarnedEntry, History
from projects.queries.paused_hours import DecidedWork


def earned_in(
    history: History, touched: Sequence[Days], decided: Sequence[DecidedWork], *, since: date
) -> tuple[EarnedEntry, ...]:
    """Work done on the paused days of an engagement, or since the pause began on one that is not paused.

    Work that a lead has decided on stands apart from the rest of its day.
    """
    first = history.ordinals.searchsorted((touched[0].starts_on if touched else since).toordinal())
    rows = zip(
        history.ordinals[first:].tolist(),
        history.seconds[first:].tolist(),
        history.tasks[first:].tolist(),
        strict=True,
    )
    if not touched:
        return tuple(EarnedEntry(date.fromordinal(day), seconds, tasks) for day, seconds, tasks in rows)
    spans = [(days.starts_on.toordinal(), days.ends_on.toordinal()) for days in touched]
    inside = [row for row in rows if any(start <= row[0] < end for start, end in spans)]
    if not decided:
        return tuple(EarnedEntry(date.fromordinal(day), seconds, tasks) for day, seconds, tasks in inside)
    by_day: dict[int, list[DecidedWork]] = {}
    for work in decided:
        by_day.setdefault(work.ordinal, []).append(work)
    return tuple(entry for row in inside for entry in _parted(*row, by_day.get(row[0], ())))


def _parted(day: int, seconds: int, tasks: int, decided: Sequence[DecidedWork]) -> Iterator[EarnedEntry]:
    """The work of one day: what was decided on, then what nobody has decided on."""
    on = date.fromordinal(day)
    for work in decided:
        yield EarnedEntry(on, work.seconds, work.tasks, is_payable=work.is_payable)
        seconds, tasks = seconds - work.seconds, tasks - work.tasks
    if seconds > 0 or tasks > 0:
        yield EarnedEntry(on, seconds, tasks)
