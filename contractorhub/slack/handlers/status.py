"""`/pause`: how each of one's projects stands, privately; never a figure, for a screen may be shared."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, whisper
from contractorhub.slack.payloads import Command
from contractorhub.slack.people import Person, link_token
from projects.queries.portal import contractor_home
from projects.queries.portal_facts import EngagementCard
from projects.wording import format_instant


def tell_status(command: Command, person: Person, at: datetime) -> Sequence[Call]:
    """Whisper the status to whoever asked."""
    blocks = status_blocks(person, at=at) if person.contractor else not_known_blocks(person)
    return [whisper(command.response_url, text=_text_of(blocks), blocks=saying.shapes(blocks))]


def tell_how_to_link(command: Command, person: Person, at: datetime) -> Sequence[Call]:
    """Whisper the way to link this Slack account."""
    blocks = [saying.section(saying.said("link")), saying.buttons(link_button(person))]
    return [whisper(command.response_url, text=_text_of(blocks), blocks=saying.shapes(blocks))]


def tell_help(command: Command, person: Person, at: datetime) -> Sequence[Call]:
    """Whisper what can be typed."""
    return [whisper(command.response_url, text=saying.said("help"))]


def status_blocks(person: Person, *, at: datetime) -> list[Block]:
    """One section an engagement, and the way to the portal."""
    contractor = person.contractor
    cards = contractor_home(contractor, at).cards if contractor else ()
    found: list[Block] = [saying.section(_card_words(card, person, at=at)) for card in cards[:20]]
    if not found:
        found = [saying.section(saying.said("no_work"))]
    portal = saying.button("open_portal", _("Open the portal"), url=f"{settings.BASE_URL}/portal/")
    return [*found, saying.buttons(portal)]


def not_known_blocks(person: Person) -> list[Block]:
    """What somebody reads whom we do not know."""
    return [saying.section(saying.said("not_known")), saying.buttons(link_button(person))]


def link_button(person: Person) -> ButtonElement:
    """The way to the page that links a Slack account, good for a quarter of an hour."""
    url = f"{settings.BASE_URL}/slack/link/?who={link_token(person.who)}"
    return saying.button("link_account", _("Link my account"), url=url)


def _card_words(card: EngagementCard, person: Person, *, at: datetime) -> str:
    def clock(instant: datetime | None) -> str:
        return format_instant(instant, person.time_zone, person.locale) if instant else ""

    pause, scope = card.pause, card.scope
    return saying.said(
        "card",
        project=card.project_name,
        client=card.client_name,
        status=card.status,
        why=pause.why if pause else "",
        pay=pause.what_happens_to_pay if pause else "",
        what_to_do=pause.what_to_do_now if pause else "",
        latest=pause.latest_word if pause else "",
        since=clock(pause.starts_at if pause else None),
        is_ahead=bool(pause and pause.is_ahead(at)),
        next_word=clock(card.next_update_by),
        is_late=bool(card.next_update_by and card.next_update_by <= at),
        scope=scope.what_it_means if scope else "",
        is_acknowledged=bool(pause and pause.acknowledged_at),
    )


def _text_of(blocks: Sequence[Block]) -> str:
    """What a screen reader reads: the words of all sections."""
    parts = (block.text.text for block in blocks if isinstance(block, SectionBlock) and block.text)
    return "\n\n".join(parts)
