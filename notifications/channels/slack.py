"""Slack: one post a parcel through slack_sdk without its retries, every error code classed, lost replies looked up."""

from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from notifications.channels.base import Outcome, Parcel, Reply

TIMEOUT_SECONDS: Final = 10
METADATA_EVENT: Final = "notice"

# chat.postMessage's page of errors, classed by what a sender should do next.
_AMBIGUOUS: Final = {"fatal_error", "internal_error"}
_TRANSIENT: Final = {"service_unavailable", "team_added_to_org", "org_login_required", "request_timeout"}
_STOPPED: Final = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "not_allowed_token_type",
    "no_permission",
    "access_denied",
    "accesslimited",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "team_access_not_granted",
    "two_factor_setup_required",
    "message_limit_exceeded",
}
_PERMANENT: Final = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "messages_tab_disabled",
    "cannot_reply_to_message",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
    "users_not_found",
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "no_text",
    "too_many_attachments",
    "metadata_too_large",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "invalid_arguments",
    "invalid_form_data",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
}


class SlackChannel:
    """Posts parcels to channels and people of one workspace."""

    def __init__(self, *, token: str, base_url: str) -> None:
        # The SDK's default handler posts a second time when a reply is lost; the ledger retries instead.
        self._client = WebClient(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        self._client.proxy = None  # the SDK takes HTTP_PROXY but knows no NO_PROXY

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Reply]:
        """Yield one reply for each parcel; after a throttle or a stop the rest is not tried."""
        for position, parcel in enumerate(parcels):
            reply = self._post(parcel)
            yield reply
            if reply.outcome in {Outcome.THROTTLED, Outcome.STOPPED}:
                for other in parcels[position + 1 :]:
                    yield Reply(
                        other.delivery_id, reply.outcome, reply.code, reply.detail, "", reply.retry_after
                    )
                return

    def find(self, *, address: str, message_id: str, since: float) -> str | None:
        """Look for our metadata in the channel's history since an instant (seconds since 1970)."""
        try:
            history = self._client.conversations_history(
                channel=address, oldest=f"{since:.6f}", inclusive=True, include_all_metadata=True, limit=100
            )
        except (SlackApiError, SlackClientError, URLError, HTTPException, OSError):
            return None
        for message in history.get("messages") or []:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("d") == message_id:
                return f"{address}:{message['ts']}"
        return None if history.get("has_more") else ""

    def close(self) -> None:
        """The SDK opens a connection a call."""

    def _post(self, parcel: Parcel) -> Reply:
        try:
            answer = self._client.chat_postMessage(
                channel=parcel.address,
                text=parcel.text[:4_000],
                blocks=[dict(block) for block in parcel.blocks],
                thread_ts=parcel.thread_ref or None,
                unfurl_links=False,
                metadata={"event_type": METADATA_EVENT, "event_payload": {"d": parcel.message_id}},
            )
        except SlackApiError as error:
            return _refused(parcel, error)
        except (URLError, ConnectionRefusedError) as error:
            # Nothing was said yet, unless the line broke afterwards: only a refused connection is sure.
            is_refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
            outcome = Outcome.TRANSIENT if is_refused else Outcome.AMBIGUOUS
            return Reply(parcel.delivery_id, outcome, "connection", type(error).__name__)
        except (SlackClientError, HTTPException, OSError) as error:
            return Reply(parcel.delivery_id, Outcome.AMBIGUOUS, "reply_lost", type(error).__name__)
        return Reply(
            parcel.delivery_id, Outcome.SENT, "ok", provider_ref=f"{answer['channel']}:{answer['ts']}"
        )


def _refused(parcel: Parcel, error: SlackApiError) -> Reply:
    status = int(getattr(error.response, "status_code", 0) or 0)
    headers: Mapping[str, Any] = getattr(error.response, "headers", {}) or {}
    body = error.response.data if isinstance(getattr(error.response, "data", None), dict) else {}
    code = str(body.get("error") or f"http_{status}")
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Reply(parcel.delivery_id, Outcome.THROTTLED, "429", retry_after=_retry_after(headers))
    return Reply(parcel.delivery_id, outcome_of(code, status=status), code)


def outcome_of(code: str, *, status: int = 200) -> Outcome:
    """What to do about one of Slack's error codes; an unknown one is tried again a bounded number of times."""
    if code in _AMBIGUOUS or status >= 500:
        return Outcome.AMBIGUOUS
    if code in _STOPPED:
        return Outcome.STOPPED
    if code in _PERMANENT:
        return Outcome.PERMANENT
    return Outcome.TRANSIENT


def _retry_after(headers: Mapping[str, Any]) -> float:
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return max(1.0, float(found))
    except ValueError:
        return 30.0
