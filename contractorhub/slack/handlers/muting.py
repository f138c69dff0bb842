"""Mute in Slack what is not critical, and hear it again; when work stops or goes on, everybody hears."""

from collections.abc import Sequence
from datetime import datetime

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, whisper
from contractorhub.slack.handlers.home import publish_home
from contractorhub.slack.payloads import Click, Command
from contractorhub.slack.people import Person
from notifications.messages import Channel
from notifications.preferences import Category, Way
from projects.operations.people_settings import set_preferences
from projects.queries.own_preferences import own_preferences


def mute(command: Command, person: Person, at: datetime) -> Sequence[Call]:
    """Hear of updates elsewhere only."""
    return [whisper(command.response_url, text=_choose(person, Way.NEVER, at))]


def unmute(command: Command, person: Person, at: datetime) -> Sequence[Call]:
    """Hear of updates here again."""
    return [whisper(command.response_url, text=_choose(person, Way.ALWAYS, at))]


def switch(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """The button of the Home tab: whichever of the two it offered."""
    _choose(person, Way.NEVER if click.value == "mute" else Way.ALWAYS, at)
    return [publish_home(person, at=at)]


def _choose(person: Person, way: Way, at: datetime) -> str:
    contractor = person.contractor
    if contractor is None or contractor.user is None:
        return saying.said("not_known")
    held = own_preferences(contractor)
    set_preferences(
        contractor=contractor,
        ways={(Category.UPDATE, Channel.SLACK_DM): way},
        quiet_hours=held.quiet_hours,
        digest_at=held.digest_at,
        by=contractor.user,
        at=at,
    )
    return saying.said("muted" if way == Way.NEVER else "unmuted")
