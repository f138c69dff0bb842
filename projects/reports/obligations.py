"""Obligations: standby pay and notice pay that pauses make somebody owe, by project or by person."""

from collections.abc import Iterable
from typing import Final

from projects.queries.obligations import Obligation, obligations
from projects.reports.drafts import Ask, Draft
from projects.reports.parted import estimates_asked, is_parted_by_person, keys, naming_columns
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

_METHOD: Final = (
    "Standby pay is what the terms of a pause say, day by day, as the latest estimates reckon it: due for weeks that "
    "had begun by the day, to come for later ones.\n\n"
    "Notice pay is owed where a client stopped work sooner than the days of notice that were agreed with it: a usual "
    "week of the person's estimate for each seventh of the days that are missing, no longer than the pause, less the "
    "share of work that goes on and the share that standby pay covers. Days given are whole days from the notice to "
    "the start of the pause. Rounded half up once a person."
)


def build(ask: Ask) -> Draft:
    """List what is owed for the pauses, clients, projects and currencies asked for."""
    is_by_person = is_parted_by_person(ask)
    rows = _added_up(obligations(estimates_asked(ask), as_of=ask.as_of), is_by_person=is_by_person)
    return Draft(
        columns=_columns(is_by_person=is_by_person),
        rows=tuple(rows),
        keys=keys(is_by_person=is_by_person),
        method=_METHOD,
        groups=("client",),
        charts=_charts(rows),
        inputs=tuple(map(repr, rows)),
    )


def _columns(*, is_by_person: bool) -> tuple[Column, ...]:
    return (
        *naming_columns(is_by_person=is_by_person),
        Column("people", "People", Kind.INTEGER, "People in this row who are owed something."),
        Column("agreed", "Notice agreed", Kind.DAYS, "Days of notice agreed with the client."),
        Column("given", "Given", Kind.DAYS, "Whole days from the notice to the start."),
        Column("missing", "Missing", Kind.DAYS, "Days that are owed as pay."),
        Column("notice_pay", "Notice pay", Kind.MONEY, total=Total.SUM, currency="currency"),
        Column("standby_due", "Standby due", Kind.MONEY, "Of weeks begun by the day.", Total.SUM, "currency"),
        Column(
            "standby_to_come",
            "Standby to come",
            Kind.MONEY,
            "Of later weeks, expected.",
            Total.SUM,
            "currency",
        ),
        Column("owed", "Owed in all", Kind.MONEY, "Notice and standby pay.", Total.SUM, "currency"),
    )


def _added_up(found: Iterable[Obligation], *, is_by_person: bool) -> list[tuple[Cell, ...]]:
    """One row a pause, project and currency, or a person in each; people counted once."""
    sums: dict[tuple[str, int, str, str, int, str], list[int]] = {}
    days: dict[tuple[str, int, str, str, int, str], tuple[int, int, int]] = {}
    people: dict[tuple[str, int, str, str, int, str], set[int]] = {}
    for one in found:
        person = (one.contractor, one.contractor_id) if is_by_person else ("", 0)
        key = (one.client, one.pause, one.project, *person, one.currency)
        own = sums.setdefault(key, [0, 0, 0])
        for place, minor in enumerate((one.notice_pay, one.standby_due, one.standby_to_come)):
            own[place] += minor
        days[key] = (one.notice_agreed, one.notice_given, one.notice_missing)
        people.setdefault(key, set()).add(one.contractor_id)
    return [
        (
            client, str(pause), project, *((name, str(pk)) if is_by_person else ()), currency,
            len(people[key]), *days[key], *sums[key], sum(sums[key]),
        )
        for key in sorted(sums)
        for client, pause, project, name, pk, currency in (key,)
    ]  # fmt: skip


def _charts(rows: list[tuple[Cell, ...]]) -> tuple[Chart, ...]:
    owed: dict[str, dict[str, int]] = {}
    for row in rows:
        currency, total = str(row[-9]), row[-1]
        own = owed.setdefault(currency, {})
        own[str(row[0])] = own.get(str(row[0]), 0) + (total if isinstance(total, int) else 0)
    return tuple(
        Chart(
            f"Owed in {code}, by client",
            tuple(Bar(*pair) for pair in list(own.items())[:20]),
            Kind.MONEY,
            code,
        )
        for code, own in sorted(owed.items())
    )[:4]
