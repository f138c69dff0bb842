"""The sheet "Totals" of a long workbook: sums as formulas over every sheet of rows, each with the figure it gives."""

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_col_to_name

from projects.reports.table import Column, Kind, Table, TotalLine, exponent_of
from projects.reports.writers.cells import money_text
from projects.reports.writers.figures import Figures, merged
from projects.reports.writers.sheets import SERIALS, check_exact
from projects.reports.writers.xlsx_package import HEAD, MAIN, STYLE_BY_DECIMALS, STYLES


def totals_sheet(table: Table, figures: Figures, names: Sequence[str], text: Callable[[str], str]) -> str:
    """Return the sheet's XML: a line a currency, a column for each sum; `text` makes a text cell.

    `names` are those of the sheets of rows. Raises UnableToWriteTable for a sum with more digits than a cell keeps.
    """
    header = "".join(text(words) for words in ("Sum", "Rows", *(column.label for column in table.summed)))
    lines = "".join(_line(table, line, names, text) for line in merged(figures.totals))
    width = f'<cols><col min="1" max="{2 + len(table.summed)}" width="18" customWidth="1"/></cols>'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{width}<sheetData><row>{header}</row>{lines}</sheetData></worksheet>'


def _line(table: Table, line: TotalLine, names: Sequence[str], text: Callable[[str], str]) -> str:
    label = f"Total {line.currency}" if line.currency else "Total, all rows"
    sums = "".join(
        _sum(table, column, line, names) if column.key in line.values else "<c/>" for column in table.summed
    )
    return f"<row>{text(label)}<c><v>{line.rows}</v></c>{sums}</row>"


def _sum(table: Table, column: Column, line: TotalLine, names: Sequence[str]) -> str:
    value = line.values[column.key]
    letter = xl_col_to_name(table.positions[column.key])
    if column.kind is not Kind.MONEY:
        formula = "+".join(f"SUM('{name}'!{letter}:{letter})" for name in names)
        serial = SERIALS.get(column.kind)
        return f'<c s="{STYLES[column.kind]}"><f>{formula}</f><v>{serial(value) if serial else value}</v></c>'
    check_exact(column, (value,))
    own = xl_col_to_name(table.positions[column.currency])
    exponent = exponent_of(line.currency)
    parts = "+".join(
        f"SUMIF('{name}'!{own}:{own},&quot;{line.currency}&quot;,'{name}'!{letter}:{letter})"
        for name in names
    )
    figure = money_text(int(value), exponent)
    return f'<c s="{STYLE_BY_DECIMALS[exponent]}"><f>ROUND({parts},{exponent})</f><v>{figure}</v></c>'
