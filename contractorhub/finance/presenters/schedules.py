"""When a schedule is due, and what it asks, in words."""

from collections.abc import Mapping, Sequence

from contractorhub.finance.forms import WEEKDAYS
from projects.models import ReportSchedule


def times_in_words(schedule: ReportSchedule) -> str:
    """Such as “every week on Monday at 06:00 UTC”."""
    at = f"at {schedule.hour:02d}:00 UTC"
    if schedule.every == ReportSchedule.Every.WEEK and schedule.weekday is not None:
        return f"every week on {WEEKDAYS[schedule.weekday]} {at}"
    if schedule.every == ReportSchedule.Every.MONTH:
        return f"every month on day {schedule.day} {at}"
    return f"every day {at}"


def what_is_asked(asked: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The parameters of a report, one phrase each."""
    return tuple(f"{name}: {', '.join(words)}" for name, words in asked.items())
