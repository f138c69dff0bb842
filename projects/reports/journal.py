"""The journal of a closed period: balanced entries for the accounts, one entry a currency."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from projects.domain.errors import UnableToReport
from projects.models import AccountingPeriod
from projects.queries.periods import BookedRow, booked_rows
from projects.reports.choices import CLIENTS, CURRENCIES, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.period_ledger import PERIOD, booked_lines, closed_words, name_of, period_of
from projects.reports.table import Cell, Column, Kind, Total

STANDBY_ACCOUNT: Final = Parameter(
    "standby_account",
    "Debit standby pay to",
    Shape.TEXT,
    "Name or code of the account.",
    default="Standby pay",
)
PAYABLE_ACCOUNT: Final = Parameter(
    "payable_account",
    "Credit it to",
    Shape.TEXT,
    "Name or code of the account.",
    default="Accrued contractor pay",
)
LOST_ACCOUNT: Final = Parameter(
    "lost_account", "Debit lost income to", Shape.TEXT, "A memo account; left empty, losses are not booked."
)
OFFSET_ACCOUNT: Final = Parameter(
    "offset_account", "Credit lost income to", Shape.TEXT, "Its counterpart; both or neither."
)
TAX_RATE: Final = Parameter(
    "tax_rate", "Tax rate", Shape.TEXT, "As Xero calls it; other formats leave it out.", default="Tax Exempt"
)
PARAMETERS: Final = (
    PERIOD, CLIENTS, PROJECTS, CURRENCIES, STANDBY_ACCOUNT, PAYABLE_ACCOUNT, LOST_ACCOUNT, OFFSET_ACCOUNT, TAX_RATE,
)  # fmt: skip
COLUMNS: Final = (
    Column("entry", "Entry", Kind.CODE, "One entry a currency: its debits are its credits."),
    Column("day", "Date", Kind.DATE, "The last day of the period."),
    Column("account", "Account"),
    Column("description", "Description"),
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE),
    Column("currency", "Currency", Kind.CODE),
    Column("debit", "Debit", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("credit", "Credit", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("tax_rate", "Tax rate"),
)
_METHOD: Final = (
    "Standby pay that a closed period booked is debited to one account and credited to another, two lines a project; "
    "adjustments of weeks closed before have lines of their own, and where they take back, the two sides "
    "change places. "
    "Lost income is nobody's debt: it is booked between two memo accounts only where both are named. Pay for "
    "hours that "
    "were worked goes through the usual payroll and is not booked here."
)


@dataclass(frozen=True, slots=True)
class _Booking:
    """An amount that is booked, with the accounts of its two sides."""

    words: str
    amount: str
    debit: str
    credit: str


def build(ask: Ask) -> Draft:
    """Book a closed period. Raises UnableToReport where it was not closed, or an account lacks its counterpart."""
    period = period_of(ask)
    bookings = _bookings(ask)
    found = booked_rows(booked_lines(ask, period), ("currency", "kind", "client", "project"))
    rows = tuple(
        line for row in found for each in bookings if period for line in _lines(period, row, each, ask)
    )
    return Draft(
        columns=COLUMNS,
        rows=rows,
        keys=("entry", "account", "client", "project", "description"),
        method=_METHOD,
        groups=("entry",),
        notes=(closed_words(period),),
        inputs=(name_of(period), *map(repr, bookings)),
    )


def _bookings(ask: Ask) -> tuple[_Booking, ...]:
    accounts = {name: str(ask.values.get(name, "")) for name in ("lost_account", "offset_account")}
    if bool(accounts["lost_account"]) != bool(accounts["offset_account"]):
        missing = next(name for name, account in accounts.items() if not account)
        raise UnableToReport("Lost income needs both of its accounts, or neither.", field=missing)
    standby = _Booking(
        "Standby pay", "standby_minor", ask.values["standby_account"], ask.values["payable_account"]
    )
    if not accounts["lost_account"]:
        return (standby,)
    return (
        standby,
        _Booking("Lost income", "lost_minor", accounts["lost_account"], accounts["offset_account"]),
    )


def _lines(
    period: AccountingPeriod, row: BookedRow, booking: _Booking, ask: Ask
) -> Iterator[tuple[Cell, ...]]:
    minor: int = getattr(row.amounts, booking.amount)
    if not minor:
        return
    currency, project = row.key["currency"], row.key["project"]
    weeks = "correction of weeks before" if row.key["is_adjustment"] else "weeks from"
    words = f"{booking.words}, {project}, {weeks} {period.first_week}"
    sides = (booking.debit, booking.credit) if minor > 0 else (booking.credit, booking.debit)
    for account, debit, credit in ((sides[0], abs(minor), None), (sides[1], None, abs(minor))):
        yield (
            f"PAUSES-{period.first_week:%Y%m%d}-{currency}",
            period.last_week + timedelta(days=6),
            account,
            words,
            row.key["client"],
            project,
            currency,
            debit,
            credit,
            ask.values["tax_rate"],
        )
