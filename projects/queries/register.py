"""The register of pauses as it stood at the end of a day, and whether each promised word came in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from projects.models import Acknowledgement, Engagement, Pause, PauseExclusion, PauseRelease, PauseUpdate
from projects.models.pauses import PauseState

FAR: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class PauseEntry:
    """One pause as known at the end of a day; `project` is empty where the whole client is paused, and names
    all that were chosen where several are.

    `ends_at` is None while the end was not known; `people` are those its period and target reach.
    """

    pause: int
    client: str
    project: str
    kind: str
    remaining_share_bp: int
    standby_share_bp: int
    reason: str
    state: str
    opened_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    next_word_by: datetime | None
    people: int
    seen: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class PromisedWord:
    """One word that was promised by an instant; `said_at` is None where it had not come by the end of the day."""

    pause: int
    client: str
    project: str
    promised_by: datetime
    said_at: datetime | None
    kind: str
    late_seconds: int


def end_of(as_of: date) -> datetime:
    """The first instant that is not known as of a day: midnight UTC after it."""
    return datetime.combine(as_of + timedelta(days=1), time(), UTC)


def pauses_known(within: QuerySet[Pause], *, as_of: date) -> QuerySet[Pause]:
    """Pauses that had been opened by the end of the day; drafts never."""
    return within.exclude(state=PauseState.DRAFT).filter(opened_at__lt=end_of(as_of))


def pause_register(within: QuerySet[Pause], *, as_of: date) -> Iterator[PauseEntry]:
    """The pauses of `within` as they stood at the end of the day, oldest first; one query."""
    end = end_of(as_of)
    last_word = PauseUpdate.objects.filter(pause=OuterRef("pk"), at__lt=end).order_by("-at", "-pk")
    rows = pauses_known(within, as_of=as_of).annotate(
        first_day=TruncDate("starts_at"),
        last_day=Coalesce(TruncDate("ends_at"), Value(FAR)),
        word=Subquery(last_word.values("next_update_by")[:1]),
        seen=_counted(Acknowledgement.objects.filter(pause=OuterRef("pk"), opened_at__lt=end), "pk"),
        acknowledged=_counted(
            Acknowledgement.objects.filter(pause=OuterRef("pk"), acknowledged_at__lt=end), "pk"
        ),
    )
    rows = rows.annotate(people=_counted(_reached(end), "contractor"))
    names = rows.select_related("project__client", "client").order_by("starts_at", "pk")
    for pause in names.iterator(chunk_size=500):
        yield _entry(pause, end)


def promised_words(within: QuerySet[Pause], *, as_of: date, at: datetime) -> tuple[PromisedWord, ...]:
    """Every word that was promised about these pauses and due by the end of the day; two queries.

    A word that has not come is late up to the end of the day, or up to `at` where that is earlier.
    """
    end = end_of(as_of)
    pauses = pauses_known(within, as_of=as_of)
    said = (
        PauseUpdate.objects.filter(
            pause__in=pauses.order_by().values("pk"), at__lt=end, promised_by__isnull=False
        )
        .exclude(pause__state=PauseState.VOID)
        .select_related("pause__project__client", "pause__client")
    )
    words = [
        _word(update.pause, update.promised_by, update.at, update.kind, until=update.at)
        for update in said
        if update.promised_by is not None
    ]
    now = min(end, at)
    for entry in pause_register(within, as_of=as_of):
        if entry.state == PauseState.IN_EFFECT and entry.next_word_by and entry.next_word_by < now:
            late = int((now - entry.next_word_by).total_seconds())
            words.append(
                PromisedWord(entry.pause, entry.client, entry.project, entry.next_word_by, None, "", late)
            )
    return tuple(sorted(words, key=lambda word: (word.pause, word.promised_by, word.said_at or end)))


def _word(pause: Pause, promised: datetime, said: datetime, kind: str, *, until: datetime) -> PromisedWord:
    late = max(0, int((until - promised).total_seconds()))
    client, project = _names(pause)
    return PromisedWord(pause.pk, client, project, promised, said, kind, late)


def _names(pause: Pause) -> tuple[str, str]:
    if pause.project is not None:
        return pause.project.client.code, pause.project.code
    return (pause.client.code if pause.client is not None else ""), ", ".join(pause.chosen)


def _reached(end: datetime) -> QuerySet[Engagement]:
    """The engagements that the pause of the outer row stopped for a while; `recipients.engagements_reached` for many.

    Where work on a project was let go on before `end`, those who joined it afterwards were not stopped.
    """
    on_target = Q(project=OuterRef("project")) | Q(project__client=OuterRef("client"))
    excluded = PauseExclusion.objects.filter(pause=OuterRef(OuterRef("pk"))).values("contractor")
    rows = Engagement.objects.filter(on_target, starts_on__lte=OuterRef("last_day"))
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("first_day")))
    running = Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=OuterRef("first_day"))
    released = PauseRelease.objects.filter(
        Q(from_the_start=True) | Q(released_at__date__lte=OuterRef("starts_on")),
        pause=OuterRef(OuterRef("pk")),
        project=OuterRef("project"),
        released_at__lt=end,
    )
    return rows.filter(~Exists(released), running).exclude(contractor__in=excluded)


def _counted(rows: QuerySet[Any], what: str) -> Coalesce:
    """How many different values of a column some rows of a subquery have; 0 for none."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(total=Count(what, distinct=True))
    return Coalesce(Subquery(counted.values("total"), output_field=IntegerField()), 0)


def _entry(pause: Any, end: datetime) -> PauseEntry:
    client, project = _names(pause)
    state = _state_at(pause, end)
    # An end that was set by closing the pause later was not known yet; one that was set from the start was.
    is_known = pause.closed_at is None or pause.closed_at < end
    return PauseEntry(
        pause=pause.pk,
        client=client,
        project=project,
        kind=pause.kind,
        remaining_share_bp=pause.remaining_share_bp,
        standby_share_bp=pause.standby_share_bp,
        reason=pause.reason_code,
        state=state,
        opened_at=pause.opened_at,
        starts_at=pause.starts_at,
        ends_at=pause.ends_at if is_known else None,
        next_word_by=pause.word or pause.next_update_by if state in {"scheduled", "in_effect"} else None,
        people=pause.people,
        seen=pause.seen,
        acknowledged=pause.acknowledged,
    )


def _state_at(pause: Pause, end: datetime) -> str:
    if pause.closed_at is not None and pause.closed_at < end:
        return str(pause.state)
    if pause.starts_at >= end:
        return PauseState.SCHEDULED.value
    if pause.closed_at is None and pause.ends_at is not None and pause.ends_at < end:
        return PauseState.ENDED.value
    return PauseState.IN_EFFECT.value
