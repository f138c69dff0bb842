"""One table, every format: the same cents in each, and totals that are the sums of the rows shown."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from pypdf import PdfReader

from projects.reports.table import major
from projects.reports.writers.cells import grouped
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.figures import figures_of
from projects.reports.writers.json_file import to_json
from projects.reports.writers.pdf_file import to_pdf
from projects.reports.writers.xlsx_file import to_xlsx
from tests.unit.reports.tables import ROWS, SUMS, impact_table

# Every (currency, lost) pair of the table, exactly.
LOST = [(str(row[5]), major(int(row[7]), str(row[5]))) for row in ROWS if isinstance(row[7], int)]
TOTALS = {currency: major(int(SUMS[currency, "lost"]), currency) for currency in ("JPY", "KWD", "USD")}


def from_csv(data: bytes) -> list[tuple[str, Decimal]]:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    return [(row["Currency"], Decimal(row["Lost"])) for row in rows if row["Lost"]]


def from_json(data: bytes) -> list[tuple[str, Decimal]]:
    return [
        (row["currency"], Decimal(row["lost"])) for row in json.loads(data)["rows"] if row["lost"] is not None
    ]


def from_xlsx(data: bytes) -> list[tuple[str, Decimal]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Rows"]
    rows = sheet.iter_rows(min_row=2, max_row=1 + len(ROWS), values_only=True)
    return [(str(row[5]), Decimal(str(row[7]))) for row in rows if row[7] is not None]


@pytest.mark.parametrize(
    ("writer", "read"),
    [(to_csv, from_csv), (to_json, from_json), (to_xlsx, from_xlsx)],
)
def test_every_format_holds_the_same_cents_and_adds_up(
    writer: Callable[..., object], read: Callable[[bytes], list[tuple[str, Decimal]]]
) -> None:
    out = io.BytesIO()
    figures = writer(impact_table(), out)
    amounts = read(out.getvalue())
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        sums[currency] += amount
    assert amounts == LOST
    assert sums == TOTALS
    assert figures == figures_of(impact_table())


def test_the_pdf_prints_the_same_cents_and_the_same_totals() -> None:
    out = io.BytesIO()
    assert to_pdf(impact_table(), out) == figures_of(impact_table())
    text = "\n".join(page.extract_text() for page in PdfReader(out).pages)
    for _, amount in LOST:
        assert grouped(str(amount)) in text
    for currency, total in TOTALS.items():
        lines = [line for line in text.splitlines() if line.startswith(f"Total {currency}")]
        assert len(lines) == 2, "on the cover and under the rows"
        assert all(grouped(str(total)) in line for line in lines)


def test_json_states_the_totals_it_holds() -> None:
    out = io.BytesIO()
    to_json(impact_table(), out)
    stated = {line["currency"]: line["sums"] for line in json.loads(out.getvalue())["totals"]}
    assert {currency: Decimal(stated[currency]["lost"]) for currency in TOTALS} == TOTALS
    assert stated[None] == {"hours": 31861, "days": "13.75", "people": 5}


def test_xlsx_totals_are_formulas_that_carry_the_figures() -> None:
    out = io.BytesIO()
    to_xlsx(impact_table(), out)
    formulas, values = (openpyxl.load_workbook(out, data_only=flag)["Rows"] for flag in (False, True))
    last = 1 + len(ROWS)
    for row, (currency, total) in enumerate(TOTALS.items(), start=last + 2):
        decimals = -int(total.as_tuple().exponent)
        cells = f"SUMIF('Rows'!$F$2:$F${last},\"{currency}\",'Rows'!$H$2:$H${last})"
        assert formulas.cell(row, 1).value == f"Total {currency}"
        assert formulas.cell(row, 8).value == f"=ROUND({cells},{decimals})"
        assert Decimal(str(values.cell(row, 8).value)) == total
