"""Promise keeping: every next word that was promised, when it came, and how late it was."""

from typing import Final

from projects.access import pauses_visible_to
from projects.models import Pause
from projects.queries.register import PromisedWord, promised_words
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.table import Cell, Column, Kind, Total

PARAMETERS: Final = (CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE, "Empty where every project of the client is paused."),
    Column("promised_by", "Promised by", Kind.INSTANT),
    Column(
        "said_at", "Said at", Kind.INSTANT, "Not known where the word had not come by the end of the day."
    ),
    Column("word", "Word", Kind.CODE, "What the word was: an update, new dates, the end."),
    Column("kept", "Kept", Kind.INTEGER, "1 where the word came in time.", Total.SUM),
    Column("late", "Late", Kind.INTEGER, "1 where it came late or had not come.", Total.SUM),
    Column("late_by", "Late by", Kind.HOURS, "Up to the word, or to the end of the day where none had come."),
)
_METHOD: Final = (
    "Each promise of a next word that was made about a pause and followed by a word, and each that was "
    "due and had not been kept by the end of the day. Pauses that were opened by mistake and made void "
    "are left out."
)


def build(ask: Ask) -> Draft:
    """List the promises about the pauses of the clients and projects asked for."""
    within = pauses_visible_to(ask.by) if ask.by is not None else Pause.objects.all()
    clients, projects = ask.texts("client"), ask.texts("project")
    words = [
        word
        for word in promised_words(within, as_of=ask.as_of, at=ask.at)
        if (not clients or word.client in clients) and (not projects or word.project in projects)
    ]
    words.sort(key=lambda word: (word.client, word.pause, word.promised_by))
    late = sum(word.late_seconds > 0 for word in words)
    note = f"{len(words) - late:,} of {len(words):,} promises were kept in time." if words else ""
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, words)),
        keys=("pause", "promised_by"),
        method=_METHOD,
        groups=("client",),
        notes=(note,) if note else (),
        inputs=tuple(map(repr, words)),
    )


def _row(word: PromisedWord) -> tuple[Cell, ...]:
    is_late = word.late_seconds > 0
    return (
        word.client, str(word.pause), word.project, word.promised_by, word.said_at, word.kind,
        int(not is_late), int(is_late), word.late_seconds,
    )  # fmt: skip
