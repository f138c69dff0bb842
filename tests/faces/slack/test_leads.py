"""What a lead does in Slack: pauses with a preview, also from a message, says the next word, ends, answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contractorhub.slack.models import Question, Sighting, WatchedWorkspace
from projects.models import AuditEvent, Pause, PauseUpdate
from tests.faces.slack.conftest import Firm
from tests.factories import ProjectFactory, RoleGrantFactory, UserFactory


def _form(firm: Firm) -> str:
    """Open the form; its view's id."""
    firm.lea.command("open")
    firm.work()
    return str(firm.lea.modal["id"])


def _blocks(view: dict[str, Any]) -> dict[str, Any]:
    return {block["block_id"].partition(":")[0]: block for block in view["blocks"] if block.get("block_id")}


def test_a_pause_is_opened_from_its_form_through_its_preview(firm: Firm) -> None:
    view_id = _form(firm)
    asked = _blocks(firm.slack.views[view_id])
    assert set(asked) == {
        "target", "reason_code", "what_stopped", "starts_at", "why", "what_happens_to_pay", "next_update_by",
        "what_to_do_now",
    }  # fmt: skip

    firm.lea.submit(view_id, why="The client <checks> something.")
    assert firm.slack.views[view_id]["title"]["text"] == "One moment"
    firm.work()
    preview = str(firm.slack.views[view_id])
    assert "*1 person* stops working" in preview
    assert "The client &lt;checks&gt; something." in preview
    assert Pause.objects.get().state == "draft"
    assert not firm.slack.posts

    firm.lea.submit(view_id)
    firm.work()

    pause = Pause.objects.get()
    assert (pause.state, pause.opened_by, pause.project) == ("in_effect", firm.lead, firm.project)
    assert "its notices are on their way" in str(firm.slack.views[view_id])
    firm.relay()
    assert "something" in firm.ana.heard[-1].text


def test_confirming_twice_opens_one_pause(firm: Firm) -> None:
    view_id = _form(firm)
    firm.lea.submit(view_id)
    firm.work()
    preview = dict(firm.slack.views[view_id])

    firm.lea.submit(view_id)
    firm.slack.views[view_id] = preview
    firm.lea.submit(view_id)
    firm.work()

    assert Pause.objects.filter(state="in_effect").count() == 1
    assert AuditEvent.objects.filter(verb="pause.opened").count() == 1
    assert "its notices are on their way" in str(firm.slack.views[view_id])


@pytest.mark.once
def test_what_is_missing_or_impossible_is_said_under_its_input_and_nothing_is_kept(firm: Firm) -> None:
    view_id = _form(firm)
    past = int((timezone.now() - timedelta(days=1)).timestamp())

    blank = firm.lea.submit(view_id, why="  ").json
    late = firm.lea.submit(view_id, next_update_by=past).json

    blocks = _blocks(firm.slack.views[view_id])
    assert (blank["response_action"], list(blank["errors"])) == ("errors", [blocks["why"]["block_id"]])
    assert list(late["errors"]) == [blocks["next_update_by"]["block_id"]]
    firm.work()
    assert not Pause.objects.exists()


@pytest.mark.once
def test_another_reason_brings_its_usual_answers(firm: Firm) -> None:
    view_id = _form(firm)
    before = _blocks(firm.slack.views[view_id])["why"]

    firm.lea.choose(view_id, "reason_code", "security_incident")
    firm.work()

    after = _blocks(firm.slack.views[view_id])["why"]
    assert after["element"]["initial_value"] != before["element"]["initial_value"]
    assert after["block_id"] != before["block_id"]
    assert "security" in after["element"]["initial_value"].lower()


@pytest.mark.once
def test_a_form_that_came_too_late_is_offered_again(firm: Firm) -> None:
    firm.lea.command("open")
    firm.slack.triggers.clear()
    firm.work()
    offer = firm.lea.heard[-1]
    assert "Press once more" in offer.text

    firm.lea.click(offer, "open_pause")
    firm.work()

    assert firm.lea.modal["callback_id"] == "open_pause_form"


@pytest.mark.once
def test_nobody_but_a_linked_lead_opens_updates_or_ends_a_pause(firm: Firm) -> None:
    firm.pause()
    for word in ("open", "update", "resume"):
        firm.ana.command(word)
        firm.sam.command(word)
    firm.work()

    assert not firm.slack.views
    assert all("Link your account first" in post.text for post in firm.sam.heard)


