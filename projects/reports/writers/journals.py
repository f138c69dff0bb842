"""A journal as the files that accounting programs import: QuickBooks Online, Xero, NetSuite.

Sources: "Import journal entries" (Intuit's help of QuickBooks Online); "Enter multiple manual journals using an import
template" (help.xero.com); "Journal Entry and Intercompany Journal Entry Line-Level Fields Table" (NetSuite's help).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import BinaryIO, Final, cast

from projects.reports.table import Cell, Figures, Row, Table, UnableToWriteTable, exponent_of
from projects.reports.writers.blocks import csv_bytes, read_blocks
from projects.reports.writers.cells import money_text
from projects.reports.writers.csv_file import guarded
from projects.reports.writers.figures import Tally

XERO_LINES: Final = 300
NETSUITE_DIGITS: Final = 10
Cells = dict[str, Cell]


def to_quickbooks(table: Table, out: BinaryIO) -> Figures:
    """Write what QuickBooks Online's “Import journal entries” maps: a debit and a credit column, US dates.

    Raises UnableToWriteTable for a table that is no journal.
    """
    header = (
        "Journal No", "Journal Date", "Account Name", "Debits", "Credits", "Description", "Name", "Currency",
        "Location", "Class",
    )  # fmt: skip

    def line(row: Cells) -> Sequence[str]:
        day = cast(dt.date, row["day"])
        return (
            str(row["entry"]), f"{day:%m/%d/%Y}", str(row["account"]), _amount(row, "debit"), _amount(row, "credit"),
            str(row["description"]), "", str(row["currency"]), "", str(row["project"]),
        )  # fmt: skip

    return _written(table, out, header, line)


def to_xero(table: Table, out: BinaryIO) -> Figures:
    """Write Xero's template of manual journals: debits above zero, credits below, in the organisation's own currency.

    Raises UnableToWriteTable for more than one currency or more than 300 lines, which Xero refuses.
    """
    header = (
        "*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1", "TrackingOption1",
        "TrackingName2", "TrackingOption2",
    )  # fmt: skip
    seen: set[str] = set()

    def line(row: Cells) -> Sequence[str]:
        seen.add(str(row["currency"]))
        if len(seen) > 1:
            raise UnableToWriteTable(
                f"Xero takes manual journals in one currency; choose one of {', '.join(sorted(seen))} with “currency”."
            )
        credit = _amount(row, "credit")
        day = cast(dt.date, row["day"])
        return (
            str(row["entry"]), f"{day:%d/%m/%Y}", str(row["description"]), str(row["account"]), str(row["tax_rate"]),
            f"-{credit}" if credit else _amount(row, "debit"), "Client", str(row["client"]), "Project",
            str(row["project"]),
        )  # fmt: skip

    figures = _written(table, out, header, line)
    if figures.rows > XERO_LINES:
        raise UnableToWriteTable(
            f"Xero takes {XERO_LINES} lines in one file, this journal has {figures.rows}; narrow it by client "
            "or project."
        )
    return figures


def to_netsuite(table: Table, out: BinaryIO) -> Figures:
    """Write the columns of NetSuite's journal entry import; the entry is the external id, so that none comes in twice.

    Raises UnableToWriteTable for amounts NetSuite has no room for: more than 10 digits before the point, 2 after it.
    """
    header = ("External ID", "Date", "Currency", "Memo (Main)", "Account", "Debit", "Credit", "Memo", "Class")

    def line(row: Cells) -> Sequence[str]:
        debit, credit = _amount(row, "debit"), _amount(row, "credit")
        whole, _, places = (debit or credit).partition(".")
        if len(whole) > NETSUITE_DIGITS or len(places) > 2:
            raise UnableToWriteTable(f"NetSuite has no room for {debit or credit} {row['currency']}.")
        day = cast(dt.date, row["day"])
        return (
            str(row["entry"]), f"{day:%m/%d/%Y}", str(row["currency"]), f"Pauses, period to {day}", str(row["account"]),
            debit, credit, str(row["description"]), str(row["project"]),
        )  # fmt: skip

    return _written(table, out, header, line)


def _written(
    table: Table, out: BinaryIO, header: Sequence[str], line: Callable[[Cells], Sequence[str]]
) -> Figures:
    keys = [column.key for column in table.columns]
    if not {"entry", "day", "account", "debit", "credit"} <= set(keys):
        raise UnableToWriteTable(
            f"{table.title} is no journal: only a journal goes to an accounting program."
        )
    tally = Tally(table)
    out.write(csv_bytes([(name,) for name in header]))
    for block in read_blocks(table):
        tally.add(block)
        rows: Sequence[Row] = list(zip(*block.cells, strict=True))
        lines = [_guarded(line(dict(zip(keys, row, strict=True)))) for row in rows]
        out.write(csv_bytes(list(zip(*lines, strict=True))))
    return tally.finish()


def _guarded(cells: Sequence[str]) -> list[str]:
    """Texts guarded against being read as formulas; amounts below zero are numbers and stay as they are."""
    return [cell if _is_number(cell) else guarded(cell) for cell in cells]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _amount(row: Cells, key: str) -> str:
    minor = row[key]
    return "" if minor is None else money_text(cast(int, minor), exponent_of(str(row["currency"])))
