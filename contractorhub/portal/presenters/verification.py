"""One statement in a list of one's own, and what a third party reads about one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from babel.dates import format_date
from django.utils import translation

from contractorhub.portal.presenters.cards import Moment, present_moment
from contractorhub.portal.presenters.reader import Reader
from projects.domain.money import format_money
from projects.models import Statement
from projects.queries.statements import Verification


@dataclass(frozen=True, slots=True)
class StatementWords:
    code: str
    first_day: str
    last_day: str
    made: Moment
    totals: tuple[str, ...]
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class VerificationWords:
    """All that is shown of a statement to a stranger."""

    is_genuine: bool
    is_revoked: bool
    made_on: str
    first_day: str
    last_day: str
    totals: tuple[str, ...]


def present_statement(statement: Statement, reader: Reader, at: datetime) -> StatementWords:
    """One's own statement in words."""
    return StatementWords(
        code=statement.code,
        first_day=reader.month_day_year(statement.starts_on),
        last_day=reader.month_day_year(statement.ends_on - timedelta(days=1)),
        made=present_moment(statement.made_at, reader, at),
        totals=tuple(reader.money(minor, currency) for currency, minor in sorted(statement.totals.items())),
        is_revoked=statement.revoked_at is not None,
    )


def present_verification(found: Verification) -> VerificationWords:
    """What a stranger reads, in the language of the page."""
    locale = (translation.get_language() or "en").replace("-", "_")
    return VerificationWords(
        is_genuine=found.is_genuine,
        is_revoked=found.is_revoked,
        made_on=str(format_date(found.made_at.astimezone(UTC).date(), "long", locale=locale)),
        first_day=str(format_date(found.starts_on, "long", locale=locale)),
        last_day=str(format_date(found.ends_on - timedelta(days=1), "long", locale=locale)),
        totals=tuple(format_money(minor, currency, locale) for currency, minor in found.totals),
    )
