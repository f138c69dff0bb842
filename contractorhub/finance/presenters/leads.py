"""Where each number of a report leads: from a sum to the people in it, from a person to the lines of the estimate."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from contractorhub.finance.presenters.addresses import person_address, report_address
from contractorhub.finance.presenters.figures import Leads, TotalLeads
from projects.models import ReportRun
from projects.reports.table import Column, Row, Table

IMPACT = "income-impact"
_FILTER_OF = {
    "client": "client",
    "project": "project",
    "country": "country",
    "pause": "pause",
    "currency": "currency",
    "contractor_no": "contractor",
}
_NUMBERS = frozenset(
    {"people", "provisional", "expected", "earned", "recovered", "standby", "lost", "lost_so_far"}
)


def leads_of(
    name: str, table: Table, asked: Mapping[str, Sequence[str]], as_of: date, run: ReportRun | None
) -> Leads:
    """For each cell of a row: the address that explains it; empty where there is none."""

    def cell_of(row: Row, key: str) -> str:
        value = row[table.positions[key]] if key in table.positions else None
        return "" if value is None else str(value)

    def leads(column: Column, row: Row) -> str:
        person = cell_of(row, "contractor_no")
        is_number = (
            name == IMPACT and column.key in _NUMBERS and _asks_why(column.key, cell_of(row, column.key))
        )
        if person and (column.key == "contractor" or is_number):
            pauses = asked.get("pause", ())
            pause = cell_of(row, "pause") or (pauses[0] if len(pauses) == 1 else "")
            return person_address(person, as_of, pause=pause, run=run if name == IMPACT else None)
        if is_number:
            return report_address(IMPACT, _narrowed(asked, cell_of, row), as_of)
        if column.key == "pause" and name != IMPACT and cell_of(row, "pause"):
            return report_address(
                IMPACT, {"by": ["project", "contractor"], "pause": [cell_of(row, "pause")]}, as_of
            )
        return ""

    return leads


def _asks_why(key: str, number: str) -> bool:
    """Whether somebody would ask where a number comes from: a loss of nothing, yes; nothing earned, no."""
    return key == "lost" or number not in {"", "0"}


def total_leads_of(name: str, asked: Mapping[str, Sequence[str]], as_of: date) -> TotalLeads:
    """For the total of a currency: everybody in it."""

    def leads(currency: str) -> str:
        if name != IMPACT or not currency or "contractor" in asked.get("by", ()):
            return ""
        wanted = {key: list(words) for key, words in asked.items() if key not in {"by", "in"}}
        if "first_week" in wanted or "last_week" in wanted:
            return report_address(
                name, wanted | {"by": ["contractor", "week"], "currency": [currency]}, as_of
            )
        return report_address(name, wanted | {"by": ["contractor"], "currency": [currency]}, as_of)

    return leads


def _narrowed(
    asked: Mapping[str, Sequence[str]], cell_of: Callable[[Row, str], str], row: Row
) -> dict[str, list[str]]:
    wanted = {key: list(words) for key, words in asked.items() if key != "by"}
    for key, name in _FILTER_OF.items():
        if value := cell_of(row, key):
            wanted[name] = [value]
    by = ["contractor"]
    if week := cell_of(row, "week"):
        wanted |= {"first_week": [week], "last_week": [week]}
    if "first_week" in wanted or "last_week" in wanted:
        by.append("week")
    return {"by": by, **wanted}
