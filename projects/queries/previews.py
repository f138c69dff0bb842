"""What a pause would do, told before it is confirmed: whom it hits, who can be reached, what stops being earned."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.fields import BooleanField

from notifications.messages import Channel
from notifications.models import Suppression
from notifications.workspaces import is_slack_connected
from projects.domain.periods import local_day
from projects.models import Contractor, Engagement, Pause, Project
from projects.queries.reach import is_slack_channel
from projects.queries.recipients import contractors_reached, engagements_reached

SHOWN = 20  # of a list that may be long; its total is always given
HORIZON = timedelta(days=28)  # a pause without an expected end is looked at four weeks ahead
_TYPED = (
    *("kind", "remaining_share_bp", "standby_share_bp", "reason_code", "ends_at", "next_update_by"),
    *("standby_daily_minor", "standby_currency", "standby_max_days"),
    *("what_stopped", "why", "what_happens_to_pay", "what_to_do_now", "confidential_note"),
    *("expected_resume", "expected_resume_from", "expected_resume_until"),
)
_NIGHT_STARTS, _NIGHT_ENDS, _WORK_STARTS, _WORK_ENDS = 22, 7, 9, 18


@dataclass(frozen=True, slots=True)
class Counted:
    """A name and how many people it stands for."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """A time zone, what its clocks show, and how many people live by it; band is asleep, awake or at_work."""

    time_zone: str
    local: datetime
    people: int
    band: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people each channel reaches, and who none does; `channels_missing` are projects without one."""

    email: int
    slack: int
    nobody: int
    unreached: tuple[Contractor, ...]
    channels: tuple[str, ...]
    channels_missing: tuple[str, ...]
    is_slack_connected: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract that ends while the pause is likely to last."""

    contractor: str
    project: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class PausePreview:
    """Everything a lead should know before confirming; lists are cut at `SHOWN`, totals are whole."""

    pause: Pause
    starts_at: datetime
    people: int
    countries: tuple[Counted, ...]
    projects: tuple[Counted, ...]
    zones: tuple[ZoneNow, ...]
    reach: Reach
    ending_total: int
    ending: tuple[Ending, ...]
    ending_until: date
    excluded: tuple[tuple[str, str], ...]
    standing: tuple[Pause, ...]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def asleep(self) -> int:
        """People whose clocks show the night right now."""
        return sum(zone.people for zone in self.zones if zone.band == "asleep")


def preview_pause(*, pause: Pause, at: datetime) -> PausePreview:
    """What this pause, a draft as a rule, would do if it were confirmed `at`; the query count does not grow."""
    draft, pause = pause, copy(pause)  # a draft that begins at once is looked at as if it began now
    starts_at = pause.starts_at = begins_at(draft, at=at)
    reached = engagements_reached(pause)
    people = contractors_reached(pause)
    groups = list(
        people.order_by()
        .annotate(has_email=_can_get(Channel.EMAIL), has_slack=_can_get(Channel.SLACK_DM))
        .values_list("country", "time_zone", "has_email", "has_slack")
        .annotate(Count("pk"))
    )
    projects = _by_project(reached)
    until = _ending_until(pause, starts_at)
    ending = reached.filter(ends_on__gt=local_day(starts_at, "UTC"), ends_on__lte=until)
    excluded = tuple(
        pause.exclusions.order_by("contractor__name").values_list("contractor__name", "reason")[:SHOWN]
    )
    preview = PausePreview(
        pause=pause,
        starts_at=starts_at,
        people=sum(row[4] for row in groups),
        countries=_counted((row[0], row[4]) for row in groups),
        projects=tuple(Counted(project.code, total) for project, total in projects),
        zones=_zones(((row[1], row[4]) for row in groups), at=max(at, starts_at)),
        reach=_reach(groups, people, [project for project, _total in projects]),
        ending_total=ending.count(),
        ending=_endings(ending),
        ending_until=until,
        excluded=excluded,
        standing=_standing(pause),
    )
    return replace(preview, facts=_facts(preview, reached) | {"draft": _digest(draft)})


def begins_at(pause: Pause, *, at: datetime) -> datetime:
    """When a pause begins: a draft saved with its own instant as its start begins once it is confirmed."""
    is_at_once = pause.state == "draft" and pause.starts_at == pause.opened_at
    return at if is_at_once else pause.starts_at


def recipient_choices(pause: Pause, *, words: str) -> QuerySet[Contractor]:
    """People the pause stops whose name or address holds these words; the first when there are none."""
    people = contractors_reached(pause).order_by("name", "pk")
    return people.filter(Q(name__icontains=words) | Q(email__icontains=words)) if words else people


def what_changed(seen: Mapping[str, str], now: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Facts that differ between a preview that was seen and one made now: (name, then, now); absent is empty."""
    names = sorted(set(seen) | set(now))
    return tuple(
        (name, seen.get(name, ""), now.get(name, ""))
        for name in names
        if seen.get(name, "") != now.get(name, "")
    )


_ADDRESS_OF = {Channel.EMAIL: "email", Channel.SLACK_DM: "slack_user_id"}


