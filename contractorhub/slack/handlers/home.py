"""The Home tab: how one's projects stand, and for a lead what there is to look after; never a figure."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from slack_sdk.models.blocks import Block, ButtonElement

from contractorhub.slack import saying
from contractorhub.slack.calls import Call
from contractorhub.slack.handlers.desk import desk_blocks
from contractorhub.slack.handlers.status import link_button, not_known_blocks, status_blocks
from contractorhub.slack.payloads import Event, Who, slack_id
from contractorhub.slack.people import Person, person_of
from notifications.messages import Channel
from notifications.preferences import Category, Way
from notifications.wishes import wishes_of_one
from projects import access
from projects.queries.own_preferences import contractor_key


def show_home(event: Event, at: datetime) -> Sequence[Call]:
    """Somebody opened the Home tab."""
    if event.body.get("tab", "home") != "home":
        return []
    return [publish_home(person_of(Who(event.team_id, slack_id(event.body.get("user")))), at=at)]


def publish_home(person: Person, *, at: datetime) -> Call:
    """The Home tab as it stands now, in the language of whose it is."""
    with translation.override(person.locale):
        view = saying.home(home_blocks(person, at=at))
    return Call("views.publish", {"user_id": person.who.user_id, "view": view})


def home_blocks(person: Person, *, at: datetime) -> list[Block]:
    """What this person sees there."""
    found: list[Block] = []
    if person.contractor is not None:
        found += [saying.header(_("Your work")), *status_blocks(person, at=at)]
        found.append(saying.buttons(*_settings_buttons(person)))
    if person.user is not None and access.is_staff_of_firm(person.user):
        found += desk_blocks(person, person.user, at=at)
    return found or not_known_blocks(person)


def _settings_buttons(person: Person) -> list[ButtonElement]:
    contractor = person.contractor
    wishes = wishes_of_one(contractor_key(contractor)) if contractor else None
    is_muted = wishes is not None and wishes.way(Category.UPDATE, Channel.SLACK_DM) == Way.NEVER
    switch = (
        saying.button("switch_updates", _("Hear of updates here again"), value="unmute")
        if is_muted
        else saying.button("switch_updates", _("Mute what is not urgent"), value="mute")
    )
    return [switch] if person.user is not None else [switch, link_button(person)]
