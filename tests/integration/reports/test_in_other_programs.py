"""Files hold in the programs that open them: LibreOffice reckons totals anew, and the PDF is tagged throughout."""

import csv
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from projects.reports.catalogue import REPORTS
from projects.reports.files import FORMATS
from projects.reports.frozen import table_of_run
from projects.reports.runs import pull_report
from projects.reports.table import Kind, Table, major
from projects.reports.writers.cells import grouped
from projects.reports.writers.figures import figures_of, merged
from projects.reports.writers.sheets import SERIALS
from projects.reports.writers.xlsx_file import to_xlsx
from tests.integration.reports.world import AS_OF, AT, go_on, make_firm, member, tell
from tests.services.needed import is_missing
from tests.unit.reports.tables import impact_table

STRUCTURE = {"/Document", "/H1", "/H2", "/Table", "/THead", "/TBody", "/TR", "/TH", "/TD", "/P"}


def recomputed(book: bytes, folder: Path) -> Any:
    """The workbook as LibreOffice saves it again, every formula reckoned by its own arithmetic."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        is_missing("LibreOffice")
    (folder / "given").mkdir()
    (folder / "given" / "book.xlsx").write_bytes(book)
    subprocess.run(
        [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(folder / "given" / "book.xlsx"),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return load_workbook(folder / "book.xlsx", data_only=True)


def without_figures(book: bytes) -> bytes:
    """The same workbook with every formula's stored figure taken out, so that only reckoning can bring it back."""
    found, out = load_workbook(BytesIO(book)), BytesIO()
    found.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_totals_reckoned_by_libreoffice_are_the_figures(tmp_path: Path) -> None:
    table, out = impact_table(), BytesIO()
    to_xlsx(table, out, sheet_rows=3)
    book = recomputed(without_figures(out.getvalue()), tmp_path)
    cells = {
        round(float(cell.value), 9)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }
    lengths = {
        round(cell.value.total_seconds() / 86_400, 9)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if hasattr(cell.value, "total_seconds")
    }
    for line in merged(figures_of(table).totals):
        for column in table.summed:
            if column.key in line.values:
                value = line.values[column.key]
                minor = column.currency and {"JPY": 1, "KWD": 1000}.get(line.currency, 100)
                number = (
                    value / minor
                    if minor
                    else SERIALS[column.kind](value)
                    if column.kind in SERIALS
                    else value
                )
                assert round(float(number), 9) in cells | lengths, (line.currency, column.key, number)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("report", [each.name for each in REPORTS])
def test_every_report_has_the_same_cents_on_all_five_faces(
    report: str, tmp_path: Path, client: Client
) -> None:
    firm = make_firm()
    tell(firm)
    go_on(firm)
    run = pull_report(name=report, parameters={}, as_of=AS_OF, by=None, at=AT)
    table = table_of_run(run)
    files = {name: written(table, name) for name in ("csv", "json", "pdf", "xlsx")}
    document = PdfReader(BytesIO(files["pdf"]))
    assert_universally_accessible(document)
    sheet = recomputed(files["xlsx"], tmp_path)["Rows"]
    assert [cell.value for cell in sheet[1]] == [column.label for column in table.columns]
    client.force_login(member("finance"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/finance/runs/{run.public_id}/").content.decode()
    printed = "".join(leaf.extract_text() for leaf in document.pages)
    lines = list(csv.reader(StringIO(files["csv"].decode("utf-8-sig"), newline="")))[1:]
    objects = json.loads(files["json"])["rows"]
    for number, row in enumerate(table.open_rows()):
        for place, column in enumerate(table.columns):
            minor = row[place]
            if column.kind is not Kind.MONEY or minor is None:
                continue
            assert isinstance(minor, int)
            amount = major(minor, str(row[table.positions[column.currency]]))
            assert Decimal(lines[number][place]) == Decimal(objects[number][column.key]) == amount
            assert Decimal(repr(sheet.cell(number + 2, place + 1).value)) == amount
            assert grouped(f"{amount:f}") in page
            assert grouped(f"{amount:f}") in printed


def written(table: Table, name: str) -> bytes:
    """A file of a table."""
    out = BytesIO()
    FORMATS[name].write(table, out)
    return out.getvalue()


def assert_universally_accessible(reader: PdfReader) -> None:
    """The structure that PDF/UA-1 asks for and a machine can see: tags for everything, headers, order, "
    "language, title."""
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    nodes = list(walked(root["/StructTreeRoot"]))
    kinds = [str(node["/S"]) for node in nodes]
    assert set(kinds) >= STRUCTURE
    levels = [int(kind[2]) for kind in kinds if kind in {"/H1", "/H2", "/H3"}]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for node in nodes:
        if node["/S"] == "/TH":
            assert scope_of(node) in {"/Column", "/Row", "/Both"}
        if node["/S"] == "/Figure":
            assert node.get("/Alt")
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        assert "/StructParents" in page
        assert all(font["/Type"] == "/Font" and is_embedded(font) for font in fonts_of(page))


def walked(node: Any) -> Iterator[Any]:
    """Every structure element below a node."""
    node = node.get_object()
    for child in node if isinstance(node, list) else [node]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, list):
            yield from walked(child)
        elif isinstance(child, dict):
            if "/S" in child:
                yield child
            if "/K" in child:
                yield from walked(child["/K"])


def scope_of(node: Any) -> str:
    """What a header cell is the header of."""
    attributes = node.get("/A")
    attributes = attributes.get_object() if attributes is not None else []
    for each in attributes if isinstance(attributes, list) else [attributes]:
        if "/Scope" in each.get_object():
            return str(each.get_object()["/Scope"])
    return ""


def fonts_of(page: Any) -> list[Any]:
    """The fonts of a page."""
    fonts = page["/Resources"].get("/Font", {})
    return [font.get_object() for font in fonts.values()]


def is_embedded(font: Any) -> bool:
    """Whether the letters travel with the document, and can be read out as text."""
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    descriptor = inner["/FontDescriptor"].get_object()
    return "/ToUnicode" in font and any(
        name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")
    )
