"""Every word of Slack and every command has its line in the table, and what leads alone may do refuses all others."""

from typing import Any

import pytest
from django.core.management import get_commands
from django.utils import timezone

from contractorhub.slack.models import SlackAccount
from contractorhub.slack.work import dispatch
from projects.models import Pause
from tests.faces.access import table, words
from tests.faces.access.doors import slack_words
from tests.faces.access.world import World, make_world

pytestmark = pytest.mark.once
OWN = ("contractorhub", "projects", "notifications")


def test_every_word_of_slack_has_its_line() -> None:
    assert set(words.SLACK) == set(slack_words())


def test_every_command_has_its_line() -> None:
    there = {name for name, app in get_commands().items() if str(app).partition(".")[0] in OWN}

    assert set(words.COMMANDS) == there


def test_the_page_tells_both_tables_as_they_are() -> None:
    assert table.PAGE.read_text().endswith(words.told())


@pytest.fixture
def world(db: None) -> World:
    """Everybody in the world is a member of one workspace and has linked themselves, but for a stranger."""
    world = make_world()
    for number, (role, user) in enumerate(world.users.items()):
        if user is not None:
            SlackAccount.objects.create(
                team_id="T0FIRM",
                slack_user_id=f"U0{number}{role.upper()}",
                user=user,
                linked_at=timezone.now(),
            )
    return world


def _type(world: World, role: str, text: str) -> Any:
    number = list(world.users).index(role)
    form = {
        "team_id": "T0FIRM", "user_id": f"U0{number}{role.upper()}", "text": text, "trigger_id": "1",
        "response_url": "https://hooks.slack.com/commands/1",
    }  # fmt: skip
    return dispatch("command", form, timezone.now())


@pytest.mark.parametrize("text", ["open", "update", "resume"])
def test_what_leads_do_is_shown_to_leads_alone(world: World, text: str) -> None:
    shown = {
        role: any(call.method == "views.open" for call in _type(world, role, text))
        for role, user in world.users.items()
    }

    may = {"lead", "owner", "operations", "superuser"}
    assert {role for role, is_shown in shown.items() if is_shown} == may
    assert Pause.objects.filter(state="draft").count() == 3


def test_a_lead_is_offered_the_own_projects_alone(world: World) -> None:
    assert "CHORDUS" in str(_type(world, "lead", "open"))
    assert "HARP" not in str(_type(world, "lead", "open"))
    assert "MUSEN" not in str(_type(world, "lead", "open"))


@pytest.mark.parametrize("role", ["anonymous", "contractor", "lead", "operations"])
def test_status_tells_nobody_of_the_work_of_others(world: World, role: str) -> None:
    said = str(_type(world, role, "status"))

    assert "HARP" not in said
    assert ("Chordus" in said or "CHORDUS" in said) is (role == "contractor")
