"""XLSX for people: typed cells, a header that stays, totals as formulas, subtotals, charts, "About"."""

import datetime as dt
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from projects.reports.table import Chart, Column, Figures, Kind, Table, TotalLine, exponent_of, major
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.figures import Checksum, figures_of, merged
from projects.reports.writers.sheet_rows import Styles, rows_xml
from projects.reports.writers.sheets import (
    FORMATS,
    SERIALS,
    SHEET_ROWS,
    about_lines,
    check_exact,
    decimals_format,
    sheet_text,
    width_of,
)
from projects.reports.writers.xlsx_package import with_rows

INK, PAPER = "#1F2A44", "#EEF1F6"
WORDS_WIDTH, WORDS_LINE, LINE_POINTS = 90, 80, 15
"""The column of words on “About”: its width, how many characters are sure to fit on a line, a line's height."""
MOST_DECIMALS = 4
"""No currency has more: source ISO 4217."""


class Book:
    """A workbook while it is written: its sheets of rows, and the formats it has made so far."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, table: Table, figures: Figures, sheet_rows: int
    ) -> None:
        """Open every sheet of rows with its header."""
        self.workbook = workbook
        self.sheet_rows = sheet_rows
        self.table = table
        self.figures = figures
        self.formats: dict[tuple[object, ...], Format] = {}
        self.sheets: list[Worksheet] = []
        full, rest = divmod(figures.rows, sheet_rows)
        self.lengths = [sheet_rows] * full + [rest] * (rest > 0 or not full)
        for _ in self.lengths:
            self.open_sheet()

    def format(self, **properties: object) -> Format:
        """Return one shared format for these properties: a workbook holds at most 64,000."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def number_format(self, column: Column, currency: str, **properties: object) -> Format:
        """Return a column's number format: amounts with their currency's decimals, negatives in red."""
        if column.kind is Kind.MONEY:
            return self.money_format(exponent_of(currency), **properties)
        return self.format(num_format=FORMATS[column.kind], **properties)

    def money_format(self, decimals: int, **properties: object) -> Format:
        """Return the number format of amounts with so many decimals."""
        digits = decimals_format(decimals)
        return self.format(num_format=f"{digits};[Red]-{digits}", **properties)

    def styles(self) -> Styles:
        """Return the numbers by which rows name their formats; asking for one makes it part of the workbook."""
        kinds = {column.kind for column in self.table.columns if column.kind in FORMATS}
        return Styles(
            {kind: number_of(self.format(num_format=FORMATS[kind])) for kind in sorted(kinds)},
            {decimals: number_of(self.money_format(decimals)) for decimals in range(MOST_DECIMALS + 1)},
        )

    def open_sheet(self) -> None:
        """Add a sheet of rows: widths, header, what stays in view and how it prints."""
        sheet = self.workbook.add_worksheet(f"Rows {len(self.sheets) + 1}" if self.sheets else "Rows")
        header = self.format(bold=True, font_color="white", bg_color=INK, text_wrap=True, valign="vcenter")
        numeric = self.format(
            bold=True, font_color="white", bg_color=INK, text_wrap=True, valign="vcenter", align="right"
        )
        sheet.set_row(0, 30)
        for position, column in enumerate(self.table.columns):
            sheet.set_column(position, position, width_of(column))
            sheet.write_string(0, position, clean(column.label), numeric if column.is_numeric else header)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L{self.table.name}&RPage &P of &N")
        self.sheets.append(sheet)

    def formula(self, column: Column, currency: str) -> str:
        """Return the formula of a sum over all sheets of rows, amounts only of the line's currency."""
        letter = xl_col_to_name(self.table.positions[column.key])
        parts = []
        for sheet, length in zip(self.sheets, self.lengths, strict=True):
            last = max(length, 1) + 1
            cells = f"'{sheet.get_name()}'!${letter}$2:${letter}${last}"
            if column.kind is Kind.MONEY:
                own = xl_col_to_name(self.table.positions[column.currency])
                parts.append(f"SUMIF('{sheet.get_name()}'!${own}$2:${own}${last},\"{currency}\",{cells})")
            else:
                parts.append(f"SUM({cells})")
        total = "+".join(parts)
        return f"=ROUND({total},{exponent_of(currency)})" if column.kind is Kind.MONEY else f"={total}"

    def number_of(self, column: Column, value: int | Decimal, currency: str) -> object:
        """Return a sum as the number a cell holds."""
        if column.kind is Kind.MONEY:
            check_exact(column, (value,))
            return major(int(value), currency)
        serial = SERIALS.get(column.kind)
        return serial(value) if serial else value

    def write_sums(
        self, sheet: Worksheet, row: int, line: TotalLine, positions: Sequence[int], as_formula: bool
    ) -> None:
        """Write a line's sums at these positions, as formulas that carry the figure or as figures alone."""
        for column, position in zip(self.table.summed, positions, strict=True):
            if column.key not in line.values:
                continue
            shown = self.number_format(column, line.currency, bold=True, top=1, bg_color=PAPER)
            number = self.number_of(column, line.values[column.key], line.currency)
            if as_formula:
                sheet.write_formula(row, position, self.formula(column, line.currency), shown, number)
            else:
                sheet.write_number(row, position, number, shown)

    def finish(self) -> None:
        """Write totals, filters, subtotals, charts and the sheet "About"."""
        for sheet, length in zip(self.sheets, self.lengths, strict=True):
            sheet.autofilter(0, 0, max(length, 1), len(self.table.columns) - 1)
        self.write_totals_below()
        self.write_about()
        if self.figures.groups:
            self.write_subtotals()
        if self.table.charts:
            self.write_charts()
        self.sheets[0].activate()

    def write_totals_below(self) -> None:
        """Write the totals one empty row under the rows, out of the filter; none where no row is left."""
        lines = merged(self.figures.totals)
        if self.lengths[-1] + 1 + len(lines) > self.sheet_rows:
            return
        positions = [self.table.positions[column.key] for column in self.table.summed]
        free = [place for place in range(len(self.table.columns)) if place not in positions]
        label = self.format(bold=True, top=1, bg_color=PAPER)
        for row, line in enumerate(lines, start=self.lengths[-1] + 2):
            for place in range(len(self.table.columns)):
                self.sheets[-1].write_blank(row, place, None, label)
            if free:
                self.sheets[-1].write_string(row, free[0], total_label(line), label)
            self.write_sums(self.sheets[-1], row, line, positions, True)

    def write_about(self) -> None:
        """Write what the report is, its parameters and method, and the totals once more as formulas."""
        sheet = self.workbook.add_worksheet("About")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, WORDS_WIDTH)
        if self.table.summed:
            sheet.set_column(2, 1 + len(self.table.summed), 18)
        name_format, value_format = (
            self.format(bold=True, valign="top"),
            self.format(text_wrap=True, valign="top"),
        )
        lines = about_lines(self.table, self.figures)
        for row, (name, value) in enumerate(lines):
            sheet.write_string(row, 0, clean(name), name_format)
            sheet.write_string(row, 1, clean(value), value_format)
            sheet.set_row(row, LINE_POINTS * lines_in(value))
        totals = merged(self.figures.totals)
        if totals:
            labelled = [((total_label(line), f"{line.rows} rows"), line) for line in totals]
            self.write_lines(sheet, len(lines) + 1, ("Totals", ""), labelled, as_formula=True)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def write_lines(
        self,
        sheet: Worksheet,
        row: int,
        names: Sequence[str],
        lines: Sequence[tuple[Sequence[str], TotalLine]],
        *,
        as_formula: bool,
    ) -> None:
        """Write total lines under a header: their labels under `names`, their sums to the right."""
        header = self.format(bold=True, font_color="white", bg_color=INK)
        left = len(names)
        for place, name in enumerate(names):
            sheet.write_string(row, place, clean(name), header)
        for place, column in enumerate(self.table.summed, start=left):
            sheet.write_string(row, place, clean(column.label), header)
        places = range(left, left + len(self.table.summed))
        for at, (labels, line) in enumerate(lines, start=row + 1):
            for place, text in enumerate(labels):
                sheet.write_string(at, place, clean(text))
            self.write_sums(sheet, at, line, places, as_formula)

    def write_subtotals(self) -> None:
        """Write each group's sums, one line a currency, its path to the left."""
        sheet = self.workbook.add_worksheet("Subtotals")
        depth = len(self.table.groups)
        sheet.set_column(0, depth + len(self.table.summed), 20)
        lines = [
            ((*group.path, *("all",) * (depth - len(group.path)), total_label(line)), line)
            for group in self.figures.groups
            for line in merged(group.totals)
        ]
        labels = [self.table.columns[self.table.positions[key]].label for key in self.table.groups]
        self.write_lines(sheet, 0, (*labels, "Sum of"), lines, as_formula=False)
        sheet.freeze_panes(1, 0)

    def write_charts(self) -> None:
        """Write each chart over the table of numbers it draws."""
        sheet = self.workbook.add_worksheet("Charts")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 18)
        row = 0
        for chart in self.table.charts:
            row = self.write_chart(sheet, row, chart)

    def write_chart(self, sheet: Worksheet, row: int, chart: Chart) -> int:
        """Write one chart, its numbers and its note from `row` on; return the first row under it."""
        column = Column("value", chart.title, chart.kind, currency="currency" if chart.currency else "")
        sheet.write_string(row, 0, clean(f"{chart.title} {chart.currency}".strip()), self.format(bold=True))
        names = [clean(bar.label) for bar in chart.bars]
        values = [self.number_of(column, bar.value, chart.currency) for bar in chart.bars]
        shown = self.number_format(column, chart.currency)
        for at, (name, value) in enumerate(zip(names, values, strict=True), start=row + 1):
            sheet.write_string(at, 0, name)
            sheet.write_number(at, 1, value, shown)
        last = row + len(chart.bars)
        if chart.note:
            sheet.write_string(last + 1, 0, clean(chart.note))
        drawing = self.workbook.add_chart({"type": "bar"})
        # The library remembers no cell in this mode, so the chart is told what it draws: not every program looks it up.
        drawing.add_series(
            {
                "categories": ["Charts", row + 1, 0, last, 0],
                "values": ["Charts", row + 1, 1, last, 1],
                "categories_data": names,
                "values_data": values,
                "fill": {"color": INK},
                "gap": 60,
            }
        )
        drawing.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawing.set_legend({"none": True})
        drawing.set_y_axis({"reverse": True})
        drawing.set_size({"width": 720, "height": 120 + 22 * len(chart.bars)})
        sheet.insert_chart(row, 3, drawing, {"description": f"Bar chart: {chart.title}"})
        return max(last, row + 6 + 22 * len(chart.bars) // 20) + 3


def cell_text(name: str, text: str) -> str:
    """Return a text for a cell; one that the library would take for its own markup ends in a space."""
    text = sheet_text(name, text)
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def lines_in(text: str) -> int:
    """How many lines of the words' column a text takes; not every program finds that out itself."""
    return sum(-(-max(len(part), 1) // WORDS_LINE) for part in text.split("\n"))


def clean(text: str) -> str:
    """Return words that may stand in any cell."""
    return cell_text("words", text)


def total_label(line: TotalLine) -> str:
    """Return the words before a line of sums."""
    return f"Total {line.currency}" if line.currency else "Total, all rows"


def number_of(cell_format: Format) -> int:
    """Return the number by which cells name a format, which makes it part of the workbook."""
    number: int = cell_format._get_xf_index()
    return number


def to_xlsx(table: Table, out: BinaryIO, *, sheet_rows: int = SHEET_ROWS) -> Figures:
    """Write a workbook: sheets of rows with totals as formulas, "About", any subtotals and charts.

    Every formula carries its figure, so that a reader that does not calculate shows the same cents. What rows add up
    to is known before they are written: of a kept run from the run, else they are read twice. Memory does not grow
    with them. `sheet_rows` is how many rows a sheet takes. Raises UnableToWriteTable.
    """
    figures = table.kept.figures if table.kept is not None else figures_of(table)
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / "skeleton.xlsx"
        # In any other mode the library remembers every row down to the totals.
        with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder}) as workbook:
            made = table.facts.generated_at.astimezone(dt.UTC).replace(tzinfo=None)
            workbook.set_properties({"title": clean(table.title), "author": "ContractorHub", "created": made})
            book = Book(workbook, table, figures, sheet_rows)
            styles = book.styles()
            book.finish()
        rows = RowsToCome(table, figures, styles)
        with path.open("rb") as skeleton, closing(rows.source):
            with_rows(skeleton, out, book.lengths, rows.pieces)
    return rows.checksum.finish()


class RowsToCome:
    """The rows of a table as sheet XML, taken a sheet at a time, counted and held against their checksum."""

    def __init__(self, table: Table, figures: Figures, styles: Styles) -> None:
        """Start before the first row; whoever is done closes `source`.

        It knows this object and this object knows it: left alone, a cursor in it would wait for the garbage collector,
        for sheets take the rows they have and never ask whether there is another.
        """
        self.checksum = Checksum(table, figures)
        self.source = self._rendered(table, styles)
        self.left: list[str] = []

    def pieces(self, count: int) -> Iterator[str]:
        """Yield the next `count` rows in pieces."""
        while count:
            rows = self.left or next(self.source, [])
            if not rows:
                break
            piece, self.left = rows[:count], rows[count:]
            count -= len(piece)
            yield "".join(piece)

    def _rendered(self, table: Table, styles: Styles) -> Generator[list[str]]:
        for block in read_blocks(table):
            self.checksum.add(block)
            yield rows_xml(table, block, styles)