@pytest.mark.once
def test_a_lead_cannot_pause_what_is_not_hers_whatever_she_sends(firm: Firm) -> None:
    foreign = ProjectFactory.make(slack_channel="C0FOREIGN")
    view_id = _form(firm)
    view = firm.slack.views[view_id]
    target = next(block for block in view["blocks"] if block.get("block_id") == "target")
    target["element"]["options"].append(
        {"value": f"project:{foreign.pk}", "text": {"type": "plain_text", "text": "x"}}
    )

    firm.lea.submit(view_id, target=f"project:{foreign.pk}")
    firm.work()

    assert "You may pause only" in str(firm.slack.views[view_id])
    assert not Pause.objects.exists()


@pytest.mark.once
def test_a_pause_from_a_message_keeps_the_message_as_its_source(firm: Firm) -> None:
    message = firm.sam.say("C0CHORDUS", "We are reassessing &lt;the&gt; project scope.")

    firm.lea.shortcut("pause_from_message", message)
    firm.work()
    view_id = firm.lea.modal["id"]
    assert (
        _blocks(firm.lea.modal)["target"]["element"]["initial_option"]["value"]
        == f"project:{firm.project.pk}"
    )
    firm.lea.submit(view_id)
    firm.work()
    firm.lea.submit(view_id)
    firm.work()

    pause = Pause.objects.get()
    assert pause.state == "in_effect"
    source = Sighting.objects.get(pause=pause)
    assert (source.text, source.author) == ("We are reassessing <the> project scope.", "U0CLIENT")
    assert source.address in pause.confidential_note
    assert source.text in pause.confidential_note
    firm.relay()
    assert "reassessing" not in firm.ana.heard[-1].text.split("Why")[0].lower() or "<the>" not in str(
        firm.slack.posts
    )


@pytest.mark.once
def test_the_next_word_and_the_end_are_said_from_modals(firm: Firm) -> None:
    pause = firm.pause()
    firm.lea.command("update")
    firm.work()
    update = firm.lea.modal
    wrong = firm.lea.submit(update["id"], text=" ").json
    assert list(wrong["errors"]) == ["text"]
    firm.lea.submit(update["id"], text="Still nothing new.")
    firm.work()
    assert "on its way to everybody" in str(firm.slack.views[update["id"]])

    firm.lea.open_home()
    firm.work()
    firm.lea.click_home("resume_pause")
    firm.work()
    firm.lea.submit(firm.lea.modal["id"], text="Work goes on.", outcome="unchanged")
    firm.work()

    pause.refresh_from_db()
    assert pause.state == "ended"
    assert list(pause.updates.values_list("kind", flat=True)) == ["opened", "updated", "ended"]
    firm.relay()
    assert "Work goes on." in firm.ana.heard[-1].text


@pytest.mark.once
def test_what_the_business_refuses_is_told_and_changes_nothing(firm: Firm) -> None:
    firm.pause()
    view_id = _form(firm)
    firm.lea.submit(view_id)
    firm.work()
    firm.lea.submit(view_id)
    firm.work()

    assert "is already paused" in str(firm.slack.views[view_id])
    assert "Nothing was changed" in str(firm.slack.views[view_id])
    assert Pause.objects.filter(state="in_effect").count() == 1


@pytest.mark.once
def test_a_modal_that_was_closed_meanwhile_has_its_outcome_sent_as_a_message(firm: Firm) -> None:
    firm.pause()
    firm.lea.command("update")
    firm.work()
    firm.lea.submit(firm.lea.modal["id"], text="Soon more.")
    firm.slack.views.clear()
    firm.work()

    assert PauseUpdate.objects.filter(text="Soon more.").count() == 1
    assert "on its way to everybody" in firm.lea.heard[-1].text


