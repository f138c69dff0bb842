"""One HTTP POST to the very address that was looked up and checked, with an end to every wait; no redirects."""

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Final
from urllib.parse import SplitResult, urlsplit

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
_READ_AT_MOST: Final = 2_048
_SHOWN: Final = 200
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is handed out: what lies elsewhere stands for something inside, translated or of old."""


class UnsafeAddress(Exception):
    """An address that may not be called: of another kind than https, or inside a private network."""


class ConnectionRefused(Exception):
    """The far end could not be reached, so it has received nothing."""


class ReplyLost(Exception):
    """The far end may have received it; its reply did not come in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the far end said: its status, what it asks to wait, and the beginning of its words."""

    status: int
    retry_after: str
    beginning: str


def post(url: str, body: bytes, headers: Mapping[str, str], *, allows_private: bool = False) -> Answer:
    """Send `body`; the whole exchange ends within CONNECT_SECONDS + WHOLE_SECONDS, however slowly the far end drips.

    Raises UnsafeAddress, ConnectionRefused, ReplyLost.
    """
    where = checked_url(url, allows_private=allows_private)
    connection = _connected(where, allows_private=allows_private)
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    try:
        with _ended_after(WHOLE_SECONDS, connection.sock):
            _shake_hands(connection.sock)
            connection.request("POST", path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            words = answer.read(_READ_AT_MOST)
            return Answer(answer.status, answer.getheader("Retry-After") or "", _readable(words))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ReplyLost(type(error).__name__) from error
    finally:
        connection.close()


def checked_url(url: str, *, allows_private: bool = False) -> SplitResult:
    """Take a URL apart. Raises UnsafeAddress for one that is not https (or http where private ones are allowed)."""
    try:
        where = urlsplit(url)
        port = where.port
    except ValueError as error:
        raise UnsafeAddress("this is not an address") from error
    is_fit = where.scheme == "https" or (where.scheme == "http" and allows_private)
    if not is_fit or not where.hostname or where.username or where.password or port == 0:
        raise UnsafeAddress("a webhook address begins with https:// and names a host")
    if not allows_private and _is_private_literal(where.hostname):
        raise UnsafeAddress("this address is inside a private network")
    return where


def is_public(address: str) -> bool:
    """Whether an IP address is out in the open; IPv4 inside IPv6 is judged as what it is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast


def _is_private_literal(host: str) -> bool:
    """Whether the host is written as an address inside, in any spelling that a resolver takes for one."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    with suppress(ValueError):
        return not is_public(host)
    with suppress(OSError):
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
    return False


def _connected(where: SplitResult, *, allows_private: bool) -> http.client.HTTPConnection:
    """Connect to one of the addresses the name has now; what it would say a second time is never asked."""
    host, is_tls = str(where.hostname), where.scheme == "https"
    port = where.port or (443 if is_tls else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectionRefused("the name of the host is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allows_private and not all(is_public(address) for address in addresses):
        raise UnsafeAddress("this host is inside a private network")
    raw = _first_that_answers(addresses, port)
    connection = http.client.HTTPConnection(host, port, timeout=WHOLE_SECONDS)
    raw.settimeout(WHOLE_SECONDS)
    connection.sock = raw
    if is_tls:
        try:
            connection.sock = ssl.create_default_context().wrap_socket(
                raw, server_hostname=host, do_handshake_on_connect=False
            )
        except (OSError, ValueError) as error:
            raw.close()
            raise ConnectionRefused(type(error).__name__) from error
    return connection


def _shake_hands(line: socket.socket) -> None:
    if isinstance(line, ssl.SSLSocket):
        try:
            line.do_handshake()
        except (OSError, ValueError) as error:
            raise ConnectionRefused(type(error).__name__) from error


def _first_that_answers(addresses: list[str], port: int) -> socket.socket:
    trouble: OSError = OSError("no address")
    for address in addresses[:3]:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            trouble = error
    raise ConnectionRefused(type(trouble).__name__) from trouble


@contextmanager
def _ended_after(seconds: float, line: socket.socket) -> Iterator[None]:
    """Hang up after so long: a socket's own timeout begins anew with every byte."""

    def hang_up() -> None:
        with suppress(OSError):
            # The plain socket's own: TLS would wait for a goodbye of the other side.
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _readable(words: bytes) -> str:
    """The first words of an answer, fit for one line of a ledger."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", words.decode(errors="replace")).strip()[:_SHOWN]
