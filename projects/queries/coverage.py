"""Which days of an engagement each pause carries: open ends closed, overlapping pauses parted so none counts twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from projects.domain.periods import Days, local_day, merged
from projects.impact.inputs import PauseKind, StandbyTerms
from projects.models import Pause
from projects.models.pauses import ExpectedResume

OPEN_END_WEEKS = 4
"""How far ahead an open pause is estimated where neither the client nor the project states an end."""
TESTED_WEEKS = 13
"""The longest stretch the method was held against; a planned end further away says nothing of the pause."""

PAUSE_FIELDS = (
    "pk", "project_id", "client_id", "kind", "remaining_share_bp", "starts_at", "ends_at", "expected_resume",
    "expected_resume_from", "expected_resume_until", "standby_share_bp", "standby_daily_minor", "standby_currency",
    "standby_max_days", "notice_sent_at", "reason_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """What the estimate needs of a pause: its target, its half-open period and its terms."""

    pk: int
    project_id: int | None
    client_id: int | None
    kind: PauseKind
    remaining_bp: int
    starts_at: datetime
    ends_at: datetime | None
    expected_resume_on: date | None
    standby: StandbyTerms
    notice_sent_at: datetime | None
    reason: str
    excluded: frozenset[int] = frozenset()
    released: Mapping[int, datetime] = field(default_factory=dict)

    @classmethod
    def of(
        cls, pause: Pause, *, excluded: Collection[int] = (), released: Mapping[int, datetime] | None = None
    ) -> "PauseFacts":
        """The facts of a row; `excluded` are contractors it does not stop, `released` projects let go, and when."""
        resumes_on = {
            ExpectedResume.DATE.value: pause.expected_resume_from,
            ExpectedResume.WINDOW.value: pause.expected_resume_until,
        }.get(pause.expected_resume)
        return cls(
            pk=pause.pk,
            project_id=pause.project_id,
            client_id=pause.client_id,
            kind="reduced" if pause.remaining_share_bp else "full",
            remaining_bp=pause.remaining_share_bp,
            starts_at=pause.starts_at,
            ends_at=pause.ends_at,
            expected_resume_on=resumes_on,
            standby=StandbyTerms(
                pause.standby_share_bp,
                pause.standby_daily_minor,
                pause.standby_currency or None,
                pause.standby_max_days,
            ),
            notice_sent_at=pause.notice_sent_at,
            reason=pause.reason_code,
            excluded=frozenset(excluded),
            released=released or {},
        )

    def reaches(self, *, project_id: int, client_id: int, contractor_id: int) -> bool:
        """Whether it stops this contractor's work on this project of this client."""
        on_target = self.project_id == project_id if self.project_id else self.client_id == client_id
        return on_target and contractor_id not in self.excluded


@dataclass(frozen=True, slots=True)
class ProjectTerms:
    """What a project says of the days that work on it can have at all."""

    pk: int
    client_id: int
    time_zone: str
    planned_end_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pause that this pause alone carries on an engagement: instants, half-open, never open."""

    pause: PauseFacts
    starts_at: datetime
    ends_at: datetime


def horizon_of(pause: PauseFacts, project: ProjectTerms, *, as_of: date) -> tuple[date, str]:
    """First local day after what is estimated of an open pause, and which fact gave it.

    The expected day of resuming while it is still ahead, else the project's planned end while that is at most 13 weeks
    ahead (the method was tested no further), else four weeks from the later of `as_of` and the start. The work never
    goes on past the end of the project.
    """
    after = max(as_of, local_day(pause.starts_at, project.time_zone))
    tested = after + timedelta(weeks=TESTED_WEEKS)
    if pause.expected_resume_on and pause.expected_resume_on > after:
        day, why = pause.expected_resume_on, "expected_resume"
    elif project.planned_end_on and after < project.planned_end_on <= tested:
        day, why = project.planned_end_on, "planned_end"
    else:
        day, why = after + timedelta(weeks=OPEN_END_WEEKS), "four_weeks"
    return (project.ended_on, "project_ended") if project.ended_on and project.ended_on < day else (day, why)


def closed(pause: PauseFacts, project: ProjectTerms, *, as_of: date) -> PauseFacts:
    """The pause with an end: when the project was let go, its own, or the local midnight of its horizon there."""
    if project.pk in pause.released:
        return replace(pause, ends_at=pause.released[project.pk])
    if pause.ends_at is not None:
        return pause
    day, _ = horizon_of(pause, project, as_of=as_of)
    return replace(
        pause, ends_at=midnight(max(day, local_day(pause.starts_at, project.time_zone)), project.time_zone)
    )


def midnight(day: date, time_zone: str) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone))


def pieces_by_pause(
    pauses: Iterable[PauseFacts], project: ProjectTerms, *, as_of: date
) -> dict[int, tuple[Piece, ...]]:
    """The pauses of one engagement, parted: what each alone carries, by pause.

    Where two share an instant the one that leaves less work carries it, then the one that began first, then the one
    recorded first: so the losses of overlapping pauses add up without counting a day twice.
    """
    ordered = sorted(
        (closed(pause, project, as_of=as_of) for pause in pauses),
        key=lambda pause: (pause.remaining_bp, pause.starts_at, pause.pk),
    )
    carried: list[tuple[datetime, datetime]] = []
    parted: dict[int, tuple[Piece, ...]] = {}
    for pause in ordered:
        assert pause.ends_at is not None  # noqa: S101 - `closed` gives every pause its end
        own = _without((pause.starts_at, pause.ends_at), carried)
        parted[pause.pk] = tuple(Piece(pause, starts_at, ends_at) for starts_at, ends_at in own)
        carried = sorted([*carried, *own])
    return parted


def _without(
    span: tuple[datetime, datetime], taken: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """What remains of a span outside `taken`, which is sorted and disjoint."""
    starts_at, ends_at = span
    left: list[tuple[datetime, datetime]] = []
    for taken_from, taken_until in taken:
        if taken_from > starts_at:
            left.append((starts_at, min(taken_from, ends_at)))
        starts_at = max(starts_at, taken_until)
        if starts_at >= ends_at:
            break
    left.append((starts_at, ends_at))
    return [(first, last) for first, last in left if first < last]


def days_touched(pieces: Iterable[Piece], time_zone: str) -> tuple[Days, ...]:
    """The local days on which any of the pieces falls, joined."""
    return merged(
        Days(
            local_day(piece.starts_at, time_zone),
            local_day(piece.ends_at - timedelta(microseconds=1), time_zone) + timedelta(days=1),
        )
        for piece in pieces
    )


def days_without(spans: Iterable[Days], taken: Sequence[Days]) -> tuple[Days, ...]:
    """The days of `spans` outside `taken`, which is sorted and disjoint."""
    left: list[Days] = []
    for span in merged(spans):
        starts_on = span.starts_on
        for other in taken:
            if other.ends_on <= starts_on:
                continue
            left.append(Days(starts_on, min(max(other.starts_on, starts_on), span.ends_on)))
            starts_on = max(starts_on, other.ends_on)
        left.append(Days(starts_on, span.ends_on))
    return tuple(span for span in left if span)
