"""XLSX for huge tables: plain typed rows streamed as sheet XML into a zip, many times faster."""

import re
import zipfile
from collections.abc import Sequence
from contextlib import closing
from typing import IO, BinaryIO, cast

from projects.reports.table import Cell, Column, Kind, Table, exponent_of
from projects.reports.writers.blocks import Block, read_blocks
from projects.reports.writers.figures import Figures, Tally
from projects.reports.writers.sheets import (
    CELL_CHARACTERS,
    SERIALS,
    SHEET_ROWS,
    about_lines,
    check_exact,
    sheet_text,
    width_of,
)
from projects.reports.writers.xlsx_package import HEAD, MAIN, STYLE_BY_DECIMALS, STYLES, package_parts
from projects.reports.writers.xlsx_totals import totals_sheet

# What a reader would take for an escaped character: source ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
TEXT_CELL = '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
EMPTY_CELL = "<c/>"
# The same bytes for the same rows: an entry's time is fixed, as XlsxWriter fixes it.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def xml_text(name: str, text: str) -> str:
    """Return a text as sheet XML: characters XML forbids are left out, the rest reads back the same."""
    text = sheet_text(name, text)
    if "_x" in text:
        text = LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def text_cell(words: str) -> str:
    """Return a text cell."""
    return TEXT_CELL % xml_text("words", words)


def xml_texts(column: Column, texts: Sequence[str]) -> Sequence[str]:
    """Return a column's texts escaped for sheet XML.

    Raise UnableToWriteTable for one too long for a cell.
    """
    joined = "".join(texts)
    is_short = max(map(len, texts)) <= CELL_CHARACTERS
    if is_short and joined.isprintable() and not any(mark in joined for mark in ("&", "<", ">", "_x")):
        return texts
    return [xml_text(column.key, text) for text in texts]


def cells_of(table: Table, column: Column, block: Block) -> tuple[str, Sequence[str]]:
    """Return the pattern that all cells of a column share in a block, and what to put into it."""
    position = table.positions[column.key]
    cells, texts = block.cells[position], block.texts[position]
    if column.kind in (Kind.TEXT, Kind.CODE):
        return TEXT_CELL, xml_texts(column, texts)
    if column.kind is Kind.MONEY:
        check_exact(column, cells)
        return money_cells(cells, texts, block.cells[table.positions[column.currency]])
    pattern = f'<c s="{STYLES[column.kind]}"><v>%s</v></c>'
    serial = SERIALS.get(column.kind)
    if None in cells:
        shown = [
            text if cell is None or not serial else serial(cell)
            for cell, text in zip(cells, texts, strict=True)
        ]
        return "%s", [pattern % text if text else EMPTY_CELL for text in shown]
    return pattern, [str(serial(cell)) for cell in cells] if serial else texts


def money_cells(
    cells: Sequence[Cell], texts: Sequence[str], currencies: Sequence[Cell]
) -> tuple[str, Sequence[str]]:
    """Return number cells with the decimals of each row's currency."""
    distinct = cast(set[str | None], set(currencies))
    patterns = {
        currency: f'<c s="{STYLE_BY_DECIMALS[exponent_of(currency)]}"><v>%s</v></c>'
        for currency in distinct
        if currency
    }
    if len(distinct) == 1 and patterns and None not in cells:
        return patterns.popitem()[1], texts
    return "%s", [
        patterns[cast(str, currency)] % text if text else EMPTY_CELL
        for currency, text in zip(currencies, texts, strict=True)
    ]


def row_xml(table: Table, block: Block) -> list[str]:
    """Return a block's rows as sheet XML."""
    parts = [cells_of(table, column, block) for column in table.columns]
    pattern = f"<row>{''.join(pattern for pattern, _ in parts)}</row>"
    return list(map(pattern.__mod__, zip(*(values for _, values in parts), strict=True)))


