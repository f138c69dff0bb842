"""Asks for estimates, computes them chunk by chunk, and closes a run once all its chunks are in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from notifications.collector import collector_at_rest
from notifications.rows import is_one_of
from projects import jobs
from projects.domain.errors import UnableToEstimate
from projects.impact.accuracy import Accuracy
from projects.impact.context import FirmContext
from projects.impact.estimate import estimate_people
from projects.impact.fingerprint import fingerprint_context, fingerprint_person
from projects.impact.inputs import PeerEvidence, PersonInputs
from projects.impact.results import METHOD_VERSION
from projects.models import Engagement, EstimateChunk, EstimateRun, JobRun, LostIncomeEstimate, Pause, Project
from projects.models.estimates import RunState
from projects.models.pauses import PauseState
from projects.operations.estimate_rows import EstimateRow, carry_over, row_of, write_estimates
from projects.operations.events import announce_estimate
from projects.operations.reference import mark_of_policy, policy_of, reference_of
from projects.queries.accuracy import COVER_WATCH, realised_cover
from projects.queries.calibration import firm_context, peers_by_country, submitted_by_project
from projects.queries.coverage import horizon_of
from projects.queries.impact import RunScope, engagements_stopped, people_of, scope_of

logger = structlog.get_logger(__name__)

CHUNK_PEOPLE: Final = 2_000
LAST_ID: Final = 2**63 - 1
RING_AGAIN_AFTER: Final = timedelta(minutes=5)
"""Longer than a task may take, so that a chunk in work is not asked for again."""
START_AGAIN_AFTER: Final = timedelta(minutes=1)
GIVE_UP_AFTER: Final = timedelta(hours=24)
LATE_SHEETS: Final = timedelta(days=35)
"""So long after its end a pause is still estimated nightly: sheets come in late."""


def ask_for_estimate(*, pause: Pause, reason: str, at: datetime) -> EstimateRun:
    """Ask for a new estimate of a pause, and of the pauses that share days with it, in the caller's transaction.

    A run that waits already with the same day is returned instead of a second one. The work is asked for by name once
    the transaction holds. Raises UnableToEstimate for a draft.
    """
    if pause.state == PauseState.DRAFT:
        raise UnableToEstimate("A draft stops nobody, so there is nothing to estimate.", field="pause")
    with transaction.atomic():
        for other in _sharing_days(pause):
            _ask(pause=other, reason="overlaps", at=at)
        return _ask(pause=pause, reason=reason, at=at)


def ask_for_estimates_of(*, contractor_ids: Sequence[int], reason: str, at: datetime) -> int:
    """Ask for new estimates of the pauses that stop any of these people, as after an import of hours; return how many.

    Pauses that ended more than five weeks ago keep the estimate they have.
    """
    engaged = Engagement.objects.filter(contractor__in=contractor_ids)
    projects = set(engaged.values_list("project_id", flat=True))
    clients = set(Project.objects.filter(pk__in=projects).values_list("client_id", flat=True))
    with transaction.atomic():
        pauses = _worth_estimating(at).filter(Q(project__in=projects) | Q(client__in=clients))
        return len([_ask(pause=pause, reason=reason, at=at) for pause in pauses])


def recompute_changed(*, at: datetime) -> int:
    """Nightly: a fresh run of every pause that may still move; only changed inputs are computed. Returns how many."""
    asked = 0
    for pause in _worth_estimating(at):
        with transaction.atomic():
            _ask(pause=pause, reason="nightly", at=at)
        asked += 1
    return asked


def watch_cover(*, at: datetime) -> Accuracy:
    """Nightly: keep how often past ranges held, and raise the alarm where 80 % ranges hold too few or too many."""
    found = realised_cover(at=at)
    JobRun.objects.create(
        kind=COVER_WATCH,
        state=JobRun.State.DONE,
        asked_at=at,
        finished_at=at,
        result={
            "cases": found.cases,
            "cover80": found.cover80,
            "cover95": found.cover95,
            "is_drifting": found.is_drifting,
        },
    )
    if found.is_drifting:
        logger.error("estimates.cover_drifting", cases=found.cases, cover80=found.cover80)
    return found


def start_run(*, run_id: int, at: datetime) -> None:
    """Learn what the firm's past says, then ask for every chunk; a single chunk is computed at once."""
    run = _running(run_id)
    if run is None:
        return
    _calibrate(run)
    waiting = list(run.chunks.filter(done_at__isnull=True).order_by("number").values_list("pk", flat=True))
    if len(waiting) <= 1:
        for chunk_id in waiting:
            compute_chunk(chunk_id=chunk_id, at=at)
        finish_run(run_id=run_id, at=at)
        return
    EstimateChunk.objects.filter(pk__in=waiting).update(rung_at=at)
    jobs.ask_for_chunks(waiting)


