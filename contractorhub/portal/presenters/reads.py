"""The access log as its person reads it: who of the firm saw what of their pay, where and when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from contractorhub.portal.presenters.cards import Moment, present_moment
from contractorhub.portal.presenters.reader import Reader
from projects.queries.pay_reads import ReadOfPay


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line."""

    who: str
    what: str
    via: str
    seen: Moment
    times: int
    is_of_many: bool


def present_read(read: ReadOfPay, reader: Reader, at: datetime) -> ReadLine:
    """Words for what was seen and where, and the last time on the reader's clock."""
    return ReadLine(
        read.who,
        _what(read.what),
        _via(read.via),
        present_moment(read.last_at, reader, at),
        read.times,
        read.is_of_many,
    )


def _what(what: str) -> str:
    words = {
        "rates": _("Your rate"),
        "estimate": _("Your estimated loss"),
        "person": _("Your estimates and hours"),
        "list": _("A list of people with their pay"),
        "report": _("A report with pay in it"),
        "file": _("A report with pay in it, as a file"),
    }
    return words[what]


def _via(via: str) -> str:
    words = {
        "desk": _("on the pages of leads and operations"),
        "finance": _("on the pages of finance"),
        "api": _("by a connected program"),
    }
    return words[via]
