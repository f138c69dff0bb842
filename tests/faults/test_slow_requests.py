"""Requests that come a letter at a time, or stop half way: they hold up nobody, and are hung up on."""

import http.client
import socket
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.slow_sender import slow_senders
from tests.faults.test_floods import collect_static
from tests.services.worker import running_web

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(500)]
HEAD: Final = (
    b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
KINDS: Final = {
    "nothing at all": (b"", b""),
    "half a head": (b"GET / HTTP/1.1\r\nHost: local", b""),
    "a head, letter by letter": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "half a short body": (HEAD + b"Content-Length: 4000\r\n\r\nlogin=", b""),
    "a short body, letter by letter": (HEAD + b"Content-Length: 4000\r\n\r\n", b"a"),
    "a large body, letter by letter": (HEAD + b"Content-Length: 400000\r\n\r\n", b"a"),
    "a body in pieces without end": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "an answered request on a line that stays open": (
        b"GET /nothing HTTP/1.0\r\nHost: localhost\r\n\r\n",
        b"",
    ),
}


def asked(port: int, path: str = "/account/login/") -> int:
    """What somebody else is answered, who has waited ten seconds at most."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_whoever_sends_slowly_holds_up_nobody_and_is_hung_up_on(tmp_path: Path) -> None:
    collect_static(tmp_path)
    with running_web(tmp_path, env={"WEB_WORKERS": "2", "LOG_LEVEL": "ERROR"}) as address:
        port = int(address.rpartition(":")[2])
        assert asked(port) == 200
        for kind, (begun, drip) in KINDS.items():
            with slow_senders(port, begun=begun, drip=drip) as senders:
                assert {asked(port) for _each in range(20)} == {200}, kind
                senders.wait_for_the_end(60)
                assert not senders.are_waiting, kind
    assert "Traceback" not in (tmp_path / "web.log").read_text()


@pytest.mark.django_db(transaction=True)
def test_a_body_larger_than_any_is_refused_unread_and_a_form_in_two_parts_is_read(tmp_path: Path) -> None:
    collect_static(tmp_path)
    with running_web(tmp_path, env={"LOG_LEVEL": "ERROR"}) as address:
        port = int(address.rpartition(":")[2])

        assert said(port, HEAD + b"Content-Length: 999999999999\r\n\r\n").startswith(b"HTTP/1.1 413 ")
        assert said(
            port, HEAD + b"Content-Length: 9\r\nConnection: close\r\n\r\n", b"login=", b"a@b"
        ).startswith(
            b"HTTP/1.1 403 "  # read to its end: it lacks the token of its form
        )
        two = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2
        assert said(port, two[:-20], two[-20:]).count(b"HTTP/1.1 200 OK") == 2


def said(port: int, *parts: bytes) -> bytes:
    """All that the server says to a request that comes in these parts."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for part in parts:
            line.sendall(part)
        heard = b""
        while more := line.recv(65_536):
            heard += more
    return heard
