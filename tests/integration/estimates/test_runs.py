"""Runs are asked for once, computed once, resumed after a kill, and never changed once they are done."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects import jobs
from projects.domain.errors import UnableToEstimate
from projects.impact.estimate import estimate_people
from projects.models import EstimateChunk, EstimateRun, EstimateWeek, HoursEntry, LostIncomeEstimate
from projects.models.estimates import RunState
from projects.operations import estimates
from projects.operations.estimate_rows import EstimateRow, write_estimates
from projects.operations.estimates import (
    ask_for_estimate,
    compute_chunk,
    recompute_changed,
    start_run,
    sweep_estimates,
)
from projects.queries.impact import people_of, scope_of
from tests.factories import ClientPauseFactory, HoursEntryFactory, PauseFactory
from tests.integration.estimates.world import (
    LATER,
    LATER_ON,
    MONDAY,
    SECOND_MONDAY,
    WEEKLY_PAY,
    colleague,
    estimated,
    firm,
    midnight,
    paused,
    row_of,
)

pytestmark = pytest.mark.django_db
Callbacks = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]
Bells = list[tuple[str, dict[str, int | str]]]


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> Bells:
    """What was asked of the broker: there is none in these tests, so rings are noted instead."""
    rung: Bells = []

    def note(name: str, **arguments: int | str) -> bool:
        rung.append((name, arguments))
        return True

    monkeypatch.setattr(jobs, "ring", note)
    return rung


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks small enough that five people need three."""
    monkeypatch.setattr(estimates, "CHUNK_PEOPLE", 2)


def test_asking_twice_before_the_work_begins_makes_one_run(bells: Bells) -> None:
    project, _ = firm()
    pause = paused(project)
    first = ask_for_estimate(pause=pause, reason="opened", at=LATER)
    assert ask_for_estimate(pause=pause, reason="hours", at=LATER + timedelta(minutes=1)) == first
    assert EstimateRun.objects.count() == 1


def test_the_work_is_asked_for_only_once_the_transaction_holds(
    bells: Bells, django_capture_on_commit_callbacks: Callbacks
) -> None:
    project, _ = firm()
    with django_capture_on_commit_callbacks(execute=True):
        run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
        assert bells == []
    assert bells == [(jobs.START_ESTIMATE, {"run_id": run.pk})]


def test_a_broker_that_is_away_never_fails_the_pause(django_capture_on_commit_callbacks: Callbacks) -> None:
    project, _ = firm(people=1)
    kept = current_app.conf["broker_url"]
    current_app.conf["broker_url"] = "redis://127.0.0.1:1/0"
    try:
        with django_capture_on_commit_callbacks(execute=True):
            run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
    finally:
        current_app.conf["broker_url"] = kept
    assert run.state == RunState.QUEUED


@pytest.mark.usefixtures("chunks_of_two")
def test_chunks_computed_twice_and_in_any_order_give_one_row_a_person(bells: Bells) -> None:
    project, people = firm()
    run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
    start_run(run_id=run.pk, at=LATER)
    chunks = list(run.chunks.order_by("-number").values_list("pk", flat=True))
    assert [name for name, _ in bells] == [jobs.COMPUTE_ESTIMATE_CHUNK] * 3
    assert [compute_chunk(chunk_id=pk, at=LATER) for pk in [*chunks, *chunks]] == [True] * 3 + [False] * 3
    run.refresh_from_db()
    assert (run.state, run.chunks_total) == (RunState.DONE, 3)
    assert list(run.estimates.values_list("lost_minor", flat=True)) == [2 * WEEKLY_PAY] * len(people)
    assert EstimateWeek.objects.filter(estimate__run=run).count() == 2 * len(people)


@pytest.mark.usefixtures("chunks_of_two")
def test_a_run_that_was_killed_between_chunks_goes_on_where_it_stood(bells: Bells) -> None:
    project, people = firm()
    run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
    start_run(run_id=run.pk, at=LATER)
    first = run.chunks.earliest("number")
    compute_chunk(chunk_id=first.pk, at=LATER)
    bells.clear()
    later = LATER + timedelta(minutes=6)
    assert sweep_estimates(at=LATER + timedelta(minutes=1)) == 0  # they may still be in work
    assert sweep_estimates(at=later) == 2
    for _, arguments in bells:
        compute_chunk(chunk_id=int(arguments["chunk_id"]), at=later)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.estimates.count() == len(people)


def test_rows_of_a_worker_that_died_while_writing_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    project, people = firm()
    pause = paused(project)
    run = ask_for_estimate(pause=pause, reason="opened", at=LATER)
    with monkeypatch.context() as patch:
        patch.setattr(estimates, "carry_over", _die)
        patch.setattr(estimates, "_earlier_run", lambda _: run)
        patch.setattr(estimates, "_fingerprints", lambda *_: {})
        patch.setattr(estimates, "write_estimates", _write_and_die)
        with pytest.raises(KeyboardInterrupt):
            start_run(run_id=run.pk, at=LATER)
    assert not LostIncomeEstimate.objects.filter(run=run).exists()
    start_run(run_id=run.pk, at=LATER)
    assert run.estimates.count() == len(people)


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _write_and_die(run: EstimateRun, rows: list[EstimateRow]) -> None:
    write_estimates(run, rows)
    raise KeyboardInterrupt


