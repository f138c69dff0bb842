"""A pause's page and what a lead does there: words, dates, the end, a mistake, and messages that need a person."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from notifications import states
from notifications.models import Delivery
from projects.models import AuditEvent, Contractor, Pause, PauseUpdate, ScopeReassessment
from projects.models.pauses import PauseState
from projects.operations.acknowledgements import acknowledge_pause, record_opened
from tests.faces.backoffice.world import Desk, pause_of

LOCAL = "%Y-%m-%dT%H:%M"


def soon(days: int = 3) -> str:
    """A next word still to come, as a browser sends it."""
    return (timezone.now() + timedelta(days=days)).strftime(LOCAL)


def act(lea: Client, pause: Pause, name: str, **typed: str):  # type: ignore[no-untyped-def]
    """Send one act's form."""
    return lea.post(f"/admin/projects/pause/{pause.pk}/act/{name}/", typed)


def test_still_nothing_new_is_one_click_and_a_real_update(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    page = lea.get(f"/admin/projects/pause/{pause.pk}/change/")
    proposed = page.context["nothing_new"]["next_update_by"].value()
    act(lea, pause, "nothing-new", next_update_by=proposed.strftime(LOCAL))
    update = pause.updates.get(kind=PauseUpdate.Kind.UPDATED)
    assert "There is no news yet" in update.text
    assert update.promised_by == pause.next_update_by
    assert Delivery.objects.filter(notice__kind="pause.updated").count() == 6


def test_an_update_without_words_is_refused_where_it_was_made(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    page = act(lea, pause, "update", text=" ", next_update_by=soon())
    assert list(page.context["form"].errors) == ["text"]
    assert pause.updates.count() == 1


def test_a_next_word_in_the_past_is_refused_with_the_words_kept(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    page = act(lea, pause, "update", text="The review has begun.", next_update_by="2020-01-01T10:00")
    assert list(page.context["form"].errors) == ["next_update_by"]
    assert page.context["form"]["text"].value() == "The review has begun."
    assert pause.updates.count() == 1


def test_new_dates_are_told(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    day = (timezone.now() + timedelta(days=9)).date()
    typed = {"expected_resume": "date", "expected_resume_from": day.isoformat()}
    act(lea, pause, "extend", text="In nine days.", next_update_by=soon(), **typed)
    pause.refresh_from_db()
    assert pause.expected_resume_from == day


def test_resuming_ends_the_pause_with_its_outcome(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    act(lea, pause, "resume", text="Welcome back.", outcome="unchanged")
    pause.refresh_from_db()
    assert pause.state == PauseState.ENDED
    assert ScopeReassessment.objects.get().outcome == "unchanged"


def test_a_mistake_needs_its_reason(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    assert list(act(lea, pause, "void", reason="").context["form"].errors) == ["reason"]
    act(lea, pause, "void", reason="It was meant for another project.")
    pause.refresh_from_db()
    assert pause.state == PauseState.VOID


def test_a_pause_that_is_over_has_nothing_left_to_change(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    act(lea, pause, "resume")
    answer = act(lea, pause, "update", text="Late.", next_update_by=soon())
    assert answer.status_code == 302
    assert not pause.updates.filter(kind=PauseUpdate.Kind.UPDATED).exists()


def test_told_opened_and_acknowledged_are_three_lists(lea: Client, desk: Desk) -> None:
    pause, at = pause_of(desk), timezone.now()
    record_opened(pause=pause, contractor=desk.people[0], at=at)
    acknowledge_pause(pause=pause, contractor=desk.people[1], via="portal", at=at)
    Delivery.objects.filter(recipient__key=f"contractor:{desk.people[2].pk}").update(state=states.SENT)
    missing = {lack: _names(lea, pause, lack) for lack in ("told", "opened", "acknowledged")}
    everybody = {person.name for person in desk.people}
    assert everybody - missing["told"] == {desk.people[2].name}
    assert everybody - missing["opened"] == {desk.people[0].name}
    assert everybody - missing["acknowledged"] == {desk.people[1].name}


def test_no_name_in_the_csv_starts_a_formula(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    Contractor.objects.filter(pk=desk.people[0].pk).update(name='=HYPERLINK("http://x.example")')
    answer = lea.get(f"/admin/projects/pause/{pause.pk}/unseen.csv?lack=opened")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert not [line for line in lines if line.lstrip('"').startswith("=")]


def test_messages_that_failed_can_be_sent_again(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    failed = Delivery.objects.filter(notice__subject_ref=pause.ref)[0]
    Delivery.objects.filter(pk=failed.pk).update(state=states.FAILED, reason="refused")
    page = lea.get(f"/admin/projects/pause/{pause.pk}/change/")
    assert [row.pk for row, _channel, _state in page.context["needing"]] == [failed.pk]
    lea.post(f"/admin/projects/pause/{pause.pk}/requeue/", {"delivery": [str(failed.pk)]})
    failed.refresh_from_db()
    assert failed.state == states.QUEUED
    assert AuditEvent.objects.filter(verb="deliveries.requeued", by=desk.lead).exists()


def test_only_messages_of_this_pause_are_sent_again(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    Delivery.objects.update(state=states.FAILED, reason="refused")
    Delivery.objects.first().notice.__class__.objects.update(subject_ref="pause:999999")  # type: ignore[union-attr]
    numbers = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)]
    lea.post(f"/admin/projects/pause/{pause.pk}/requeue/", {"delivery": numbers})
    assert not Delivery.objects.filter(state=states.QUEUED).exists()


def test_a_scope_is_reassessed_and_decided_with_new_terms(lea: Client, desk: Desk) -> None:
    start = f"/admin/projects/scopereassessment/add/?project={desk.chordus.pk}"
    lea.post(start, {"what_it_means": "Work goes on meanwhile.", "next_update_by": soon()})
    row = ScopeReassessment.objects.get()
    decide = f"/admin/projects/scopereassessment/{row.pk}/decide/"
    assert lea.get(decide).context["old_terms"][0].rate == "$20.00 per hour"
    day = timezone.now().date().isoformat()
    typed = {"outcome": "reduced", "effective_on": day, "what_it_means": "Twenty hours a week."}
    refused = lea.post(decide, typed)
    assert list(refused.context["form"].errors) == ["new_hours"]
    lea.post(decide, {**typed, "new_hours": "20"})
    row.refresh_from_db()
    assert (row.outcome, row.new_weekly_seconds) == ("reduced", 72_000)


def test_history_tells_who_did_what(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    page = lea.get(f"/admin/projects/pause/{pause.pk}/history/").content.decode()
    assert "paused work" in page
    assert "Lea Diaz" in page


def _names(lea: Client, pause: Pause, lack: str) -> set[str]:
    page = lea.get(f"/admin/projects/pause/{pause.pk}/unseen/?lack={lack}").context["page"]
    return {person.name for person in page}
