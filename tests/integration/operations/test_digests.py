"""Who wishes for a digest gets one message a day of what can wait, at their hour and in their language."""

from datetime import datetime, time, timedelta

import pytest

from notifications.messages import Channel, split_places
from notifications.models import Delivery, HeldForDigest, Notice
from notifications.preferences import Preferences
from notifications.relay import relay
from notifications.wishes import keep_wishes
from projects.models import Contractor, Pause, Project, User
from projects.operations.digests import send_digests
from projects.operations.pause_changes import resume_pause, update_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from tests.factories.base import NOW
from tests.integration.notifications.conftest import MemoryPorts

pytestmark = pytest.mark.django_db
MORNING = NOW.replace(hour=23)  # 07:00 of the next day in Manila


@pytest.fixture
def pause(project: Project, answers: PauseAnswers, terms: PauseTerms, lead: User) -> Pause:
    """A pause of three people, two of whom want a digest at seven in the morning, their time."""
    for contractor in Contractor.objects.order_by("pk")[:2]:
        keep_wishes(f"contractor:{contractor.pk}", Preferences(digest_at=time(7)), at=NOW)
    return open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)


def say(pause: Pause, words: str, hours: int, lead: User) -> None:
    """Send an update so many hours after the pause began."""
    at = NOW + timedelta(hours=hours)
    update_pause(pause=pause, text=words, next_update_by=at + timedelta(days=1), by=lead, at=at)


def mails(at: datetime) -> list[tuple[str, str]]:
    """The subjects and texts of the mails that go out now."""
    ports = MemoryPorts()
    for _ring in range(6):
        relay(clock=lambda: at, ports=ports)
    return [(parcel.subject, parcel.plain_text) for parcel in ports.channel.sent if "@" in parcel.address]


def test_two_updates_come_as_one_message_each_with_its_own_next_word(pause: Pause, lead: User) -> None:
    mails(NOW)
    say(pause, "The client has begun its audit.", 1, lead)
    say(pause, "The audit needs another day.", 2, lead)
    assert len(mails(NOW + timedelta(hours=3))) == 2  # the one who takes everything as it comes

    assert send_digests(at=MORNING) == 2
    told = mails(MORNING)

    assert [subject for subject, _text in told] == ["What is new for you"] * 2
    text = told[0][1]
    assert text.index("begun its audit") < text.index("needs another day")
    assert ["3 Mar" in text, "\ue000" in text] == [True, False]
    assert not HeldForDigest.objects.exists()
    assert mails(MORNING + timedelta(hours=1)) == []


def test_critical_news_never_waits_for_a_digest(pause: Pause) -> None:
    assert len(mails(NOW)) == 3


def test_a_single_update_goes_out_as_it_is(pause: Pause, lead: User) -> None:
    mails(NOW)
    say(pause, "The client has begun its audit.", 1, lead)
    mails(NOW + timedelta(hours=1))

    assert send_digests(at=MORNING) == 0

    assert {subject for subject, _text in mails(MORNING)} == {"Update on the pause of Chordus"}


def test_what_a_resume_overtook_is_in_no_digest(pause: Pause, lead: User) -> None:
    mails(NOW)
    for hours in (1, 2):
        say(pause, "Still nothing new.", hours, lead)
    resume_pause(pause=pause, by=lead, at=NOW + timedelta(hours=3))
    mails(NOW + timedelta(hours=3))

    assert send_digests(at=MORNING) == 0
    assert mails(MORNING) == []


def test_without_anybody_to_gather_them_the_updates_come_by_themselves_soon_after(
    pause: Pause, lead: User
) -> None:
    mails(NOW)
    for hours in (1, 2):
        say(pause, f"Update {hours}.", hours, lead)
    mails(NOW + timedelta(hours=3))

    assert len(mails(MORNING + timedelta(minutes=16))) == 4


def test_every_place_of_a_digest_is_filled_for_everybody(pause: Pause, lead: User) -> None:
    for hours in (1, 2):
        say(pause, f"Update {hours}.", hours, lead)
    send_digests(at=MORNING)

    notice = Notice.objects.get(kind="digest")
    places = set(split_places(notice.contents["en"]["email"]["text"])[1::2])
    assert all(places <= row.fields.keys() for row in notice.recipients.all())
    assert Delivery.objects.filter(notice=notice, channel=Channel.EMAIL).count() == 2
