"""The links that unsubscribe with one click (RFC 8058): each names one reader, category and channel, and is signed."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing

from notifications.messages import Channel
from notifications.preferences import Category

_SALT: Final = "notifications.unsubscribing"


@dataclass(frozen=True, slots=True)
class MuteWish:
    """That one reader wants no more of one category on one channel."""

    recipient_key: str
    category: Category
    channel: Channel


def unsubscribe_link(*, recipient_key: str, category: Category) -> str:
    """The address that mutes a category by email; "" for critical notices, which are no subscription."""
    if category == Category.CRITICAL:
        return ""
    token = signing.dumps([recipient_key, category.value, Channel.EMAIL.value], salt=_SALT)
    return f"{settings.BASE_URL}/unsubscribe/{token}/"


def read_token(token: str) -> MuteWish | None:
    """What a link asks for; None when it is none of ours. It never grows old: a mail is read after years."""
    try:
        key, category, channel = signing.loads(token, salt=_SALT)
        return MuteWish(str(key), Category(category), Channel(channel))
    except (signing.BadSignature, ValueError, TypeError):
        return None