def _can_get(channel: Channel) -> Case:
    """Whether a person has an address on a channel that has not refused for good."""
    column = _ADDRESS_OF[channel]
    refused = Suppression.objects.filter(channel=channel, address=OuterRef(column))
    return Case(
        When(Q(**{column: ""}) | Exists(refused), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )


def _counted(pairs: Iterable[tuple[str, int]]) -> tuple[Counted, ...]:
    sums: Counter[str] = Counter()
    for name, people in pairs:
        sums[name] += people
    return tuple(Counted(name, people) for name, people in sums.most_common())


def _by_project(reached: QuerySet[Engagement]) -> list[tuple[Project, int]]:
    totals = dict(
        reached.order_by().values_list("project").annotate(total=Count("contractor", distinct=True))
    )
    projects = Project.objects.filter(pk__in=totals).order_by("code")
    return [(project, totals[project.pk]) for project in projects]


def _zones(pairs: Iterable[tuple[str, int]], *, at: datetime) -> tuple[ZoneNow, ...]:
    zones = []
    for counted in _counted(pairs):
        local = at.astimezone(ZoneInfo(counted.name))
        zones.append(ZoneNow(counted.name, local, counted.people, _band(local)))
    return tuple(zones)


def _band(local: datetime) -> str:
    if local.hour >= _NIGHT_STARTS or local.hour < _NIGHT_ENDS:
        return "asleep"
    is_workday = local.weekday() < 5
    return "at_work" if is_workday and _WORK_STARTS <= local.hour < _WORK_ENDS else "awake"


def _reach(
    groups: list[tuple[str, str, bool, bool, int]], people: QuerySet[Contractor], projects: list[Project]
) -> Reach:
    is_connected = is_slack_connected()
    email = sum(total for *_rest, has_email, _slack, total in groups if has_email)
    slack = sum(total for *_rest, has_slack, total in groups if has_slack) if is_connected else 0
    lost = people.annotate(has_email=_can_get(Channel.EMAIL), has_slack=_can_get(Channel.SLACK_DM))
    lost = lost.filter(has_email=False, has_slack=False) if is_connected else lost.filter(has_email=False)
    nobody = sum(
        total
        for *_rest, has_email, has_slack, total in groups
        if not has_email and not (has_slack and is_connected)
    )
    with_channel = {project.code for project in projects if is_slack_channel(project.slack_channel)}
    return Reach(
        email=email,
        slack=slack,
        nobody=nobody,
        unreached=tuple(lost.order_by("name")[:SHOWN]) if nobody else (),
        channels=tuple(sorted(with_channel)) if is_connected else (),
        channels_missing=tuple(project.code for project in projects if project.code not in with_channel),
        is_slack_connected=is_connected,
    )


def _ending_until(pause: Pause, starts_at: datetime) -> date:
    last = pause.expected_resume_until or pause.expected_resume_from
    if pause.ends_at:
        last = local_day(pause.ends_at, "UTC")
    return last or local_day(starts_at + HORIZON, "UTC")


def _endings(ending: QuerySet[Engagement]) -> tuple[Ending, ...]:
    rows = ending.order_by("ends_on", "contractor__name").values_list(
        "contractor__name", "project__code", "ends_on"
    )
    return tuple(Ending(name, code, day) for name, code, day in rows[:SHOWN] if day is not None)


def _standing(pause: Pause) -> tuple[Pause, ...]:
    """Other open pauses that reach the same projects: the same person is told once and no day counts twice."""
    if pause.project is not None:
        rows = Pause.objects.open().reaching(pause.project)
    else:
        rows = Pause.objects.open().of_any(pause.named_projects().values("pk"))
    return tuple(rows.exclude(pk=pause.pk).select_related("project", "client").order_by("pk")[:SHOWN])


def _facts(preview: PausePreview, reached: QuerySet[Engagement]) -> dict[str, str]:
    """By what a later preview is compared with this one: who is reached, how, and what else stands."""
    sums = reached.order_by().aggregate(number=Count("pk"), marks=Sum("pk"), people=Sum("contractor_id"))
    facts = {
        "people": str(preview.people),
        "audience": f"{sums['number']}/{sums['marks']}/{sums['people']}",
        "unreachable": str(preview.reach.nobody),
        "email": str(preview.reach.email),
        "slack": str(preview.reach.slack),
        "contracts_ending": str(preview.ending_total),
        "excluded": str(len(preview.excluded)),
        "other_pauses": ", ".join(str(other.pk) for other in preview.standing),
    }
    facts |= {f"country {counted.name}": str(counted.people) for counted in preview.countries}
    return facts | {f"project {counted.name}": str(counted.people) for counted in preview.projects}


def _digest(pause: Pause) -> str:
    """A mark of everything typed, so that words changed by somebody else are noticed."""
    typed = [str(getattr(pause, name)) for name in _TYPED]
    typed.append("at once" if pause.starts_at == pause.opened_at else pause.starts_at.isoformat())
    return hashlib.sha256("\x1f".join(typed).encode()).hexdigest()[:16]
