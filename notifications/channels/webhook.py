"""Webhooks: signed as Standard Webhooks asks, several at a time, and never to an address inside."""

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from standardwebhooks import Webhook

from notifications.channels.base import CANNOT_CONNECT, NOT_TRIED, Outcome, Parcel, Reply
from notifications.channels.pinned_post import Answer, ConnectionRefused, ReplyLost, UnsafeAddress, post

AT_A_TIME: Final = 8
SWITCHED_OFF: Final = "switched_off"
GONE: Final = "http_410"  # the endpoint says that it wants no more (Standard Webhooks)
_LONGEST_WAIT_SECONDS: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the webhooks of one lane go, and the secrets that sign them: the newest first, an old one meanwhile."""

    url: str
    secrets: tuple[str, ...]


class WebhookChannel:
    """Posts parcels, whose text is JSON, to one endpoint; without a destination it is switched off.

    Each request has a thread of its own, so that a slow endpoint holds up nobody's mail.
    """

    window = AT_A_TIME

    def __init__(self, destination: Destination | None, *, allows_private: bool = False) -> None:
        self._destination = destination
        self._allows_private = allows_private
        self._threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="webhook")
        self._running: set[Future[Reply]] = set()

    @property
    def outstanding(self) -> int:
        """Requests whose reply was not collected yet."""
        return len(self._running)

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Begin a request a parcel."""
        self._running |= {self._threads.submit(self.send_one, parcel) for parcel in parcels}

    def collect(self, *, wait_seconds: float) -> list[Reply]:
        """Give the replies that have come."""
        done, self._running = wait(self._running, timeout=wait_seconds, return_when=FIRST_COMPLETED)
        return [future.result() for future in done]

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """An endpoint cannot be asked what it has received."""
        return None

    def close(self) -> None:
        """Begin nothing more; what is on its way ends by its own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def send_one(self, parcel: Parcel) -> Reply:
        """Post one parcel; never raises for what the network does."""
        if self._destination is None:
            return Reply(parcel.delivery_id, Outcome.PERMANENT, SWITCHED_OFF, "the endpoint is switched off")
        if parcel.not_after <= time.monotonic():
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, NOT_TRIED, "the claim on it ended")
        body = parcel.plain_text.encode()
        headers = signed_headers(
            message_id=parcel.message_id, body=body, secrets=self._destination.secrets, now=datetime.now(UTC)
        )
        try:
            answer = post(self._destination.url, body, headers, allows_private=self._allows_private)
        except UnsafeAddress as error:
            return Reply(parcel.delivery_id, Outcome.PERMANENT, "unsafe_address", str(error))
        except ConnectionRefused as error:
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, CANNOT_CONNECT, str(error))
        except ReplyLost as error:
            # The receiver tells repeats by the webhook-id, so a lost reply is a passing trouble here.
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, "reply_lost", str(error))
        return _understood(parcel, answer)


def signed_headers(*, message_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; a signature for each secret, so that a rotation interrupts nobody."""
    words = body.decode()
    signatures = " ".join(Webhook(secret).sign(message_id, now, words) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "ContractorHub-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures,
    }


def _understood(parcel: Parcel, answer: Answer) -> Reply:
    """Anything but a 2xx is tried again, for an endpoint can be mended; only 410 asks for silence."""
    code = f"http_{answer.status}"
    if 200 <= answer.status < 300:
        return Reply(parcel.delivery_id, Outcome.SENT, code, provider_ref=code)
    if code == GONE:
        return Reply(parcel.delivery_id, Outcome.PERMANENT, code, "the endpoint wants no more events")
    if answer.status == 429 or (answer.status == 503 and answer.retry_after):
        wait_for = _seconds(answer.retry_after)
        return Reply(parcel.delivery_id, Outcome.THROTTLED, code, retry_after=wait_for)
    detail = "redirects are not followed" if 300 <= answer.status < 400 else answer.beginning
    return Reply(parcel.delivery_id, Outcome.TRANSIENT, code, detail)


def _seconds(retry_after: str) -> float:
    """Retry-After in seconds, given as such or as a date; bounded to an hour."""
    try:
        return min(_LONGEST_WAIT_SECONDS, max(1.0, float(retry_after)))
    except ValueError:
        pass
    try:
        left = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 30.0
    return min(_LONGEST_WAIT_SECONDS, max(1.0, left))
