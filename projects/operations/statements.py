"""Makes statements of interrupted work, frozen with a code that proves them, and revokes them."""

import secrets
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from projects.domain.errors import UnableToReport
from projects.domain.periods import local_day, monday_of
from projects.models import Contractor, Statement, User
from projects.operations.history import record
from projects.queries.statements import checksum_of, statement_figures, totals_of

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no letter that is taken for a digit when a code is read out."""
GROUPS: Final = 4
GROUP_LENGTH: Final = 5
LONGEST: Final = timedelta(days=366)
MOST_A_DAY: Final = 20


def make_statement(
    *, contractor: Contractor, first_day: date, last_day: date, by: User, at: datetime
) -> Statement:
    """Freeze what the weeks from `first_day` to `last_day` (both within, widened to whole weeks) cost this person.

    Raises UnableToReport for a period that ends before it starts, is longer than a year or still to come, in which
    nothing was interrupted, or for more than twenty statements a day.
    """
    starts_on, ends_on = monday_of(first_day), monday_of(last_day) + timedelta(days=7)
    _refuse_unfit_period(contractor, first_day, last_day, at)
    with transaction.atomic():
        if (
            Statement.objects.filter(contractor=contractor, made_at__gt=at - timedelta(days=1)).count()
            >= MOST_A_DAY
        ):
            raise UnableToReport(_("You have made twenty statements today. Try again tomorrow."))
        document = _document(contractor, starts_on, ends_on, at)
        if not document["pauses"]:
            raise UnableToReport(
                _("In these weeks none of your work was stopped, or its cost is still being worked out."),
                field="first_day",
            )
        statement = Statement.objects.create(
            contractor=contractor,
            code=document["code"],
            starts_on=starts_on,
            ends_on=ends_on,
            made_at=at,
            document=document,
            totals=totals_of(document["pauses"]),
            checksum=checksum_of(document),
        )
        _record("statement.made", statement, by=by, at=at)
        return statement


def revoke_statement(*, statement: Statement, by: User, at: datetime) -> Statement:
    """Take a statement back: its page says so from now on. Doing it again changes nothing."""
    with transaction.atomic():
        changed = Statement.objects.filter(pk=statement.pk, revoked_at__isnull=True).update(revoked_at=at)
        statement.refresh_from_db()
        if changed:
            _record("statement.revoked", statement, by=by, at=at)
        return statement


def normal_code(typed: str) -> str:
    """A code as it is kept, whatever case, spaces and look-alike letters it was typed with."""
    plain = typed.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    kept = "".join(letter for letter in plain if letter in ALPHABET)
    return "-".join(kept[place : place + GROUP_LENGTH] for place in range(0, len(kept), GROUP_LENGTH))


def _refuse_unfit_period(contractor: Contractor, first_day: date, last_day: date, at: datetime) -> None:
    if last_day < first_day:
        raise UnableToReport(_("The last day comes before the first day."), field="last_day")
    if last_day - first_day > LONGEST:
        raise UnableToReport(_("A statement covers one year at most."), field="first_day")
    if last_day > local_day(at, contractor.time_zone):
        raise UnableToReport(_("The last day is still to come. Choose today or earlier."), field="last_day")


def _document(contractor: Contractor, starts_on: date, ends_on: date, at: datetime) -> dict[str, Any]:
    """Everything that is printed, as plain values: the same row always gives the same page."""
    figures = statement_figures(contractor, starts_on=starts_on, ends_on=ends_on)
    document = {
        "person": contractor.name,
        "reference": contractor.external_id,
        "locale": contractor.locale,
        "issued_at": at.replace(microsecond=0),  # a PDF is dated to the second
        "starts_on": starts_on,
        "ends_on": ends_on,
        "code": _new_code(),
        "pauses": [asdict(each) for each in figures],
    }
    encoder = DjangoJSONEncoder()
    return {name: _plain(value, encoder) for name, value in document.items()}


def _plain(value: Any, encoder: DjangoJSONEncoder) -> Any:
    if isinstance(value, list):
        return [_plain(each, encoder) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each, encoder) for name, each in value.items()}
    return encoder.default(value) if isinstance(value, date) else value


def _new_code() -> str:
    """A hundred random bits in four groups."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _place in range(GROUP_LENGTH)) for _group in range(GROUPS)
    )


def _record(verb: str, statement: Statement, *, by: User, at: datetime) -> None:
    record(
        verb=verb,
        subject_ref=f"statement:{statement.pk}",
        before={},
        after={
            "starts_on": statement.starts_on,
            "ends_on": statement.ends_on,
            "checksum": statement.checksum,
        },
        by=by,
        at=at,
    )
