"""Webhooks: signed as Standard Webhooks asks, and sent to public addresses only, the very ones that were checked."""

import base64
import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook

from notifications.channels.base import CANNOT_CONNECT, NOT_TRIED, OneByOne, Outcome, Parcel, Reply

TIMEOUT_SECONDS: Final = 10
_READ_AT_MOST: Final = 2_048
_GONE: Final = 410  # the endpoint says that it wants no more (Standard Webhooks)


class UnsafeEndpoint(Exception):
    """An address that webhooks may not be sent to."""


class WebhookChannel(OneByOne):
    """Posts parcels as JSON; the words are the text of the content, filled, which is itself JSON or plain words."""

    window = 8

    def __init__(self, *, secret: str, allows_private: bool = False) -> None:
        super().__init__()
        self._secret = secret
        self._allows_private = allows_private

    def send_one(self, parcel: Parcel) -> Reply:
        """Post one parcel; redirects are not followed, they could lead inside."""
        if parcel.not_after <= time.monotonic():
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, NOT_TRIED, "the claim on it ended")
        try:
            connection, url = self._connection(parcel.address)
        except UnsafeEndpoint as error:
            return Reply(parcel.delivery_id, Outcome.PERMANENT, "endpoint", str(error))
        except OSError as error:
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, CANNOT_CONNECT, type(error).__name__)
        body, headers = self._signed(parcel)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection.request("POST", path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.read(_READ_AT_MOST)
            return _understood(parcel, answer.status, answer.getheader("Retry-After") or "")
        except (OSError, http.client.HTTPException) as error:
            # The receiver tells repeats by the webhook-id, so a lost reply is a passing trouble here.
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, "reply_lost", type(error).__name__)
        finally:
            connection.close()

    def _signed(self, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
        words = parcel.plain_text
        is_json = words.lstrip().startswith(("{", "["))
        body = words if is_json else json.dumps({"subject": parcel.subject, "text": words})
        now = datetime.now(UTC)
        signer = Webhook(signing_secret(secret=self._secret, address=parcel.address))
        return body.encode(), {
            "Content-Type": "application/json",
            "User-Agent": "ContractorHub",
            "webhook-id": parcel.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(parcel.message_id, now, body),
        }

    def _connection(self, address: str) -> tuple[http.client.HTTPConnection, SplitResult]:
        """Connect to an address that was looked up and checked once, so that a second answer cannot lead elsewhere.

        Raises UnsafeEndpoint, OSError.
        """
        url = urlsplit(address)
        is_tls = url.scheme == "https"
        if (
            not (is_tls or (url.scheme == "http" and self._allows_private))
            or not url.hostname
            or url.username
        ):
            raise UnsafeEndpoint("a webhook address begins with https:// and names a host")
        port = url.port or (443 if is_tls else 80)
        found = socket.getaddrinfo(url.hostname, port, type=socket.SOCK_STREAM)
        for _family, _type, _proto, _name, where in found:
            if not self._allows_private and not is_public(str(where[0])):
                raise UnsafeEndpoint("this host is inside a private network")
        raw = socket.create_connection((str(found[0][4][0]), port), timeout=TIMEOUT_SECONDS)
        connection = http.client.HTTPConnection(url.hostname, port, timeout=TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        try:
            connection.sock = context.wrap_socket(raw, server_hostname=url.hostname) if is_tls else raw
        except (OSError, ValueError):
            raw.close()
            raise
        return connection, url


def signing_secret(*, secret: str, address: str) -> str:
    """The secret an endpoint verifies with, in the form that Standard Webhooks libraries take."""
    key = hashlib.sha256(f"webhook:{secret}:{address}".encode()).digest()
    return "whsec_" + base64.b64encode(key).decode()


def is_public(address: str) -> bool:
    """Whether an IP address is out in the open; IPv4 inside IPv6 is judged as what it is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.ip_address(int(found) & 0xFFFFFFFF).is_global
    return found.is_global and not found.is_multicast


def _understood(parcel: Parcel, status: int, retry_after: str) -> Reply:
    code = f"http_{status}"
    if 200 <= status < 300:
        return Reply(parcel.delivery_id, Outcome.SENT, code, provider_ref=code)
    if status in {429, 503}:
        return Reply(parcel.delivery_id, Outcome.THROTTLED, code, retry_after=_seconds(retry_after))
    if status == _GONE or 300 <= status < 400 or (400 <= status < 500 and status not in {408, 409, 425}):
        return Reply(parcel.delivery_id, Outcome.PERMANENT, code)
    return Reply(parcel.delivery_id, Outcome.TRANSIENT, code)


def _seconds(retry_after: str) -> float:
    """Retry-After in seconds, given as such or as a date; bounded to an hour."""
    try:
        return min(3_600.0, max(1.0, float(retry_after)))
    except ValueError:
        pass
    try:
        left = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 30.0
    return min(3_600.0, max(1.0, left))
