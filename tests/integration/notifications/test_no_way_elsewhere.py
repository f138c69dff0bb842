"""No address that we call leads elsewhere: neither Slack's, nor a click's own, nor the bank's, nor a webhook's."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackClientError

from contractorhub.slack import calls
from notifications.channels.pinned_post import UnsafeAddress, checked_url, is_public, post
from notifications.channels.slack import slack_client
from projects.bank import BankIsAway, _fetched
from tests.factories.base import NOW
from tests.fakes.receiver import Receiver, Said, running_receiver

pytestmark = pytest.mark.once
INSIDE = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "017700000001", "127.0.0.1.",
    "0.0.0.0", "0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[fd00:ec2::254]", "metadata.google.internal",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fc00::1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:0:0:0:0:80ff:fffe]", "[ff02::1]",
    "localhost", "LOCALHOST", "a.localhost", "printer.local", "127.0.0.1%00.hooks.example",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
)  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_address_inside_is_ever_connected_to(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no address but a name is asked of the resolver, which says here what a hostile one might."""
    reached: list[Any] = []
    monkeypatch.setattr("socket.create_connection", lambda where, timeout: reached.append(where))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 443))])

    with pytest.raises(UnsafeAddress):
        post(f"https://{host}/latest/meta-data/", b"{}", {})

    assert not reached


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "ftp://x/", "https:///x", "https://a@b/", "//x/", ""]
)
def test_nothing_but_an_https_address_is_called(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        checked_url(url)


@pytest.mark.parametrize(
    "address", ["64:ff9b:1::7f00:1", "::7f00:1", "2001:db8::1", "::ffff:0:7f00:1", "fec0::1"]
)
def test_addresses_that_stand_for_others_are_inside(address: str) -> None:
    assert not is_public(address)


@pytest.fixture
def inside() -> Any:
    """Somebody inside, who must not be reached."""
    with running_receiver() as receiver:
        yield receiver


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_slack_that_sends_us_elsewhere_is_not_followed_and_its_token_stays_here(
    inside: Receiver, status: int
) -> None:
    with running_receiver(lambda _number: Said(status, {"Location": inside.url})) as slack:
        client = slack_client(token="xoxb-a-token", base_url=f"http://127.0.0.1:{slack.port}/api/")
        with pytest.raises((SlackApiError, SlackClientError)):
            client.chat_postMessage(channel="C1", text="x")

    assert len(slack.received) == 1
    assert inside.received == []


@pytest.mark.parametrize("status", [302, 307])
def test_the_answer_to_a_click_goes_to_slack_alone(inside: Receiver, status: int, settings: Any) -> None:
    with running_receiver(lambda _number: Said(status, {"Location": inside.url})) as slack:
        settings.SLACK_API_URL = f"http://127.0.0.1:{slack.port}/api/"
        for url in (
            f"http://127.0.0.1:{slack.port}/response",
            inside.url,
            "https://hooks.slack.com.evil.example/x",
        ):
            calls.make(calls.whisper(url, text="x"), team_id="T0FIRM", at=NOW)

    assert [request.path for request in slack.received] == ["/response"]
    assert inside.received == []


def test_the_banks_file_is_fetched_from_where_the_operator_said_or_not_at_all(inside: Receiver) -> None:
    for url in ("ftp://x/rates.zip", "data:,x"):
        with pytest.raises(BankIsAway):
            _fetched(url)
    with running_receiver() as bank:
        bank.leads_to = inside.url
        with pytest.raises(OSError, match="302"):
            _fetched(bank.url)

    assert inside.received == []
