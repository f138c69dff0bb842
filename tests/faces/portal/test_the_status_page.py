"""The first page: what somebody whose work has stopped reads, in each state their work can be in."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from notifications.models import Notice
from projects.models import Acknowledgement, EstimateRun, LostIncomeEstimate, OpenSeat, Pause, Project
from projects.models.estimates import RunState
from projects.models.pauses import ExpectedResume, PauseKind, PauseState
from tests.faces.portal.conftest import BACKEND
from tests.faces.portal.world import World, login_of, person
from tests.factories import (
    ClientPauseFactory,
    EngagementFactory,
    EstimateRunFactory,
    LostIncomeEstimateFactory,
    PauseExclusionFactory,
    PauseFactory,
    ProjectFactory,
    ScopeReassessmentFactory,
)

pytestmark = pytest.mark.django_db
Counted = Callable[[int], Any]


def text_of(client: Client, path: str = "/portal/") -> str:
    """What a page says, tags and line breaks aside."""
    page = client.get(path).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def change(row: Pause, **fields: object) -> None:
    """Set fields of a pause as an operation would have left them."""
    Pause.objects.filter(pk=row.pk).update(**fields)


def test_a_paused_person_reads_all_six_answers(ana: Client, world: World) -> None:
    page = text_of(ana)

    assert "Work is stopped or reduced on 1 of your 2 projects." in page
    assert "CHORDUS Paused" in page
    assert "Orion found that somebody got into one of its systems." in page
    assert "Expected to go on between" in page
    assert "That is in 2 days. You will hear even if nothing has changed." in page
    assert "All hours you worked before the pause are paid on the usual day." in page
    assert "You get 20% of your usual pay as standby pay." in page
    a_day = "You get $10.00 of standby pay for each day on which you would have worked, for at most 5 days."
    assert a_day in page
    assert "You do not need to do anything." in page
    assert "Lea Diaz · lea@firm.example" in page


def test_times_are_told_on_the_persons_own_clock(ana: Client, world: World) -> None:
    change(world.pause, starts_at=world.at.replace(month=1, day=5, hour=22, minute=30))

    assert "Tue, Jan 6, 6:30 AM" in text_of(ana).replace("\u202f", " ")
    assert "All times are Manila time." in text_of(ana)


def test_the_estimate_is_told_with_its_range_in_plain_words(ana: Client) -> None:
    page = text_of(ana)

    assert "About $383 less a week" in page
    assert "Likely between $367 and $400." in page


def test_somebody_without_a_loss_reads_no_loss(ana: Client) -> None:
    LostIncomeEstimate.objects.update(
        expected_minor=0, earned_minor=0, standby_minor=0, lost_minor=0,
        low80_minor=-5_000, low95_minor=-9_000, high80_minor=0, high95_minor=5_000,
    )  # fmt: skip

    page = text_of(ana)

    assert "No loss" in page
    assert "less a week" not in page


def test_a_gain_is_no_loss_and_shows_how_bad_it_could_be(ana: Client) -> None:
    LostIncomeEstimate.objects.update(
        expected_minor=0, earned_minor=1_000, standby_minor=0, lost_minor=-1_000,
        low80_minor=-5_000, low95_minor=-9_000, high80_minor=60_000, high95_minor=70_000,
    )  # fmt: skip

    assert "No loss At worst about $100 less a week." in text_of(ana)


def test_an_estimate_that_is_still_computed_says_so(ana: Client) -> None:
    EstimateRun.objects.update(state=RunState.RUNNING, finished_at=None)

    assert "Being worked out" in text_of(ana)


def test_a_newer_unfinished_run_does_not_hide_the_figures_there_are(ana: Client, world: World) -> None:
    EstimateRunFactory.make(
        pause=world.pause, state=RunState.QUEUED, finished_at=None, asked_at=world.at + timedelta(minutes=1)
    )

    assert "About $383 less a week" in text_of(ana)


def test_a_run_as_of_an_earlier_day_does_not_replace_todays_figures(ana: Client, world: World) -> None:
    later = world.at + timedelta(minutes=1)
    run = EstimateRunFactory.make(
        pause=world.pause, as_of=world.at.date() - timedelta(days=7), asked_at=later, finished_at=later
    )
    LostIncomeEstimateFactory.make(run=run, engagement=world.engagement)

    assert "About $383 less a week" in text_of(ana)


def test_an_overdue_word_is_told_honestly(ana: Client, world: World) -> None:
    change(world.pause, next_update_by=world.at - timedelta(hours=5, minutes=10))

    page = text_of(ana)

    assert "5 hours late" in page
    assert "You are right to ask." in page
    assert "have been reminded" not in page


def test_reminded_leads_are_mentioned_only_when_they_were_reminded_of_this_promise(
    ana: Client, world: World
) -> None:
    due = world.at - timedelta(hours=5)
    change(world.pause, next_update_by=due)
    _reminder(world, staged_at=due - timedelta(days=3))
    before = text_of(ana)

    _reminder(world, staged_at=due + timedelta(minutes=1))

    assert "have been reminded" not in before
    assert "Your project leads have been reminded." in text_of(ana)


def test_a_pause_without_a_known_end_says_that_nobody_knows(ana: Client, world: World) -> None:
    change(
        world.pause,
        expected_resume=ExpectedResume.UNKNOWN,
        expected_resume_from=None,
        expected_resume_until=None,
    )

    assert "Nobody knows yet" in text_of(ana)


def test_a_reduced_pause_says_how_much_work_goes_on(ana: Client, world: World) -> None:
    change(world.pause, kind=PauseKind.REDUCED, remaining_share_bp=5_000)

    page = text_of(ana)

    assert "CHORDUS Reduced" in page
    assert "you work 50% of your usual hours." in page


def test_a_pause_of_the_whole_client_stops_each_of_its_projects(ana: Client, world: World) -> None:
    ClientPauseFactory.make(client=world.chordus.client, starts_at=world.at - timedelta(hours=1))

    page = text_of(ana)

    assert "Work is stopped or reduced on 2 of your 2 projects." in page
    assert "It holds for every project of Orion Labs." in page
    assert "Orion Labs has a second pause" in page


def test_an_announced_pause_leaves_work_active_until_it_begins(ana: Client, world: World) -> None:
    change(
        world.pause,
        state=PauseState.SCHEDULED,
        starts_at=world.at + timedelta(days=3, hours=1),
        next_update_by=world.at + timedelta(days=4),
    )

    page = text_of(ana)

    assert "All your work goes on." in page
    assert "Pause announced" in page
    assert "(in 3 days). Until then it goes on." in page


def test_a_scheduled_pause_whose_hour_has_come_counts_at_once(ana: Client, world: World) -> None:
    change(world.pause, state=PauseState.SCHEDULED)

    assert "CHORDUS Paused" in text_of(ana)


def test_somebody_left_out_of_a_pause_keeps_working_and_knows_why(ana: Client, world: World) -> None:
    PauseExclusionFactory.make(pause=world.pause, contractor=world.ana, reason="You hand the data back.")

    page = text_of(ana)

    assert "All your work goes on." in page
    assert "CHORDUS is paused, but you keep working: You hand the data back." in page


def test_a_reassessment_says_what_it_means_and_when_the_next_word_comes(ana: Client, world: World) -> None:
    change(world.pause, state=PauseState.VOID, closed_at=world.at)
    ScopeReassessmentFactory.make(
        project=world.chordus,
        what_it_means="You keep your hours for now.",
        next_update_by=world.at + timedelta(days=2),
    )

    page = text_of(ana)

    assert "CHORDUS Being reassessed" in page
    assert "What it means for you: You keep your hours for now." in page


def test_an_ended_pause_is_remembered_with_its_length(ana: Client, world: World) -> None:
    change(world.pause, state=PauseState.ENDED, ends_at=world.at, closed_at=world.at)

    page = text_of(ana)

    assert "All your work goes on." in page
    assert "The last pause ran from" in page
    assert "(27 hours)" in page


def test_a_pause_opened_by_mistake_is_taken_back(ana: Client, world: World) -> None:
    change(world.pause, state=PauseState.VOID, closed_at=world.at)

    assert "was a mistake and does not count." in text_of(ana)


def test_work_that_has_ended_is_listed_as_ended(ana: Client) -> None:
    assert "Ended HARP (Lyra Audio) · last day" in text_of(ana)


def test_open_work_elsewhere_is_shown_to_people_it_is_open_to(ana: Client, world: World) -> None:
    OpenSeat.objects.filter(title="Lyrics reviewer").update(countries=["CO"])

    page = text_of(ana)

    assert "Accent labeller · NOVA (Lyra Audio) $13.00 an hour · 20 hours a week · 3 seats" in page
    assert "Lyrics reviewer" not in page


def test_work_on_a_paused_project_is_not_offered(ana: Client, world: World) -> None:
    PauseFactory.make(project=Project.objects.get(code="NOVA"), starts_at=world.at)

    assert "Accent labeller" not in text_of(ana)


def test_somebody_without_a_project_is_told_what_to_do(world: World, client: Client) -> None:
    client.force_login(login_of(person("Noor", "noor@people.example")), backend=BACKEND)

    assert "You have no current project." in text_of(client)


def test_opening_the_page_is_recorded_once(ana: Client, world: World) -> None:
    ana.get("/portal/")
    first = Acknowledgement.objects.get(pause=world.pause, contractor=world.ana)

    ana.get("/portal/")

    assert first.opened_at is not None
    assert first.acknowledged_at is None
    assert Acknowledgement.objects.get().opened_at == first.opened_at


def test_one_tap_acknowledges_and_the_page_says_so(ana: Client, world: World) -> None:
    page = ana.post(f"/portal/pauses/{world.pause.public_id}/acknowledge/", {"from": "home"}, follow=True)

    assert "Your project lead can see that you have read this." in page.content.decode()
    assert "You have read this" in page.content.decode()
    assert Acknowledgement.objects.get().via == "portal"


def test_acknowledging_needs_a_form_of_ours(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.user, backend=BACKEND)

    refused = strict.post(f"/portal/pauses/{world.pause.public_id}/acknowledge/")

    assert refused.status_code == 403
    assert "The page was open too long" in refused.content.decode()


def test_the_confidential_note_is_on_no_page(ana: Client, world: World) -> None:
    change(world.pause, confidential_note="Ransom demanded.")
    world.pause.updates.update(confidential_note="Ransom paid.")
    own = f"/portal/pauses/{world.pause.public_id}/"

    for path in ("/portal/", own, f"{own}estimate/", "/portal/my-data.json", "/portal/status.json"):
        assert "Ransom" not in ana.get(path).content.decode()


def test_words_that_a_lead_typed_are_never_markup(ana: Client, world: World) -> None:
    change(world.pause, why="<script>alert(1)</script> & more")

    assert "<script>alert" not in ana.get("/portal/").content.decode()


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_projects(
    ana: Client, world: World, django_assert_num_queries: Counted
) -> None:
    ana.get("/portal/")  # the first look records that the page was opened
    for number in range(5):
        project = ProjectFactory.make(code=f"P{number}")
        EngagementFactory.make(contractor=world.ana, project=project, ends_on=None)
        Acknowledgement.objects.create(
            pause=PauseFactory.make(project=project, starts_at=world.at),
            contractor=world.ana,
            opened_at=world.at,
            last_opened_at=world.at,
        )

    with django_assert_num_queries(9):
        ana.get("/portal/")


def test_the_status_page_weighs_at_most_60_kilobytes_with_all_it_loads(ana: Client) -> None:
    page = ana.get("/portal/").content
    loaded = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    weights = [len(gzip.compress(page)), *(len(gzip.compress(_static(name))) for name in loaded)]

    assert len(loaded) >= 3
    assert "<script" not in page.decode()
    assert sum(weights) <= 60_000


def test_no_page_carries_a_style_or_script_of_its_own(ana: Client, world: World) -> None:
    own = f"/portal/pauses/{world.pause.public_id}/"
    for path in ("/portal/", own, f"{own}estimate/", "/portal/settings/", "/portal/settings/security/"):
        page = ana.get(path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), path


def test_status_as_json_gives_codes_and_instants(ana: Client, world: World) -> None:
    document = ana.get("/portal/status.json").json()

    first = document["engagements"][0]
    assert (first["project"], first["status"], first["is_next_word_overdue"]) == ("CHORDUS", "paused", False)
    assert first["pause"]["id"] == str(world.pause.public_id)
    assert first["pause"]["starts_at"].endswith("Z")
    assert first["estimates"][0]["lost_minor"] == 230_000


def _static(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()


def _reminder(world: World, *, staged_at: Any) -> None:
    ref = f"promise:{world.pause.pk}"
    Notice.objects.create(
        kind="promise.overdue",
        category="critical",
        subject_ref=ref,
        thread_key=ref,
        idempotency_key=f"{ref}:{staged_at}",
        contents={},
        staged_at=staged_at,
        expires_at=staged_at + timedelta(days=3),
    )
