"""Slack: one post a parcel through slack_sdk without its retries, every error code classed, lost replies looked up."""

import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from notifications.channels.base import NOT_TRIED, OneByOne, Outcome, Parcel, Reply
from notifications.messages import escape_mrkdwn, slack_id_of

TIMEOUT_SECONDS: Final = 10
METADATA_EVENT: Final = "notice"
_NOTE_ID: Final = "what-came-after"
_PAGE: Final = 200
_PAGES_LOOKED_THROUGH: Final = 10

logger = structlog.get_logger(__name__)

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


# Slack's limits (slack_sdk models; bolt-js #2509 for the sum): beyond them a post is refused as a whole.
_BLOCKS_AT_MOST: Final = 50
_SECTION_TEXT_AT_MOST: Final = 3_000
_HEADER_TEXT_AT_MOST: Final = 150
_TEXT_AT_MOST: Final = 4_000
_BLOCK_TEXT_SUM_AT_MOST: Final = 9_500

NETWORK_ERRORS: Final = (SlackClientError, URLError, HTTPException, OSError)


def slack_client(*, token: str | None, base_url: str) -> WebClient:
    """The SDK's client without its retries: its default handler posts a second time when a reply is lost."""
    client = WebClient(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    client.proxy = None  # the SDK takes HTTP_PROXY but knows no NO_PROXY
    return client


class SlackChannel(OneByOne):
    """Posts parcels to channels and people of one workspace."""

    # Another relay may be told of a throttle meanwhile: what waits here would be posted before its Retry-After is over.
    window = 1

    def __init__(self, *, token: str, base_url: str) -> None:
        super().__init__()
        self._client = slack_client(token=token, base_url=base_url)

    def send_one(self, parcel: Parcel) -> Reply:
        """Post a parcel; a later word of a thread answers the first post, which then says what came after it."""
        if parcel.not_after <= time.monotonic():
            return Reply(parcel.delivery_id, Outcome.TRANSIENT, NOT_TRIED, "the claim on it ended")
        reply = self._post(parcel)
        if reply.outcome == Outcome.SENT and parcel.thread_ref:
            self._note_on_first_post(parcel)
        return reply

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """Look for our metadata among what was posted since: in the thread that it answered, else in the channel."""
        channel, _colon, thread_ts = thread_ref.partition(":")
        cursor = ""
        try:
            channel = channel or self._direct_channel(address)
            for _page in range(_PAGES_LOOKED_THROUGH):
                asked: dict[str, Any] = {
                    "channel": channel,
                    "oldest": f"{since:.6f}",
                    "inclusive": True,
                    "include_all_metadata": True,
                    "limit": _PAGE,
                    "cursor": cursor or None,
                }
                page = (
                    self._client.conversations_replies(ts=thread_ts, **asked)
                    if thread_ts
                    else self._client.conversations_history(**asked)
                )
                for message in page.get("messages") or []:
                    payload = (message.get("metadata") or {}).get("event_payload") or {}
                    if payload.get("d") == message_id:
                        return f"{channel}:{message['ts']}"
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not page.get("has_more") or not cursor:
                    return None if page.get("has_more") else ""
        except NETWORK_ERRORS:
            return None
        return None

    def _direct_channel(self, address: str) -> str:
        """The channel in which a person hears from us."""
        address = slack_id_of(address)
        if not address.startswith(("U", "W")):
            return address
        opened = self._client.conversations_open(users=address)
        return str(opened["channel"]["id"])

    def _post(self, parcel: Parcel) -> Reply:
        channel, _colon, thread_ts = parcel.thread_ref.partition(":")
        try:
            answer = self._client.chat_postMessage(
                channel=channel or slack_id_of(parcel.address),
                text=_shortened(parcel.mrkdwn, _TEXT_AT_MOST),
                blocks=within_limits(parcel.blocks),
                thread_ts=thread_ts or None,
                # What stops or ends work must not hide in a thread that nobody follows.
                reply_broadcast=(bool(thread_ts) and parcel.category == "critical") or None,
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

    def _note_on_first_post(self, parcel: Parcel) -> None:
        """Edit the thread's first post, so that whoever scrolls to it reads what came after; a failure is no loss."""
        channel, _colon, ts = parcel.thread_ref.partition(":")
        subject = escape_mrkdwn(parcel.subject)
        try:
            history = self._client.conversations_history(
                channel=channel, oldest=ts, latest=ts, inclusive=True, include_all_metadata=True, limit=1
            )
            first = next(iter(history.get("messages") or []), None)
            if first is None:
                return
            note = {
                "type": "context",
                "block_id": _NOTE_ID,
                "elements": [{"type": "mrkdwn", "text": f":arrow_right: *{subject}*"}],
            }
            kept = [block for block in first.get("blocks") or [] if block.get("block_id") != _NOTE_ID]
            self._client.chat_update(
                channel=channel,
                ts=ts,
                text=_shortened(f"{subject}\n{first.get('text', '')}", _TEXT_AT_MOST),
                blocks=[note, *kept][:_BLOCKS_AT_MOST],
                metadata=first.get("metadata"),
            )
        except NETWORK_ERRORS as error:
            logger.info("slack.first_post_not_edited", error=type(error).__name__)


class UnconnectedSlack(OneByOne):
    """Stands where no token is set: the lane stops and says so, and whoever has another address hears there."""

    def send_one(self, parcel: Parcel) -> Reply:
        """Say that there is no Slack."""
        return Reply(parcel.delivery_id, Outcome.STOPPED, "not_connected", "Slack is not connected")


def within_limits(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Blocks that Slack takes: at most 50, texts shortened, the sum of their texts bounded; the text says it all."""
    kept: list[dict[str, Any]] = []
    total = 0
    for block in blocks[:_BLOCKS_AT_MOST]:
        text = block.get("text")
        if isinstance(text, Mapping):
            most = _HEADER_TEXT_AT_MOST if block.get("type") == "header" else _SECTION_TEXT_AT_MOST
            short = _shortened(str(text.get("text", "")), most)
            block = {**block, "text": {**text, "text": short}}
            total += len(short)
        if total > _BLOCK_TEXT_SUM_AT_MOST:
            break
        kept.append(dict(block))
    return kept


def _shortened(words: str, most: int) -> str:
    """Cut between words, and never inside one of Slack's escapes (`&amp;` and the like are 5 characters at most)."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    escape = cut.rfind("&", len(cut) - 5)
    if escape >= 0 and ";" not in cut[escape:]:
        cut = cut[:escape]
    return (cut.rsplit(" ", 1)[0] if " " in cut[-80:] else cut) + "…"


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
