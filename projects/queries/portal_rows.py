"""The rows behind a contractor's pages, prepared: everybody opens theirs at once when work stops."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, cast

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Concat

from notifications.models import Notice
from projects.models import (
    Acknowledgement,
    Contractor,
    Engagement,
    EstimateRun,
    LostIncomeEstimate,
    OpenSeat,
    Pause,
    PauseExclusion,
    PauseRelease,
    PauseUpdate,
    Project,
    ScopeReassessment,
)
from projects.models.estimates import RunState
from projects.models.pauses import PauseKind, PauseState
from projects.models.scope import ScopeOutcome
from projects.prepared import Prepared, Slot
from projects.queries.estimates import NEWEST_FIRST

_WORDS_OF_THEIR_OWN = (PauseUpdate.Kind.UPDATED, PauseUpdate.Kind.EXTENDED, PauseUpdate.Kind.REASSESSED)
_PERSON: Final = Slot("person", BigIntegerField())
_ENDED_AFTER: Final = Slot("ended_after", DateField())
_CLOSED_AFTER: Final = Slot("closed_after", DateTimeField())
_TODAY: Final = Slot("today", DateField())
_PUBLIC_ID: Final = Slot("public_id", UUIDField())
_PROJECT: Final = Slot("project", BigIntegerField())
_CLIENT: Final = Slot("client", BigIntegerField())
_FIRST_DAY: Final = Slot("first_day", DateField())
_UNTIL_DAY: Final = Slot("until_day", DateField())
_RUNS: Final = [Slot(f"run{number}", BigIntegerField()) for number in range(8)]


def annotated(pauses: QuerySet[Pause], contractor: Contractor | Slot) -> QuerySet[Pause]:
    """Pauses with what this contractor did about them, the last word, and the run that priced them last."""
    runs = EstimateRun.objects.filter(pause=OuterRef("pk")).order_by("-asked_at", "-pk")
    done = EstimateRun.objects.filter(pause=OuterRef("pk"), state=RunState.DONE).order_by(*NEWEST_FIRST)
    words = PauseUpdate.objects.filter(pause=OuterRef("pk"), kind__in=_WORDS_OF_THEIR_OWN).order_by(
        "-at", "-pk"
    )
    seen = Acknowledgement.objects.filter(pause=OuterRef("pk"), contractor=contractor)
    late = Concat(Value("promise:"), Cast(OuterRef("pk"), CharField()))
    reminders = Notice.objects.filter(subject_ref=late, kind="promise.overdue").order_by("-staged_at")
    spared = PauseExclusion.objects.filter(pause=OuterRef("pk"), contractor=contractor)
    rows: QuerySet[Pause] = pauses.select_related("project", "client").annotate(
        priced_by=Subquery(done.values("pk")[:1]),
        newest_run_state=Subquery(runs.values("state")[:1]),
        latest_word=Subquery(words.values("text")[:1]),
        latest_word_at=Subquery(words.values("at")[:1]),
        seen_at=Subquery(seen.values("last_opened_at")[:1]),
        acknowledged_at=Subquery(seen.values("acknowledged_at")[:1]),
        leads_reminded_at=Subquery(reminders.values("staged_at")[:1]),
        exclusion_reason=Subquery(spared.values("reason")[:1]),
    )
    return rows


def pauses_told_to(contractor: Contractor | Slot) -> QuerySet[Pause]:
    """Pauses that reach, or reached, an engagement of this contractor; drafts are nobody's business yet."""
    own = Engagement.objects.filter(contractor=contractor).values("project")
    reached: QuerySet[Pause] = Pause.objects.of_any(own).exclude(state=PauseState.DRAFT)
    return reached


def _own() -> QuerySet[Engagement]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=_ENDED_AFTER)
    return Engagement.objects.filter(lasting, contractor=_PERSON).order_by()