class PlainBook:
    """A workbook streamed into a zip: rows go to the open sheet, a full sheet makes way for another."""

    def __init__(self, package: zipfile.ZipFile, table: Table, sheet_rows: int) -> None:
        """Open the first sheet, so that a report without rows still shows its columns."""
        self.package = package
        self.sheet_rows = sheet_rows
        self.names: list[str] = []
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{width_of(column)}" customWidth="1"/>'
            for n, column in enumerate(table.columns, start=1)
        )
        labels = "".join(
            TEXT_CELL.replace("<c ", '<c s="1" ') % xml_text(column.key, column.label)
            for column in table.columns
        )
        self.top = (
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            "</sheetView></sheetViews>"
            f"<cols>{widths}</cols><sheetData><row>{labels}</row>"
        ).encode("utf-8", "replace")
        self.open_sheet("Rows")

    def open_sheet(self, name: str) -> None:
        """Start a sheet with its header."""
        self.names.append(name)
        self.left = self.sheet_rows
        self.sheet = self.open_entry(f"xl/worksheets/sheet{len(self.names)}.xml")
        self.sheet.write(self.top)

    def open_entry(self, path: str) -> IO[bytes]:
        """Open an entry of the package for writing; more than 4 GB of XML fit."""
        entry = zipfile.ZipInfo(path, LONG_AGO)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self.package.open(entry, "w", force_zip64=True)

    def add(self, rows: list[str]) -> None:
        """Append rows, over a sheet's end into the next sheet."""
        while rows:
            if not self.left:
                self.close_sheet()
                self.open_sheet(f"Rows {len(self.names) + 1}")
            fitting, rows = rows[: self.left], rows[self.left :]
            self.sheet.write("".join(fitting).encode("utf-8", "replace"))
            self.left -= len(fitting)

    def close_sheet(self) -> None:
        """End the open sheet."""
        self.sheet.write(b"</sheetData></worksheet>")
        self.sheet.close()

    def close(self) -> None:
        """Let go of a sheet that a refused row left open, so that the refusal is what the caller sees."""
        self.sheet.close()

    def finish(self, table: Table, figures: Figures) -> None:
        """End the last sheet, add the sheets "Totals" and "About" and the parts that make a package of them."""
        self.close_sheet()
        about = about_lines(table, figures)
        if table.summed:
            totals = totals_sheet(table, figures, list(self.names), text_cell)
            self.names.append("Totals")
            self.write_entry(f"xl/worksheets/sheet{len(self.names)}.xml", totals)
        self.names.append("About")
        pair = f"<row>{TEXT_CELL}{TEXT_CELL}</row>"
        rows = "".join(pair % (xml_text(name, name), xml_text(name, value)) for name, value in about)
        width = '<col min="{0}" max="{0}" width="{1}" customWidth="1"/>'
        widths = width.format(1, 34) + width.format(2, 99)
        sheet = (
            f'{HEAD}<worksheet xmlns="{MAIN}"><cols>{widths}</cols><sheetData>{rows}</sheetData></worksheet>'
        )
        parts = {f"xl/worksheets/sheet{len(self.names)}.xml": sheet, **package_parts(self.names)}
        for path, text in parts.items():
            self.write_entry(path, text)

    def write_entry(self, path: str, text: str) -> None:
        """Write a whole entry of the package."""
        with self.open_entry(path) as entry:
            entry.write(text.encode("utf-8", "replace"))


def to_xlsx_plain(table: Table, out: BinaryIO, *, sheet_rows: int = SHEET_ROWS) -> Figures:
    """Write every row as typed cells under a frozen header, over as many sheets as needed, then "Totals" and "About".

    Amounts are numbers with exactly the cents of the table, totals are formulas that carry their figures; colours,
    filters and charts are left to `to_xlsx`.
    `sheet_rows` is how many rows a sheet takes; memory does not grow with the rows. Raises UnableToWriteTable.
    """
    tally = Tally(table)
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        closing(PlainBook(package, table, sheet_rows)) as book,
    ):
        for block in read_blocks(table):
            tally.add(block)
            book.add(row_xml(table, block))
        figures = tally.finish()
        book.finish(table, figures)
    return figures