def test_replies_under_a_notice_are_gathered_as_questions_and_answered(firm: Firm) -> None:
    firm.pause()
    thread = firm.post_in_channel()

    reply = firm.ana.say("C0CHORDUS", "Is last week &lt;paid&gt;?", thread_ts=thread.ts, tries=4)
    firm.sam.say("C0CHORDUS", "And mine?", thread_ts=thread.ts)
    firm.lea.say("C0CHORDUS", "I will ask.", thread_ts=thread.ts)
    firm.ana.say("C0CHORDUS", "Hello everybody")
    firm.work()

    assert list(Question.objects.values_list("text", flat=True)) == ["Is last week <paid>?", "And mine?"]
    asked = [post for post in firm.lea.heard if "question under the notice" in post.text]
    assert len(asked) == 1
    firm.ana.tell(
        {"type": "message", "subtype": "message_changed", "channel": "C0CHORDUS",
         "message": {"ts": reply.ts, "text": "Is last week paid at all?"}}
    )  # fmt: skip
    firm.lea.click(asked[0], "answer_question")
    firm.work()
    firm.lea.submit(firm.lea.modal["id"], text="Yes, <all> of it.")
    firm.work()

    question = Question.objects.first()
    assert question is not None
    assert (question.text, question.answer, question.closed_by) == (
        "Is last week paid at all?", "Yes, <all> of it.", firm.lead,
    )  # fmt: skip
    answer = firm.slack.posts_to("C0CHORDUS")[-1]
    assert (answer.text, answer.thread_ts) == ("<@U0ANA> Yes, &lt;all&gt; of it.", thread.ts)
    assert "And mine?" in str(firm.slack.homes["U0LEA"])


@pytest.mark.once
def test_an_answer_can_become_a_word_to_everybody(firm: Firm) -> None:
    pause = firm.pause()
    firm.ana.say("C0CHORDUS", "Until when?", thread_ts=firm.post_in_channel().ts)
    firm.work()
    firm.lea.open_home()
    firm.work()
    firm.lea.click_home("answer_question")
    firm.work()
    view_id = firm.lea.modal["id"]

    missing = firm.lea.submit(view_id, text="Until Friday.", as_update=["everybody"], next_update_by="").json
    assert list(missing["errors"]) == ["next_update_by"]
    firm.lea.submit(view_id, text="Until Friday.", as_update=["everybody"])
    firm.work()

    update = PauseUpdate.objects.get(pause=pause, kind="updated")
    assert (update.text, update.by) == ("Until Friday.", firm.lead)
    assert Question.objects.get().update == update


@pytest.mark.once
def test_a_reply_that_asks_nothing_is_closed_and_one_taken_back_is_forgotten(firm: Firm) -> None:
    firm.pause()
    thread = firm.post_in_channel()
    firm.ana.say("C0CHORDUS", "Thanks.", thread_ts=thread.ts)
    taken_back = firm.sam.say("C0CHORDUS", "Oops", thread_ts=thread.ts)
    gone = {"type": "message", "subtype": "message_deleted", "channel": "C0CHORDUS"}
    firm.sam.tell(gone | {"deleted_ts": taken_back.ts})
    firm.work()

    firm.lea.click(firm.lea.heard[-1], "close_question")
    firm.ana.click(firm.lea.heard[-1], "close_question")
    firm.work()

    assert Question.objects.get().closed_by == firm.lead
    assert "no such question" in firm.ana.heard[-1].text


@pytest.mark.once
def test_the_watcher_is_silent_until_it_is_switched_on(firm: Firm) -> None:
    sentence = "We are currently reassessing the project scope."
    firm.sam.say("C0CHORDUS", sentence)
    firm.work()
    assert not Sighting.objects.exists()
    assert firm.lea.heard == []


def test_the_watcher_proposes_a_real_pause_to_the_lead_only_and_once_a_day(firm: Firm) -> None:
    WatchedWorkspace.objects.create(team_id="T0TEST", since=timezone.now(), switched_on_by=firm.lead)
    other = UserFactory.make()
    RoleGrantFactory.make(user=other, role="operations")
    before = len(firm.slack.posts)
    firm.sam.say("C0CHORDUS", "Lunch at noon?")
    firm.sam.say("C0ELSEWHERE", "We are currently reassessing the project scope.")
    firm.sam.say("C0CHORDUS", "We are currently reassessing the project scope.")
    firm.sam.say("C0CHORDUS", "All work is on hold until further notice.")
    firm.work()

    told = [post for post in firm.slack.posts[before:] if post.channel.startswith("D") or post.only_for]
    assert [post.channel for post in told] == ["D0LEA"]
    assert "No pause is on record" in told[0].text
    firm.lea.click(told[0], "open_from_proposal")
    firm.work()
    assert firm.lea.modal["callback_id"] == "open_pause_form"
    assert not Pause.objects.exists()


@pytest.mark.once
def test_the_watcher_has_nothing_to_say_of_a_project_that_is_paused(firm: Firm) -> None:
    WatchedWorkspace.objects.create(team_id="T0TEST", since=timezone.now(), switched_on_by=firm.lead)
    firm.pause()

    firm.sam.say("C0CHORDUS", "We are currently reassessing the project scope.")
    firm.work()

    assert not Sighting.objects.exists()
