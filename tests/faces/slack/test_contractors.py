"""What a contractor does in Slack: reads their status, acknowledges, opens the Home tab, links, mutes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contractorhub.slack import tasks
from contractorhub.slack.models import InboundEvent, Sighting, SlackAccount
from contractorhub.slack.records import keep_message
from notifications.messages import Channel
from notifications.preferences import Category, Way
from notifications.wishes import wishes_of_one
from projects.models import Acknowledgement, AuditEvent, Contractor
from tests.faces.slack.conftest import Firm
from tests.factories import ContractorFactory, LostIncomeEstimateFactory, UserFactory

pytestmark = pytest.mark.once  # leads are followed on both engines; emptying a hundred tables a test is slow


def test_pause_tells_somebody_their_own_status_and_nobody_else(firm: Firm) -> None:
    firm.pause()
    said = len(firm.slack.posts)

    assert firm.ana.command("").json == {}
    firm.work()

    told = firm.slack.posts[said:]
    assert [post.only_for for post in told] == ["U0ANA"]
    assert "*CHORDUS* · Orion" in told[0].text
    assert "*Paused* since" in told[0].text
    assert "The client looks into a security incident." in told[0].text
    assert "Next word by" in told[0].text


def test_a_stranger_is_offered_the_way_to_link_and_told_nothing(firm: Firm) -> None:
    firm.pause()

    firm.sam.command("status")
    firm.work()

    assert "who you are" in firm.sam.heard[-1].text
    assert "CHORDUS" not in str(firm.sam.heard)


def test_acknowledging_twice_is_noted_once_and_the_message_says_so(firm: Firm) -> None:
    pause = firm.pause()
    notice = firm.ana.heard[-1]
    pressed_before = [dict(block) for block in notice.blocks]

    firm.ana.click(notice, "acknowledge")
    notice_again = type(notice)(notice.channel, notice.ts, notice.text, pressed_before, {})
    firm.ana.click(notice_again, "acknowledge")
    firm.work()

    row = Acknowledgement.objects.get(pause=pause, contractor=firm.contractor)
    assert (row.via, Acknowledgement.objects.count()) == ("slack", 1)
    assert "You have read this" in str(notice.blocks)
    assert "'acknowledge'" not in str(notice.blocks)
    assert "open_portal" in str(notice.blocks)


def test_under_a_channels_post_only_who_pressed_is_answered(firm: Firm) -> None:
    firm.pause()
    post = firm.post_in_channel()
    before = str(post.blocks)

    firm.ana.click(post, "acknowledge")
    firm.sam.click(post, "acknowledge")
    firm.work()

    assert "You have read this" in firm.ana.heard[-1].text
    assert "who you are" in firm.sam.heard[-1].text
    assert str(post.blocks) == before
    assert Acknowledgement.objects.count() == 1


def test_a_contractor_whom_a_pause_does_not_stop_acknowledges_nothing(firm: Firm) -> None:
    ContractorFactory.make(slack_user_id="U0SAM")
    firm.pause()

    firm.sam.click(firm.post_in_channel(), "acknowledge")
    firm.work()

    assert "stops none of your work" in firm.sam.heard[-1].text
    assert not Acknowledgement.objects.exists()


def test_the_home_tab_shows_status_next_word_and_link_and_no_figure(firm: Firm) -> None:
    pause = firm.pause()
    LostIncomeEstimateFactory.make(run__pause=pause, engagement=firm.contractor.engagements.get())

    firm.ana.open_home()
    firm.work()

    home = str(firm.slack.homes["U0ANA"])
    assert "*Paused* since" in home
    assert "Next word by" in home
    assert "/portal/" in home
    assert not re.search(r"USD|PHP|\$|₱", home)


def test_everything_is_said_in_the_contractors_own_language(firm: Firm) -> None:
    Contractor.objects.filter(pk=firm.contractor.pk).update(locale="es")
    firm.pause()

    firm.ana.click(firm.post_in_channel(), "acknowledge")
    for asked in ("", "mute", "help", "open"):
        firm.ana.command(asked)
    firm.ana.open_home()
    firm.work()

    noted, status, muted, told, refused = (post.text for post in firm.ana.heard[-5:])
    assert "Lo has leído" in noted
    assert "*En pausa* desde el" in status
    assert "Próxima noticia antes del" in status
    assert muted.startswith("Hecho.")
    assert "Lo que puedes escribir" in told
    assert "Une primero tu cuenta" in refused
    home = str(firm.slack.homes["U0ANA"])
    assert "Tu trabajo" in home
    assert "Volver a recibir novedades aquí" in home
    assert "Your work" not in home


def test_what_somebody_typed_pings_nobody(firm: Firm) -> None:
    firm.pause()
    for asked in ("", "open"):
        firm.ana.command(asked)
        firm.lea.command(asked)
    firm.ana.open_home()
    firm.lea.open_home()
    firm.work()

    everything = str(firm.slack.posts) + str(firm.slack.homes)
    assert "<!channel>" not in everything
    assert "&lt;!channel&gt; &amp; more" in everything
    assert "&amp;lt;" not in everything


def test_updates_can_be_muted_and_critical_news_cannot(firm: Firm) -> None:
    firm.ana.command("mute")
    firm.work()

    wishes = wishes_of_one(f"contractor:{firm.contractor.pk}")
    assert wishes.way(Category.UPDATE, Channel.SLACK_DM) == Way.NEVER
    assert wishes.way(Category.CRITICAL, Channel.SLACK_DM) == Way.ALWAYS
    firm.ana.open_home()
    firm.work()
    firm.ana.click_home("switch_updates")
    firm.work()
    assert wishes_of_one(f"contractor:{firm.contractor.pk}").ways == {}
    assert "Mute what is not urgent" in str(firm.slack.homes["U0ANA"])


def _link_address(firm: Firm) -> str:
    firm.sam.command("link")
    firm.work()
    found = re.search(r"/slack/link/\?who=[^']+", str(firm.sam.heard[-1].blocks))
    assert found
    return found[0]


def test_linking_asks_a_signed_in_person_and_looking_changes_nothing(firm: Firm, client: Client) -> None:
    address = _link_address(firm)
    user = UserFactory.make(email="sam@people.example")
    sam = ContractorFactory.make(user=user, slack_user_id="")
    mistaken = ContractorFactory.make(slack_user_id="U0SAM")
    assert client.get(address).status_code == 302
    client.force_login(user)

    assert "Is this Slack account yours?" in client.get(address).content.decode()
    assert not SlackAccount.objects.filter(user=user).exists()
    done = client.post("/slack/link/", {"who": address.partition("who=")[2]})

    assert "Linked" in done.content.decode()
    assert SlackAccount.objects.get(user=user).slack_user_id == "U0SAM"
    slack_ids = dict(Contractor.objects.values_list("pk", "slack_user_id"))
    assert (slack_ids[sam.pk], slack_ids[mistaken.pk]) == ("U0SAM", "")
    assert AuditEvent.objects.filter(verb="slack.account_linked", by=user).exists()


@pytest.mark.parametrize("token", ["", "forged", "WyJUMFRFU1QiLCJVMFNBTSJd:1:abc"])
def test_a_forged_link_links_nobody(firm: Firm, client: Client, token: str) -> None:
    client.force_login(firm.lead)

    assert client.post("/slack/link/", {"who": token}).status_code == 400
    assert SlackAccount.objects.count() == 1


def test_somebody_who_left_the_firm_is_a_stranger_at_once(firm: Firm) -> None:
    firm.pause()
    firm.lead.is_active = False
    firm.lead.save()

    firm.lea.command("open")
    firm.work()

    assert "Link your account first" in firm.lea.heard[-1].text
    assert not firm.slack.views


def test_what_was_said_is_forgotten_when_it_is_answered(firm: Firm, settings: Any) -> None:
    firm.ana.command("status")
    assert InboundEvent.objects.get().payload
    firm.work()

    row = InboundEvent.objects.get()
    assert (row.state, row.payload, row.calls) == ("done", None, None)
    InboundEvent.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert keep_message(
        team_id="T0TEST",
        channel="C0ANY",
        ts="1.1",
        author="",
        text="x",
        at=timezone.now() - timedelta(days=31),
    )
    tasks.forget()
    assert not InboundEvent.objects.exists()
    assert not Sighting.objects.exists()
