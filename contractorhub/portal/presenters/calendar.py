"""One person's dates as a calendar: when the next word is due, and when work goes on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from contractorhub.portal.presenters.cards import phase_of
from projects.models.pauses import ExpectedResume
from projects.queries.portal_facts import ContractorHome, EngagementCard, PauseFacts

REFRESH = timedelta(hours=1)
A_WORD_TAKES = timedelta(minutes=15)
OPEN = {"in_effect", "ahead", "spared"}


def calendar_of(home: ContractorHome, at: datetime) -> bytes:
    """The calendar file (RFC 5545). Events keep their name from one reading to the next, so that dates move."""
    calendar = Calendar()
    calendar.add("prodid", "-//ContractorHub//Contractor's portal//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "ContractorHub")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    seen: set[str] = set()
    for card in home.cards:
        for event in _events(card, at):
            name = str(event["uid"])
            if name not in seen:  # one pause of a client stops several projects
                seen.add(name)
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(card: EngagementCard, at: datetime) -> Iterator[Event]:
    for pause in (card.pause, *card.other_pauses):
        if pause is not None and phase_of(pause, at) in OPEN:
            yield from _of_pause(pause, at)
    if card.scope is not None and card.scope.next_update_by is not None:
        title = _("Next word on %(project)s is due") % {"project": card.project_name}
        yield _event(f"scope-{card.public_id}", title, at, card.scope.next_update_by, A_WORD_TAKES)


def _of_pause(pause: PauseFacts, at: datetime) -> Iterator[Event]:
    name = {"project": pause.target_name}
    page = settings.BASE_URL + reverse("portal:pause", args=[pause.public_id])
    if pause.next_update_by is not None:
        title = _("Next word on %(project)s is due") % name
        yield _event(f"next-word-{pause.public_id}", title, at, pause.next_update_by, A_WORD_TAKES, page)
    if pause.starts_at > at:
        yield _event(f"start-{pause.public_id}", _("Work on %(project)s pauses") % name, at, pause.starts_at,
                     A_WORD_TAKES, page)  # fmt: skip
    if pause.ends_at is not None:
        title = _("Work on %(project)s goes on") % name
        yield _event(f"resume-{pause.public_id}", title, at, pause.ends_at, A_WORD_TAKES, page)
    elif pause.expected_resume != ExpectedResume.UNKNOWN and pause.expected_resume_from is not None:
        title = _("Work on %(project)s may go on") % name
        last = pause.expected_resume_until or pause.expected_resume_from
        length = last - pause.expected_resume_from + timedelta(days=1)
        yield _event(f"resume-{pause.public_id}", title, at, pause.expected_resume_from, length, page)


def _event(
    name: str, title: str, at: datetime, start: datetime | date, length: timedelta, page: str = ""
) -> Event:
    event = Event()
    event.add("uid", f"{name}@contractorhub")
    event.add("summary", title)
    event.add("dtstamp", at)
    event.add("dtstart", start)
    event.add("dtend", start + length)
    event.add("transp", "TRANSPARENT")  # it takes up none of the person's time
    if page:
        event.add("url", page)
    return event
