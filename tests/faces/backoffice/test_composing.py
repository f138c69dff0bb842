"""Composing a pause: the usual answers, the draft, the preview, a stale one, a leak, and the confirmation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Delivery
from projects.models import AuditEvent, Engagement, Pause
from projects.models.pauses import PauseState
from tests.faces.backoffice.world import Desk, pause_of
from tests.factories import ContractorFactory, EngagementFactory

LOCAL = "%Y-%m-%dT%H:%M"


def typed(**other: str) -> dict[str, str]:
    """A whole form as a browser sends it."""
    return {
        "reason_code": "budget",
        "kind": "full",
        "start": "now",
        "what_stopped": "All work on Chordus stops.",
        "why": "The client has not released the budget.",
        "what_happens_to_pay": "Hours worked before are paid.",
        "what_to_do_now": "Ask Lea.",
        "next_update_by": (timezone.now() + timedelta(days=2)).strftime(LOCAL),
        "expected_resume": "unknown",
        "intent": "preview",
        **other,
    }


def composer(desk: Desk) -> str:
    return f"/admin/projects/pause/add/?project={desk.chordus.pk}"


def preview_of(lea: Client, desk: Desk, **other: str) -> tuple[str, str]:
    """Send the form; the preview's address and the facts that its form carries."""
    address = lea.post(composer(desk), typed(**other)).headers["Location"]
    return address, lea.get(address).context["facts"]


def test_the_composer_opens_with_the_usual_answers_of_the_reason(lea: Client, desk: Desk) -> None:
    page = lea.get(composer(desk) + "&reason=legal_hold")
    assert "legal reasons" in page.context["form"]["why"].value()
    assert page.context["form"]["next_update_by"].value() > timezone.now().replace(tzinfo=None)


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_filling_in_the_usual_answers_keeps_everything_else_that_was_typed(lea: Client, desk: Desk) -> None:
    page = lea.post(
        composer(desk), typed(intent="fill", why="", confidential_note="Hush", standby_percent="50")
    )
    form = page.context["form"]
    assert "budget" in form["why"].value()
    assert "50%" in form["what_happens_to_pay"].value()
    assert form["confidential_note"].value() == "Hush"
    assert not Pause.objects.exists()


def test_confirming_a_preview_opens_the_pause_and_promises_its_notices(lea: Client, desk: Desk) -> None:
    address, facts = preview_of(lea, desk)
    lea.post(address, {"facts": facts})
    pause = Pause.objects.get()
    assert (pause.state, pause.project) == (PauseState.IN_EFFECT, desk.chordus)
    assert Delivery.objects.filter(channel="email").count() == 6


def test_nobody_is_told_anything_before_the_confirmation(lea: Client, desk: Desk) -> None:
    preview_of(lea, desk)
    assert Pause.objects.get().state == PauseState.DRAFT
    assert not Delivery.objects.exists()


def test_a_stale_preview_shows_what_changed_and_asks_again(lea: Client, desk: Desk) -> None:
    address, facts = preview_of(lea, desk)
    EngagementFactory.make(project=desk.chordus, contractor=ContractorFactory.make(country="BR"))
    page = lea.post(address, {"facts": facts})
    assert "People the pause stops: 6 before, 7 now." in page.context["changes"]
    assert Pause.objects.get().state == PauseState.DRAFT
    lea.post(address, {"facts": page.context["facts"]})
    assert Pause.objects.get().state == PauseState.IN_EFFECT


def test_one_who_joined_for_one_who_left_makes_a_preview_stale(lea: Client, desk: Desk) -> None:
    address, facts = preview_of(lea, desk)
    Engagement.objects.filter(contractor=desk.people[0]).update(
        contractor=ContractorFactory.make(country="PH", time_zone="Asia/Manila")
    )
    page = lea.post(address, {"facts": facts})
    assert any("the people are not" in change for change in page.context["changes"])


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_facts_that_were_tampered_with_count_as_never_seen(lea: Client, desk: Desk) -> None:
    address, facts = preview_of(lea, desk)
    page = lea.post(address, {"facts": facts + "x"})
    assert page.context["changes"]
    assert Pause.objects.get().state == PauseState.DRAFT


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_confidential_words_in_public_ones_must_be_meant(lea: Client, desk: Desk) -> None:
    leak = {"confidential_note": "Breach at Acme Widgets.", "why": "A breach at Acme Widgets is looked into."}
    address, facts = preview_of(lea, desk, **leak)
    page = lea.post(address, {"facts": facts})
    assert page.context["leaks"] == ("Breach at Acme Widgets",)
    assert Pause.objects.get().state == PauseState.DRAFT
    lea.post(address, {"facts": facts, "leak_is_fine": "1"})
    assert Pause.objects.get().state == PauseState.IN_EFFECT


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"why": " "}, "why", "has no answer"),
        ({"next_update_by": "2020-01-01T10:00"}, "next_update_by", "still to come"),
        ({"next_update_by": "tomorrow"}, "next_update_by", "Write the day and time"),
        ({"start": "at"}, "starts_at", "Say when the pause starts"),
        ({"kind": "reduced"}, "remaining_percent", "which share of hours"),
        ({"expected_resume": "date"}, "expected_resume_from", "exactly one day"),
        ({"standby_daily": "25"}, "standby_currency", "needs its currency"),
        ({"standby_max_days": "3"}, "standby_daily", "needs the amount a day"),
        ({"ends_at": "2020-01-01T10:00"}, "ends_at", "cannot end before it starts"),
        ({"exclusions": "nobody@x.example, why"}, "exclusions", "Line 1: nobody engaged there"),
        ({"exclusions": "person0@people.example"}, "exclusions", "say after a comma why"),
    ],
)
def test_bad_input_gets_one_clear_message_where_it_was_made(
    wrong: dict[str, str], field: str, words: str, lea: Client, desk: Desk
) -> None:
    page = lea.post(composer(desk), typed(**wrong))
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert len(errors[field]) == 1
    assert not Pause.objects.exclude(state=PauseState.DRAFT).exists()


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_what_was_typed_is_kept_when_something_is_wrong(lea: Client, desk: Desk) -> None:
    lea.post(composer(desk), typed(why="", confidential_note="Ask Sam first."))
    assert Pause.objects.get(state=PauseState.DRAFT).confidential_note == "Ask Sam first."