def _recent() -> QuerySet[Pause]:
    own = _own()
    targets = Q(project__in=own.values("project")) | Q(client__in=own.values("project__client"))
    open_or_late = Q(closed_at__isnull=True) | Q(closed_at__gte=_CLOSED_AFTER)
    rows: QuerySet[Pause] = Pause.objects.exclude(state=PauseState.DRAFT).filter(targets, open_or_late)
    return annotated(rows, _PERSON)


def _reached() -> QuerySet[Engagement]:
    """Engagements of one person on the project or the client that a pause names, over these days."""
    first, until = cast("date", _FIRST_DAY), cast("date", _UNTIL_DAY)
    own = Engagement.objects.filter(contractor=_PERSON).overlapping(first, until)
    return own.filter(Q(project=_PROJECT) | Q(project__client=_CLIENT)).select_related("project__client")


def _reassessments() -> QuerySet[ScopeReassessment]:
    late = Q(outcome=ScopeOutcome.PENDING) | Q(decided_at__gte=_CLOSED_AFTER)
    return ScopeReassessment.objects.filter(late, project__in=_own().values("project")).order_by(
        "started_at", "pk"
    )


def _figures() -> QuerySet[LostIncomeEstimate]:
    runs: Any = _RUNS
    rows = LostIncomeEstimate.objects.filter(engagement__contractor=_PERSON, run__id__in=runs)
    return rows.select_related("run").defer("lines", "run__context").order_by("engagement", "currency")


def _named_leads() -> QuerySet[Any, Any]:
    own = Engagement.objects.filter(contractor=_PERSON).values("project")
    rows = Project.leads.through.objects.filter(user__is_active=True, project__in=own)
    return rows.order_by("pk").values_list("project_id", "user__name", "user__email")


def _seats() -> QuerySet[OpenSeat]:
    """Seats open today on projects that are not stopped and are not the contractor's own."""
    stopped = Pause.objects.open().filter(kind=PauseKind.FULL)
    return (
        OpenSeat.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=_TODAY), opened_on__lte=_TODAY)
        .filter(Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=_TODAY))
        .exclude(project__in=_own().values("project"))
        .exclude(project__in=stopped.stopped_projects().values("pk"))
        .select_related("project__client")
    )


ENGAGEMENTS: Final = Prepared(
    lambda: _own().select_related("project__client").order_by("project__code", "starts_on")
)
PAUSES: Final = Prepared(_recent)
PAUSE: Final = Prepared(lambda: annotated(pauses_told_to(_PERSON).filter(public_id=_PUBLIC_ID), _PERSON))
_REACHED: Final = Prepared(_reached)
LET_GO: Final = Prepared(
    lambda: PauseRelease.objects.filter(project__in=_own().values("project")).values_list(
        "pause_id", "project_id"
    )
)
REASSESSMENTS: Final = Prepared(_reassessments)
_FIGURES: Final = Prepared(_figures)
LEADS: Final = Prepared(_named_leads)
SEATS: Final = Prepared(_seats)


def engagements_reached(contractor: Contractor, pause: Pause) -> list[Engagement]:
    """The engagements that a pause reaches: those that share a day with it on a project it is named after."""
    until = pause.ends_at or pause.closed_at
    rows: list[Engagement] = _REACHED.instances(
        person=contractor.pk,
        project=pause.project_id,
        client=pause.client_id,
        first_day=pause.starts_at.date() - timedelta(days=1),
        until_day=until.date() + timedelta(days=1) if until else date.max,
    )
    return [row for row in rows if not pause.chosen or row.project.code in pause.chosen]


def figures_of(contractor: Contractor, runs: Sequence[int]) -> list[LostIncomeEstimate]:
    """The figures these runs found for somebody, without their lines; one query for a handful of runs."""
    found: list[LostIncomeEstimate] = []
    for first in range(0, len(runs), len(_RUNS)):
        some = runs[first : first + len(_RUNS)]
        asked = {slot.name: some[min(place, len(some) - 1)] for place, slot in enumerate(_RUNS)}
        found += _FIGURES.instances(person=contractor.pk, **asked)
    return found
