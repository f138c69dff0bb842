"""The timeline in words: each word, the promise it kept or missed, what it changed, and how it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contractorhub.portal.presenters.cards import Moment, present_moment
from contractorhub.portal.presenters.reader import Reader
from projects.queries.timeline import Told, Word

ON_TIME = timedelta(minutes=1)
SHOWN_CHANGES = ("expected_resume_from", "expected_resume_until", "ends_at")
NOTHING = {"None", ""}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One fact that moved; empty text means it was, or is, not known."""

    fact: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ToldWords:
    channel: str
    state: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class EntryWords:
    kind: str
    text: str
    at: Moment
    by_name: str
    next_word: Moment | None
    late_by: str
    is_promise_kept: bool
    changes: tuple[ChangeWords, ...]
    told: tuple[ToldWords, ...]


def present_timeline(words: Sequence[Word], reader: Reader, at: datetime) -> tuple[EntryWords, ...]:
    """Every word, latest first."""
    return tuple(_entry(word, reader, at) for word in words)


def _entry(word: Word, reader: Reader, at: datetime) -> EntryWords:
    is_late = word.promised_by is not None and word.at > word.promised_by + ON_TIME
    changes = (_change(fact, word.changes[fact], reader) for fact in SHOWN_CHANGES if fact in word.changes)
    return EntryWords(
        kind=word.kind,
        text=word.text,
        at=present_moment(word.at, reader, at),
        by_name=word.by_name,
        next_word=present_moment(word.next_update_by, reader, at) if word.next_update_by else None,
        late_by=reader.length(word.at - word.promised_by) if is_late and word.promised_by else "",
        is_promise_kept=word.promised_by is not None and not is_late,
        changes=tuple(change for change in changes if change is not None),
        told=tuple(_told(each, reader, at) for each in word.told),
    )


def _told(told: Told, reader: Reader, at: datetime) -> ToldWords:
    return ToldWords(told.channel, told.state, present_moment(told.at, reader, at) if told.at else None)


def _change(fact: str, pair: object, reader: Reader) -> ChangeWords | None:
    """A recorded pair [before, after]; None where the record has another form."""
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return None
    before, after = (_readable(str(value), reader) for value in pair)
    return ChangeWords(fact, before, after)


def _readable(value: str, reader: Reader) -> str:
    if value in NOTHING:
        return ""
    try:
        if len(value) == len("2026-11-27"):
            return reader.day(date.fromisoformat(value))
        return reader.instant(datetime.fromisoformat(value))
    except ValueError:
        return value