def compute_chunk(*, chunk_id: int, at: datetime) -> bool:
    """Estimate the people of one chunk and write them once; return whether this call wrote them.

    Reading and computing hold no lock. Whoever marks the chunk as done in the transaction that writes its rows wins;
    another worker's result for the same chunk, or that of a killed one, leaves nothing behind.
    """
    chunk = (
        EstimateChunk.objects.select_related("run__pause").filter(pk=chunk_id, done_at__isnull=True).first()
    )
    if chunk is None or _running(chunk.run_id) is None:
        return False
    run = chunk.run
    context, mark = _calibrate(run)
    with collector_at_rest():
        rows, carried, earlier = _estimated(run, context, mark, _people_of_chunk(chunk))
    with transaction.atomic():
        if not EstimateChunk.objects.filter(pk=chunk_id, done_at__isnull=True).update(done_at=at):
            return False
        write_estimates(run, rows)
        if earlier is not None and carried:
            carry_over(run, earlier=earlier, engagement_ids=carried)
    finish_run(run_id=run.pk, at=at)
    return True


def finish_run(*, run_id: int, at: datetime) -> bool:
    """Close a run whose chunks are all in; return whether this call closed it. From then on it is never changed."""
    waiting = EstimateChunk.objects.filter(run=OuterRef("pk"), done_at__isnull=True)
    ready = EstimateRun.objects.filter(~Exists(waiting), pk=run_id, state=RunState.RUNNING)
    if not ready.exists():
        return False
    mark = sha256()
    marks = LostIncomeEstimate.objects.filter(run=run_id).order_by("engagement_id", "currency")
    for engagement_id, fingerprint in marks.values_list("engagement_id", "inputs_fingerprint").iterator():
        mark.update(f"{engagement_id}:{fingerprint};".encode())
    with transaction.atomic():
        if not ready.update(state=RunState.DONE, finished_at=at, inputs_fingerprint=mark.hexdigest()):
            return False
        run = EstimateRun.objects.select_related("pause__project", "pause__client").get(pk=run_id)
        announce_estimate(run=run, at=at)
    return True


def sweep_estimates(*, at: datetime) -> int:
    """Ring again for what a lost message left waiting, close what is complete, give up what has waited for a day.

    Returns how many bells were rung.
    """
    unfinished = EstimateRun.objects.filter(state__in=[RunState.QUEUED, RunState.RUNNING])
    unfinished.filter(asked_at__lt=at - GIVE_UP_AFTER).update(
        state=RunState.FAILED,
        finished_at=at,
        error="It was not computed within a day; the workers' log says why.",
    )
    rung = 0
    for run in unfinished.filter(state=RunState.QUEUED, asked_at__lt=at - START_AGAIN_AFTER).only("pk"):
        rung += jobs.ring(jobs.START_ESTIMATE, run_id=run.pk)
    stale = EstimateChunk.objects.filter(run__state=RunState.RUNNING, done_at__isnull=True).filter(
        Q(rung_at__isnull=True) | Q(rung_at__lt=at - RING_AGAIN_AFTER)
    )
    waiting = list(stale.order_by("run_id", "number").values_list("pk", flat=True))
    EstimateChunk.objects.filter(pk__in=waiting).update(rung_at=at)
    rung += jobs.ask_for_chunks(waiting)
    for run in unfinished.filter(state=RunState.RUNNING).only("pk"):
        finish_run(run_id=run.pk, at=at)
    return rung


