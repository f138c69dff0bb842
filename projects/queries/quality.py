"""What is missing or doubtful in the record as of a day: the questions to ask before anybody relies on a sum."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from projects.models import Engagement, HoursEntry, LostIncomeEstimate, Pause, PauseExclusion, Rate
from projects.queries.estimates import done_runs, latest_run_ids
from projects.queries.register import end_of, pauses_known

Problem = Literal["no_estimate", "no_rate", "no_hours", "hours_in_pause", "provisional"]
PROBLEMS: Final[tuple[Problem, ...]] = get_args(Problem)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look into; what does not apply is None or empty. `on` is the last day that hours are known of."""

    problem: Problem
    client: str
    project: str
    contractor: str = ""
    contractor_id: int | None = None
    pause: int | None = None
    on: date | None = None
    seconds: int | None = None
    reasons: tuple[str, ...] = ()


_PERSON: Final = {
    "client": F("project__client__code"),
    "project_code": F("project__code"),
    "name": F("contractor__name"),
    "person": F("contractor_id"),
}


def doubts(*, as_of: date, quiet_days: int, problems: tuple[Problem, ...] = PROBLEMS) -> Iterator[Doubt]:
    """The doubts of these kinds as of a day, one query a kind (hours inside a pause: two).

    `quiet_days` is after how many days without hours somebody who is engaged and not paused is asked about.
    """
    for problem in problems:
        if problem == "no_estimate":
            yield from _pauses_without_estimate(as_of)
        elif problem == "no_rate":
            yield from _people_without_rate(as_of)
        elif problem == "no_hours":
            yield from _people_without_hours(as_of, quiet_days)
        elif problem == "hours_in_pause":
            yield from _hours_in_pause(as_of)
        else:
            yield from _provisional(as_of)


def _pauses_without_estimate(as_of: date) -> Iterator[Doubt]:
    done = done_runs(as_of=as_of).filter(pause=OuterRef("pk"))
    rows = pauses_known(Pause.objects.that_happened(), as_of=as_of).filter(~Exists(done))
    for pause in rows.select_related("project__client", "client").order_by("pk"):
        client = pause.project.client if pause.project is not None else pause.client
        project = pause.project.code if pause.project is not None else ", ".join(pause.chosen)
        yield Doubt("no_estimate", client.code if client is not None else "", project, pause=pause.pk)


def _people_without_rate(as_of: date) -> Iterator[Doubt]:
    rated = Rate.objects.filter(engagement=OuterRef("pk"), starts_on__lte=as_of)
    for row in _people(Engagement.objects.active_on(as_of).filter(~Exists(rated))):
        yield Doubt("no_rate", row["client"], row["project_code"], row["name"], row["person"])


def _people_without_hours(as_of: date, quiet_days: int) -> Iterator[Doubt]:
    since = as_of - timedelta(days=quiet_days)
    known = HoursEntry.objects.filter(
        engagement=OuterRef("pk"), worked_on__lte=as_of, recorded_at__lt=end_of(as_of)
    ).order_by("-worked_on")
    known_pauses = pauses_known(Pause.objects.that_happened(), as_of=as_of)
    stopping = Pause.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__date__gte=since), pk__in=known_pauses.values("pk")
    )
    stopped = stopping.stopped_projects(let_go_before=datetime.combine(since, time(), UTC))
    rows = (
        Engagement.objects.active_on(as_of)
        .filter(starts_on__lte=since)
        .exclude(project__in=stopped.values("pk"))
        .annotate(last_on=Subquery(known.values("worked_on")[:1]))
        .filter(Q(last_on__isnull=True) | Q(last_on__lt=since))
    )
    for row in _people(rows, last=F("last_on")):
        yield Doubt(
            "no_hours", row["client"], row["project_code"], row["name"], row["person"], on=row["last"]
        )


def _people(rows: QuerySet[Engagement], **more: F) -> Iterator[dict[str, Any]]:
    found = rows.order_by("project__client__code", "project__code", "contractor__name", "pk")
    for row in found.values(**_PERSON, **more).iterator(chunk_size=2_000):
        yield dict(row)


def _hours_in_pause(as_of: date) -> Iterator[Doubt]:
    """Hours on whole UTC days inside a full pause, after its notice, of people it stops."""
    for path in ("engagement__project__pauses", "engagement__project__client__pauses"):
        excluded = PauseExclusion.objects.filter(
            pause=OuterRef(path), contractor=OuterRef("engagement__contractor")
        )
        rows = (
            HoursEntry.objects.filter(
                Q(**{f"{path}__ends_at__isnull": True}) | Q(worked_on__lt=TruncDate(f"{path}__ends_at")),
                **{f"{path}__kind": "full", f"{path}__state__in": ("scheduled", "in_effect", "ended")},
                **{f"{path}__opened_at__lt": end_of(as_of)},
                worked_on__gt=TruncDate(f"{path}__starts_at"),
                worked_on__lte=as_of,
                recorded_at__lt=end_of(as_of),
            )
            .filter(
                Q(**{f"{path}__notice_sent_at__isnull": True})
                | Q(worked_on__gt=TruncDate(f"{path}__notice_sent_at"))
            )
            .filter(~Exists(excluded))
            .order_by()
            .values(
                pause=F(f"{path}__pk"),
                client=F("engagement__project__client__code"),
                project=F("engagement__project__code"),
                name=F("engagement__contractor__name"),
                person=F("engagement__contractor_id"),
            )
            .annotate(worked=Sum("seconds"))
        )
        for row in rows.order_by("pause", "project", "name", "person"):
            yield Doubt(
                "hours_in_pause",
                row["client"],
                row["project"],
                row["name"],
                row["person"],
                pause=row["pause"],
                seconds=row["worked"],
            )


def _provisional(as_of: date) -> Iterator[Doubt]:
    rows = LostIncomeEstimate.objects.filter(is_provisional=True, run__in=latest_run_ids(as_of=as_of))
    found = rows.order_by("run__pause_id", "engagement__project__code", "engagement__contractor__name", "pk")
    for row in found.values(
        "reasons",
        pause=F("run__pause_id"),
        client=F("engagement__project__client__code"),
        project=F("engagement__project__code"),
        name=F("engagement__contractor__name"),
        person=F("engagement__contractor_id"),
    ).iterator(chunk_size=2_000):
        yield Doubt(
            "provisional",
            row["client"],
            row["project"],
            row["name"],
            row["person"],
            pause=row["pause"],
            reasons=tuple(row["reasons"]),
        )