def test_times_are_read_on_the_projects_clock(lea: Client, desk: Desk) -> None:
    preview_of(lea, desk, start="at", starts_at="2026-07-01T09:00")
    assert Pause.objects.get().starts_at.isoformat() == "2026-07-01T07:00:00+00:00"


def test_a_second_hand_on_a_draft_is_told_before_it_overwrites(lea: Client, desk: Desk, signed_in) -> None:  # type: ignore[no-untyped-def]
    desk.chordus.leads.add(desk.stranger)
    address, _facts = preview_of(lea, desk)
    draft = Pause.objects.get()
    compose = address.replace("preview", "compose")
    seen = draft.opened_at.isoformat()
    signed_in(desk.stranger).post(compose, typed(why="Sam's words.", draft=str(draft.pk), seen=seen))
    page = lea.post(compose, typed(why="Lea's words.", draft=str(draft.pk), seen=seen))
    assert "Sam Otieno saved this draft" in page.context["form"].non_field_errors()[0]
    draft.refresh_from_db()
    assert draft.why == "Sam's words."


def test_two_leads_who_confirm_at_once_open_one_pause(lea: Client, desk: Desk) -> None:
    address, facts = preview_of(lea, desk)
    other = pause_of(desk)
    page = lea.post(address, {"facts": lea.get(address).context["facts"]})
    assert "already paused" in page.context["error"]
    assert list(Pause.objects.exclude(state=PauseState.DRAFT)) == [other]
    assert not AuditEvent.objects.filter(subject_ref=Pause.objects.get(state=PauseState.DRAFT).ref).exists()
    assert facts


def test_a_draft_that_is_thrown_away_is_gone(lea: Client, desk: Desk) -> None:
    address, _facts = preview_of(lea, desk)
    lea.post(address.replace("preview", "discard"))
    assert not Pause.objects.exists()


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_the_preview_says_whom_nothing_reaches_and_whose_contract_ends(lea: Client, desk: Desk) -> None:
    address, _facts = preview_of(lea, desk)
    preview = lea.get(address).context["preview"]
    assert [person.name for person in preview.reach.unreached] == ["Person 0005"]
    assert [row.contractor for row in preview.ending] == ["Person 0001"]
    assert {row.name: row.people for row in preview.countries} == {"PH": 2, "KE": 2, "CO": 1, "IN": 1}


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_the_preview_reckons_what_stops_being_earned_in_a_week(lea: Client, desk: Desk) -> None:
    address, _facts = preview_of(lea, desk, standby_percent="25")
    line = lea.get(address).context["loss"][0]
    assert (line.usual, line.lost, line.standby) == ("$4,800.00", "$3,600.00", "$1,200.00")


def test_standby_pay_a_day_is_typed_in_units_shown_in_the_preview_and_kept(lea: Client, desk: Desk) -> None:
    a_day = {"standby_daily": "25.00", "standby_currency": "usd", "standby_max_days": "3"}
    page = lea.post(composer(desk), typed(intent="fill", **a_day))
    assert "standby pay of $25.00 for each paused day" in page.context["form"]["what_happens_to_pay"].value()
    address, facts = preview_of(lea, desk, **a_day)
    line = lea.get(address).context["loss"][0]
    assert (line.lost, line.standby) == (
        "$4,350.00",
        "$450.00 · $25.00 a day each, for at most 3 days",
    )
    assert (
        'name="standby_daily" value="25.00"'
        in lea.get(address.replace("preview", "compose")).content.decode()
    )
    lea.post(address, {"facts": facts})
    pause = Pause.objects.get(state=PauseState.IN_EFFECT)
    assert (pause.standby_daily_minor, pause.standby_currency, pause.standby_max_days) == (2_500, "USD", 3)


def test_the_preview_says_how_long_such_pauses_last_or_why_it_cannot(lea: Client, desk: Desk) -> None:
    address, _facts = preview_of(lea, desk)
    assert "0 pauses are over so far; from 200 on" in lea.get(address).context["lengths"].basis


def test_any_recipients_notice_can_be_looked_at(lea: Client, desk: Desk) -> None:
    address, _facts = preview_of(lea, desk)
    page = lea.get(address, {"recipient": "person3@"})
    assert "Hello Person 0003" in page.context["notices"][0].text
    html = lea.get(address.replace("preview/", f"email/{desk.people[3].pk}/"))
    assert "Hello Person 0003" in html.content.decode()
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]
