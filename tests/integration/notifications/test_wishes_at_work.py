"""Wishes decide on which channel and when somebody hears; reserves are called on when a channel did not do."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from notifications.chains import Told, go_on_where_unopened
from notifications.channels.base import Outcome, Parcel, Reply
from notifications.messages import Channel, Recipient
from notifications.models import Delivery, Watch
from notifications.preferences import Category, Preferences, QuietHours, Way
from notifications.relay import relay
from notifications.wishes import keep_wishes
from tests.factories.base import NOW
from tests.integration.notifications.conftest import MemoryPorts, Stage, message

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, DM = Channel.EMAIL, Channel.SLACK_DM
HOURS = timedelta(hours=1)
OPENED: set[str] = set()


def opened_by_some(asked: Sequence[Told]) -> set[Told]:
    """Stands in for the business: who is in `OPENED` has opened everything."""
    return {told for told in asked if told.recipient_key in OPENED}


@pytest.fixture(autouse=True)
def _opened_by_nobody(settings: object) -> None:
    settings.NOTIFICATIONS_OPENED = f"{__name__}.opened_by_some"  # type: ignore[attr-defined]
    OPENED.clear()


def ana() -> Recipient:
    """Somebody in Manila whom email and Slack reach."""
    return Recipient(
        key="contractor:1",
        name="Ana",
        locale="en",
        time_zone="Asia/Manila",
        addresses={EMAIL: "ana@people.example", DM: "U1"},
        fields={"name": "Ana"},
    )


def wish(ways: dict[tuple[Category, Channel], Way] | None = None, **others: object) -> None:
    """Let Ana wish this."""
    keep_wishes("contractor:1", Preferences(ways=ways or {}, **others), at=NOW)  # type: ignore[arg-type]


def states() -> dict[str, tuple[str, str]]:
    """The state and reason of each channel's delivery."""
    return {row.channel: (row.state, row.reason) for row in Delivery.objects.order_by("pk")}


def send(at: datetime = NOW, ports: MemoryPorts | None = None) -> list[str]:
    """Relay what is due, as often as a bell would ring; the addresses it went to."""
    held = ports or MemoryPorts()
    for _ring in range(4):
        relay(clock=lambda: at, ports=held)
    return held.sent_to


def test_what_is_muted_is_not_sent_and_the_row_says_so(stage: Stage) -> None:
    wish({(Category.UPDATE, EMAIL): Way.NEVER})

    stage(message(category="update"), [ana()])

    assert send() == ["U1"]
    assert states()[EMAIL] == ("suppressed", "the person has muted this on this channel")


def test_a_mute_between_the_promise_and_the_sending_counts_but_not_for_critical_news(stage: Stage) -> None:
    stage(message(category="update"), [ana()])
    stage(message(key="critical"), [ana()])

    wish({(Category.UPDATE, EMAIL): Way.NEVER, (Category.UPDATE, DM): Way.NEVER})

    assert sorted(send()) == ["U1", "ana@people.example"]
    assert {row.state for row in Delivery.objects.filter(notice__category="update")} == {"suppressed"}


def test_an_update_at_night_waits_for_the_persons_morning_and_critical_news_does_not(stage: Stage) -> None:
    midnight = NOW.replace(hour=16, minute=0)  # 00:00 in Manila
    wish(quiet_hours=QuietHours(time(22), time(7)))
    stage(message(category="update"), [ana()], midnight)
    stage(message(key="critical"), [ana()], midnight)

    assert sorted(send(midnight)) == ["U1", "ana@people.example"]
    assert send(midnight + 6 * HOURS) == []
    assert sorted(send(midnight + 7 * HOURS)) == ["U1", "ana@people.example"]


def test_quiet_hours_that_began_while_an_update_waited_hold_it_back(stage: Stage) -> None:
    stage(message(category="update"), [ana()])
    now = NOW.replace(hour=16, minute=0)

    wish(quiet_hours=QuietHours(time(22), time(7)))

    assert send(now) == []
    assert len(send(now + 7 * HOURS)) == 2


def refused(parcel: Parcel) -> Reply:
    """Slack does not know the person; mail is taken."""
    outcome = Outcome.PERMANENT if parcel.address == "U1" else Outcome.SENT
    return Reply(parcel.delivery_id, outcome, "user_not_found")


def test_the_reserve_is_called_on_as_soon_as_the_chosen_channel_refuses(stage: Stage) -> None:
    wish({(Category.CRITICAL, EMAIL): Way.IF_NEEDED})
    stage(message(), [ana()])

    assert send(ports=MemoryPorts(refused)) == ["U1", "ana@people.example"]
    assert states()[EMAIL] == ("sent", "")
    assert states()[DM][0] == "failed"


def test_the_reserve_is_called_on_once_when_nothing_was_opened_for_four_hours(stage: Stage) -> None:
    wish({(Category.CRITICAL, EMAIL): Way.IF_NEEDED})
    stage(message(), [ana()])
    assert send() == ["U1"]

    assert go_on_where_unopened(at=NOW + 3 * HOURS) == 0
    assert go_on_where_unopened(at=NOW + 4 * HOURS) == 1
    assert states()[EMAIL][1] == "instead of slack_dm: it was not opened there"
    assert send(NOW + 4 * HOURS) == ["ana@people.example"]
    assert go_on_where_unopened(at=NOW + 9 * HOURS) == 0
    assert not Watch.objects.exists()


def test_who_has_opened_it_is_left_alone(stage: Stage) -> None:
    wish({(Category.CRITICAL, EMAIL): Way.IF_NEEDED})
    stage(message(), [ana()])
    send()
    OPENED.add("contractor:1")

    assert go_on_where_unopened(at=NOW + 5 * HOURS) == 0
    assert not Watch.objects.exists()


def test_the_time_to_open_runs_from_when_a_slow_lane_sent_it(stage: Stage) -> None:
    wish({(Category.CRITICAL, EMAIL): Way.IF_NEEDED})
    stage(message(), [ana()])

    assert go_on_where_unopened(at=NOW + 5 * HOURS) == 0
    send(NOW + 6 * HOURS)
    assert go_on_where_unopened(at=NOW + 9 * HOURS) == 0
    assert go_on_where_unopened(at=NOW + 10 * HOURS) == 1


def test_nobody_is_written_to_about_a_notice_that_was_overtaken(stage: Stage) -> None:
    wish({(Category.CRITICAL, EMAIL): Way.IF_NEEDED})
    staged = stage(message(), [ana()])
    send()
    Delivery.objects.get().notice.__class__.objects.filter(pk=staged.notice_id).update(overtaken_at=NOW)

    assert go_on_where_unopened(at=NOW + 5 * HOURS) == 0
    assert not Watch.objects.exists()