def compute_now(
    *, pause: Pause, at: datetime, as_of: date, tell: Callable[[int, int], None] | None = None
) -> EstimateRun:
    """Estimate a pause here and now, as of a day, and return the finished run.

    `tell(done, total)` hears of every chunk. Raises UnableToEstimate for a draft, a void pause or a day still to come.
    """
    if pause.state in {PauseState.DRAFT, PauseState.VOID}:
        raise UnableToEstimate(
            f"Pause {pause.pk} is {pause.get_state_display().lower()}; it costs nobody anything."
        )
    if as_of > at.astimezone(UTC).date():
        raise UnableToEstimate(f"{as_of} is still to come; nothing is known of it yet.", field="as_of")
    with transaction.atomic():
        run = _new_run(pause=pause, reason="asked", as_of=as_of, at=at)
    chunks = list(run.chunks.order_by("number").values_list("pk", flat=True))
    EstimateRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.RUNNING)
    EstimateChunk.objects.filter(pk__in=chunks).update(rung_at=at)
    for done, chunk_id in enumerate(chunks, start=1):
        compute_chunk(chunk_id=chunk_id, at=at)
        if tell is not None:
            tell(done, len(chunks))
    finish_run(run_id=run.pk, at=at)
    run.refresh_from_db()
    return run


# --- Asking --------------------------------------------------------------------------------------------------------
def _ask(*, pause: Pause, reason: str, at: datetime) -> EstimateRun:
    as_of = at.astimezone(UTC).date()
    run = (
        EstimateRun.objects.filter(pause=pause, as_of=as_of, state=RunState.QUEUED)
        .exclude(chunks__done_at__isnull=False)
        .first()
    )
    if run is None:
        run = _new_run(pause=pause, reason=reason, as_of=as_of, at=at)
    jobs.ask_for_estimate_after_commit(run.pk)
    return run


def _new_run(*, pause: Pause, reason: str, as_of: date, at: datetime) -> EstimateRun:
    """A run with its chunks: ranges of ids that leave no gap, so that whoever joins meanwhile is in one of them."""
    people: list[int] = []
    if pause.state != PauseState.VOID:
        stopped = engagements_stopped(scope_of(pause, as_of=as_of))
        people = list(stopped.order_by("contractor_id").values_list("contractor_id", flat=True).distinct())
    edges = [1, *(people[place] for place in range(CHUNK_PEOPLE, len(people), CHUNK_PEOPLE)), LAST_ID]
    run = EstimateRun.objects.create(
        pause=pause,
        as_of=as_of,
        method_version=METHOD_VERSION,
        **policy_of(pause),
        reason=reason,
        asked_at=at,
        chunks_total=len(edges) - 1,
    )
    EstimateChunk.objects.bulk_create(
        EstimateChunk(
            run=run,
            number=number,
            first_contractor_id=edges[number],
            last_contractor_id=edges[number + 1] - 1,
        )
        for number in range(len(edges) - 1)
    )
    return run


def _sharing_days(pause: Pause) -> Sequence[Pause]:
    """The open pauses that stop some of the same work: a client's beside its project's, and the other way round."""
    if pause.project is not None:
        related = Q(client=pause.project.client_id) | Q(project=pause.project_id)
    else:
        related = Q(project__client=pause.client_id)
    return list(Pause.objects.open().filter(related).exclude(pk=pause.pk).order_by("pk"))


def _worth_estimating(at: datetime) -> Any:
    recent = Q(state=PauseState.ENDED, closed_at__gte=at - LATE_SHEETS)
    return Pause.objects.filter(Q(state__in=[PauseState.SCHEDULED, PauseState.IN_EFFECT]) | recent).order_by(
        "pk"
    )


# --- Computing -----------------------------------------------------------------------------------------------------
def _running(run_id: int) -> EstimateRun | None:
    """The run, marked as running; None once it is done or given up."""
    EstimateRun.objects.filter(pk=run_id, state=RunState.QUEUED).update(state=RunState.RUNNING)
    return EstimateRun.objects.select_related("pause").filter(pk=run_id, state=RunState.RUNNING).first()


def _calibrate(run: EstimateRun) -> tuple[FirmContext, str]:
    """What the firm's past says, and its mark: learned once a run and kept with it.

    The past ends where the pause begins, so an earlier run of the same pause that could judge it is believed again:
    then estimates whose own inputs stand still do not move.
    """
    if run.context:
        return FirmContext.from_dict(run.context["firm"]), run.context["mark"] + mark_of_policy(run)
    scope = scope_of(run.pause, as_of=run.as_of)
    submitted = submitted_by_project(as_of=run.as_of)
    origin = min(scope.starts_on, run.as_of + timedelta(days=1))
    kept = _calibration_of_earlier_run(run, origin)
    if kept is None:
        kept = firm_context(origin=origin, submitted=submitted).to_dict()
    firm = FirmContext.from_dict(kept)
    run.context = {
        "firm": kept,
        "mark": fingerprint_context(firm),
        "peers": {
            country: [*(round(figure, 4) for figure in astuple(evidence)[:-1]), evidence.through.isoformat()]
            for country, evidence in _peers(scope, firm, origin, submitted).items()
        },
        "submitted": {str(project): day.isoformat() for project, day in submitted.items()},
        "horizons": {str(project.pk): _horizon_words(scope, project.pk) for project in scope.terms.values()},
        "until": scope.until.isoformat(),
    }
    if not EstimateRun.objects.filter(pk=run.pk, context={}).update(context=run.context):
        run.refresh_from_db(fields=["context"])  # another worker was first: its calibration is the run's
    return FirmContext.from_dict(run.context["firm"]), run.context["mark"] + mark_of_policy(run)


