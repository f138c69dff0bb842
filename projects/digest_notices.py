"""The words of a digest: what came in for somebody since their last one, a section a notice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings

from notifications.messages import Message, rename_places
from notifications.preferences import Category
from projects.notices import GOOD_FOR, Section, contents_of

KIND: Final = "digest"
_ENGLISH: Final = "en"


def digest_message(
    *,
    gists: Sequence[Mapping[str, tuple[str, str]]],
    prefixes: Sequence[str],
    locales: Collection[str],
    key: str,
    at: datetime,
) -> Message:
    """One digest for everybody who is due these notices; `gists` holds the subject and gist of each by language.

    The personal places of the n-th notice are renamed by the n-th prefix, for the same place may differ in each.
    """

    def sections(locale: str) -> list[Section]:
        told = [gist.get(locale) or gist.get(_ENGLISH) or next(iter(gist.values())) for gist in gists]
        return [
            Section(rename_places(subject, prefix), rename_places(words, prefix))
            for (subject, words), prefix in zip(told, prefixes, strict=True)
        ]

    return Message(
        kind=KIND,
        category=Category.UPDATE,
        subject_ref=key,
        thread_key=key,
        idempotency_key=key,
        contents=contents_of(KIND, {}, locales, url=f"{settings.BASE_URL}/portal/", more=sections),
        expires_at=at + GOOD_FOR,
    )
