"""Slack through real HTTP: posts once, keeps its pace, parks for as long as asked, and looks lost replies up."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contractorhub.env import MailServer
from notifications.channels.base import Outcome
from notifications.channels.slack import outcome_of
from notifications.messages import Channel
from notifications.models import Delivery, Lane
from notifications.ports import Ports
from notifications.relay import relay
from notifications.sweep import settle_unknown
from tests.factories.base import NOW
from tests.fakes.slack import Answer, Plan, SlackStandIn, running_slack
from tests.fakes.smtp_sink import Act, running_smtp_sink
from tests.integration.notifications.conftest import Stage, message, people

pytestmark = pytest.mark.django_db(transaction=True)
Workspace = Callable[..., SlackStandIn]


@pytest.fixture
def workspace(settings: Any) -> Iterator[Workspace]:
    """Start a workspace that behaves as planned, and point the product at it."""
    running = []

    def start(plan: Plan | None = None, **options: Any) -> SlackStandIn:
        context = running_slack(plan, **options) if plan else running_slack(**options)
        running.append(context)
        slack = context.__enter__()
        settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = slack.token, slack.url
        return slack

    yield start
    for context in running:
        context.__exit__(None, None, None)


def _relay(at: datetime = NOW) -> int:
    return relay(clock=lambda: at)


def _settle(at: datetime) -> int:
    return settle_unknown(at=at, ports=Ports(at=at))


def _states() -> dict[str, int]:
    rows = list(Delivery.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in sorted(set(rows))}


def test_a_post_fills_the_text_for_screen_readers_and_keeps_slacks_name_for_it(
    workspace: Workspace, stage: Stage
) -> None:
    slack = workspace()
    stage(message(), people(1, channel=Channel.SLACK_DM))

    _relay()

    post = slack.posts[0]
    assert post.text.startswith("Hello Person 1")
    assert Delivery.objects.get().provider_ref == f"{post.channel}:{post.ts}"


def test_direct_messages_keep_the_pace_that_slack_allows(workspace: Workspace, stage: Stage) -> None:
    slack = workspace()
    stage(message(), people(60, channel=Channel.SLACK_DM))

    for second in range(3):
        _relay(NOW + timedelta(seconds=second))

    assert 25 <= len(slack.posts) <= 40  # a burst of five seconds' worth, then five a second
    for second in range(3, 20):
        _relay(NOW + timedelta(seconds=second))
    assert _states() == {"sent": 60}


def test_a_throttled_workspace_is_left_alone_for_as_long_as_it_says(
    workspace: Workspace, stage: Stage
) -> None:
    slack = workspace(
        lambda channel, nth: Answer(status=429, error="ratelimited", retry_after=30) if nth == 1 else Answer()
    )
    stage(message(), people(3, channel=Channel.SLACK_DM))

    _relay()
    assert sum(slack.tries.values()) == 1
    assert Lane.objects.get().parked_until == NOW + timedelta(seconds=30)
    _relay(NOW + timedelta(seconds=29))
    assert sum(slack.tries.values()) == 1

    assert set(Delivery.objects.values_list("tries", flat=True)) == {0}


def test_a_reply_lost_after_posting_is_looked_up_and_not_posted_twice(
    workspace: Workspace, stage: Stage
) -> None:
    slack = workspace()
    stage(message(), people(1, channel=Channel.SLACK_CHANNEL))

    class LosesTheReply:
        """Stores the post, then hangs up."""

        def __call__(self, channel: str, nth: int) -> Answer:
            return Answer(is_lost_after_storing=True)

    slack.plan = LosesTheReply()
    _relay()
    assert _states() == {"unknown": 1}
    assert _settle(NOW + timedelta(minutes=1)) == 1

    assert _states() == {"sent": 1}
    assert len(slack.posts) == 1


def test_a_lost_reply_to_an_answer_in_a_thread_is_looked_for_in_the_thread(
    workspace: Workspace, stage: Stage
) -> None:
    slack = workspace()
    stage(message(), people(1, channel=Channel.SLACK_CHANNEL))
    _relay()
    later = replace(message(key="pause:1:update:2", kind="pause.updated"), category="update")
    stage(later, people(1, channel=Channel.SLACK_CHANNEL))
    slack.plan = lambda channel, nth: Answer(is_lost_after_storing=True)

    _relay(NOW + timedelta(seconds=10))
    _settle(NOW + timedelta(minutes=1))

    first, second = slack.posts
    assert second.thread_ts == first.ts
    assert _states() == {"sent": 2}


def test_an_unknown_post_stays_unknown_where_the_history_cannot_be_read(
    workspace: Workspace, stage: Stage
) -> None:
    workspace(lambda channel, nth: Answer(is_lost_after_storing=True), may_read_history=False)
    stage(message(), people(1, channel=Channel.SLACK_CHANNEL))

    _relay()

    assert _settle(NOW + timedelta(minutes=1)) == 0
    assert _states() == {"unknown": 1}


def test_a_post_that_surely_never_arrived_is_posted_again(workspace: Workspace, stage: Stage) -> None:
    slack = workspace(lambda channel, nth: Answer(status=500) if nth == 1 else Answer())
    stage(message(), people(1, channel=Channel.SLACK_CHANNEL))

    _relay()
    assert _states() == {"unknown": 1}
    _settle(NOW + timedelta(minutes=1))
    _relay(NOW + timedelta(minutes=1))

    assert _states() == {"sent": 1}
    assert len(slack.posts) == 1


def test_a_revoked_token_stops_the_lane_and_says_why(workspace: Workspace, stage: Stage) -> None:
    slack = workspace(lambda channel, nth: Answer(error="token_revoked"))
    stage(message(), people(3, channel=Channel.SLACK_CHANNEL))

    _relay()
    _relay(NOW + timedelta(hours=1))

    lane = Lane.objects.get()
    assert (lane.is_stopped, lane.parked_reason) == (True, "token_revoked")
    assert sum(slack.tries.values()) == 1
    assert _states() == {"queued": 3}


def test_an_unknown_channel_fails_for_good_with_slacks_own_word(workspace: Workspace, stage: Stage) -> None:
    workspace(lambda channel, nth: Answer(error="channel_not_found"))
    stage(message(), people(1, channel=Channel.SLACK_CHANNEL))

    _relay()

    assert Delivery.objects.get().reason == "channel_not_found"
    assert _states() == {"failed": 1}


def test_one_lanes_trouble_delays_no_other(
    workspace: Workspace, stage: Stage, settings: Any, capsys: Any
) -> None:
    workspace(lambda channel, nth: Answer(status=429, error="ratelimited", retry_after=600))
    stage(message(key="slack"), people(2, channel=Channel.SLACK_CHANNEL))
    stage(message(key="mail"), people(2, channel=Channel.EMAIL))

    _relay()

    assert dict(Delivery.objects.values_list("channel", "state")) == {
        "slack_channel": "queued",
        "email": "sent",
    }


def test_a_slack_that_keeps_silent_holds_up_no_mail(
    workspace: Workspace, stage: Stage, settings: Any
) -> None:
    all_mail_is_out = threading.Event()
    with running_smtp_sink() as sink:
        settings.MAIL_SERVER = MailServer(kind="smtp", host="127.0.0.1", port=sink.port)

        def note(recipient: str, nth: int) -> Act:
            if sum(sink.tries.values()) == 40:
                all_mail_is_out.set()
            return Act.ACCEPT

        sink.plan = note
        waited: list[bool] = []

        def silent(channel: str, nth: int) -> Answer:
            waited.append(all_mail_is_out.wait(10))
            return Answer()

        workspace(silent)
        stage(message(key="slack"), people(2, channel=Channel.SLACK_CHANNEL))
        stage(message(key="mail"), people(40, channel=Channel.EMAIL))

        _relay()

    assert waited == [True, True]
    assert _states() == {"sent": 42}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("internal_error", Outcome.AMBIGUOUS),
        ("service_unavailable", Outcome.TRANSIENT),
        ("invalid_auth", Outcome.STOPPED),
        ("is_archived", Outcome.PERMANENT),
        ("a_code_of_tomorrow", Outcome.TRANSIENT),
    ],
)
def test_each_error_code_has_its_class(code: str, outcome: Outcome) -> None:
    assert outcome_of(code) == outcome