def _calibration_of_earlier_run(run: EstimateRun, origin: date) -> Mapping[str, Any] | None:
    earlier = _earlier_run(run)
    if earlier is None or not earlier.context or earlier.method_version != METHOD_VERSION:
        return None
    firm = FirmContext.from_dict(earlier.context["firm"])
    return earlier.context["firm"] if firm.as_of == origin and firm.is_calibrated else None


def _peers(
    scope: RunScope, firm: FirmContext, origin: date, submitted: Mapping[int, date]
) -> Mapping[str, PeerEvidence]:
    """Colleagues' evidence over the weeks of the pause so far; none before it began."""
    before = min(scope.as_of + timedelta(days=1), scope.until)
    return peers_by_country(origin=origin, before=before, context=firm, submitted=submitted)


def _horizon_words(scope: RunScope, project_id: int) -> dict[str, str]:
    """Until when a project's loss is reckoned, and why until then."""
    if scope.pause.ends_at is not None:
        return {"until": scope.pause.ends_at.isoformat(), "why": "ends"}
    day, why = horizon_of(scope.pause, scope.terms[project_id], as_of=scope.as_of)
    return {"until": day.isoformat(), "why": why}


def _people_of_chunk(chunk: EstimateChunk) -> list[PersonInputs]:
    run = chunk.run
    if run.pause.state == PauseState.VOID:
        return []
    submitted = {int(pk): date.fromisoformat(day) for pk, day in run.context["submitted"].items()}
    peers = {
        country: PeerEvidence(people, actual, expected, mean, date.fromisoformat(through))
        for country, (people, actual, expected, mean, through) in run.context["peers"].items()
    }
    scope = scope_of(run.pause, as_of=run.as_of, submitted=submitted, peers=peers)
    return people_of(scope, first_id=chunk.first_contractor_id, last_id=chunk.last_contractor_id)


def _estimated(
    run: EstimateRun, context: FirmContext, mark: str, people: Sequence[PersonInputs]
) -> tuple[list[EstimateRow], list[int], EstimateRun | None]:
    """Fresh rows of the people whose inputs changed, the engagements to carry over, and the run they come from."""
    until = date.fromisoformat(run.context["until"])
    own = {one.engagement: one for person in people for one in person.engagements if _is_of(run, one)}
    earlier = _earlier_run(run)
    known = _fingerprints(earlier, [int(pk) for pk in own]) if earlier is not None else {}
    changed: list[PersonInputs] = []
    carried: list[int] = []
    for person in people:
        wanted = [int(one.engagement) for one in person.engagements if one.engagement in own]
        marks = {known.get(pk) for pk in wanted}
        if marks == {fingerprint_person(person, until=until, context=mark)} if known else False:
            carried += wanted
        else:
            changed.append(person)
    results = estimate_people(changed, context, until=until, context_mark=mark)
    rows = [
        row_of(estimate, person, reference_of(run, estimate, person))
        for person, estimates in zip(changed, results, strict=True)
        for estimate in estimates
        if estimate.engagement in own
    ]
    return rows, carried, earlier


def _is_of(run: EstimateRun, engagement: Any) -> bool:
    return any(span.pause == str(run.pause_id) for span in engagement.pauses)


def _earlier_run(run: EstimateRun) -> EstimateRun | None:
    done = EstimateRun.objects.filter(
        pause=run.pause_id, state=RunState.DONE, method_version=run.method_version
    )
    return done.exclude(pk=run.pk).order_by("-asked_at", "-pk").first()


def _fingerprints(run: EstimateRun, engagement_ids: Sequence[int]) -> dict[int, str]:
    rows = LostIncomeEstimate.objects.filter(is_one_of("engagement_id", engagement_ids), run=run)
    return dict(rows.values_list("engagement_id", "inputs_fingerprint"))