def test_a_start_that_was_never_heard_is_rung_again(bells: Bells) -> None:
    project, _ = firm(people=1)
    run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
    assert sweep_estimates(at=LATER + timedelta(minutes=2)) == 1
    assert bells == [(jobs.START_ESTIMATE, {"run_id": run.pk})]


def test_a_run_that_nobody_could_compute_in_a_day_says_so(bells: Bells) -> None:
    project, _ = firm(people=1)
    run = ask_for_estimate(pause=paused(project), reason="opened", at=LATER)
    sweep_estimates(at=LATER + timedelta(hours=25))
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "within a day" in run.error


def test_opening_a_client_pause_asks_again_for_the_project_pauses_it_overlaps(bells: Bells) -> None:
    project, _ = firm(people=1)
    PauseFactory.make(project=project, starts_at=midnight(MONDAY))
    client_pause = ClientPauseFactory.make(client=project.client, starts_at=midnight(MONDAY))
    ask_for_estimate(pause=client_pause, reason="opened", at=LATER)
    assert sorted(EstimateRun.objects.values_list("reason", flat=True)) == ["opened", "overlaps"]


def test_only_changed_inputs_are_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    project, people = firm(people=25)  # enough past weeks for the firm to be judged once and for all
    pause = paused(project)
    first = estimated(pause)
    HoursEntryFactory.make(engagement=people[0], worked_on=MONDAY - timedelta(days=4), seconds=3_600)
    computed: list[str] = []

    def watched(changed: list[object], *args: object, **options: object) -> object:
        computed.extend(person.person for person in changed)  # type: ignore[attr-defined]
        return estimate_people(changed, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(estimates, "estimate_people", watched)
    second = estimated(pause)
    assert computed == [str(people[0].contractor_id)]
    assert second.estimates.count() == first.estimates.count() == 25
    assert row_of(second, people[0]).lost_minor > row_of(first, people[0]).lost_minor
    kept, before = row_of(second, people[1]), row_of(first, people[1])
    assert (kept.lost_minor, kept.lines, kept.inputs_fingerprint) == (
        before.lost_minor,
        before.lines,
        before.inputs_fingerprint,
    )
    assert list(kept.weeks.values_list("week_starts_on", "lost_minor")) == list(
        before.weeks.values_list("week_starts_on", "lost_minor")
    )


def test_the_night_estimates_every_pause_that_may_still_move(bells: Bells) -> None:
    project, _ = firm(people=1)
    paused(project)
    PauseFactory.make(project=project, starts_at=midnight(SECOND_MONDAY))
    PauseFactory.make(project=firm(people=1)[0], state="void", starts_at=midnight(MONDAY))
    assert recompute_changed(at=LATER) == 2
    assert set(EstimateRun.objects.values_list("reason", flat=True)) == {"nightly"}


def test_a_finished_run_is_not_touched_by_a_late_bell() -> None:
    project, people = firm()
    run = estimated(paused(project))
    before = list(run.estimates.values())
    HoursEntry.objects.filter(engagement=people[0]).delete()
    start_run(run_id=run.pk, at=LATER)
    for pk in EstimateChunk.objects.filter(run=run).values_list("pk", flat=True):
        assert not compute_chunk(chunk_id=pk, at=LATER)
    assert list(run.estimates.values()) == before


def test_a_draft_a_void_pause_and_a_day_to_come_cannot_be_estimated() -> None:
    project, _ = firm(people=1)
    with pytest.raises(UnableToEstimate, match="draft"):
        ask_for_estimate(pause=paused(project, state="draft"), reason="opened", at=LATER)
    with pytest.raises(UnableToEstimate, match="void"):
        estimated(paused(project, state="void"))
    with pytest.raises(UnableToEstimate, match="still to come"):
        estimated(paused(project), as_of=LATER_ON + timedelta(days=1))


@pytest.mark.once
def test_reading_three_hundred_people_takes_no_more_queries_than_thirty() -> None:
    project, _ = firm(people=0)
    for _ in range(3):
        colleague(project, weeks=1)
    pause = paused(project)
    few = _queries_of(pause)
    for _ in range(27):
        colleague(project, weeks=1)
    many = _queries_of(pause)
    assert few == many
    assert few[0] <= 12


def _queries_of(pause: object) -> tuple[int, int]:
    """Queries to read people, and to compute a whole run of one chunk."""
    with CaptureQueriesContext(connection) as reading:
        assert people_of(scope_of(pause, as_of=LATER_ON), first_id=1, last_id=2**62)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as running, transaction.atomic():
        estimated(pause)  # type: ignore[arg-type]
    EstimateRun.objects.all().delete()
    return len(reading), len(running)
