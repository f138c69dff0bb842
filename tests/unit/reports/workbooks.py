"""A workbook as the person who opens it sees it: one line for each thing a sheet shows, how it looks and prints."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl

from projects.reports.table import Table
from projects.reports.writers.xlsx_file import to_xlsx


def opened(table: Table, **options: int) -> Any:
    """Return the workbook of a table, opened by another library than the one that wrote it."""
    out = io.BytesIO()
    to_xlsx(table, out, **options)
    return openpyxl.load_workbook(out)


def looks_of(sheet: Any) -> Iterator[str]:
    """Say of a sheet how it is laid out and printed, what its cells hold and how they look, and what is drawn."""
    setup, page = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    printed = f"{setup.orientation}, paper {setup.paperSize}, pages {setup.fitToWidth} x {setup.fitToHeight}"
    is_shown = bool(sheet.views.sheetView[0].tabSelected)
    yield f"== {sheet.title}: stays {sheet.freeze_panes}, filter {sheet.auto_filter.ref}, shown {is_shown}"
    yield f"print: {printed} ({'fit' if page and page.fitToPage else 'as it is'}), repeats {sheet.print_title_rows}"
    yield f"foot: {sheet.oddFooter.left.text} | {sheet.oddFooter.right.text}"
    widths = (
        f"{name} {size.min}-{size.max} {size.width:.0f}" for name, size in sheet.column_dimensions.items()
    )
    yield f"widths: {', '.join(widths)}"
    heights = (f"{row} {size.height:.0f}" for row, size in sheet.row_dimensions.items() if size.height)
    yield f"heights: {', '.join(heights)}"
    for row in sheet.iter_rows():
        yield from (
            f"{cell.coordinate}: {look_of(cell)}" for cell in row if cell.value is not None or cell.has_style
        )
    for drawing in sheet._charts:
        yield from drawn(drawing)


def look_of(cell: Any) -> str:
    """Return a cell's value, and what of its look is not plain."""
    font, aligned = cell.font, cell.alignment
    marks = {
        "bold": font.b,
        f"ink {font.color.rgb if font.color else ''}": bool(font.color and font.color.type == "rgb"),
        f"on {cell.fill.fgColor.rgb}": cell.fill.fill_type == "solid",
        "wrapped": aligned.wrap_text,
        f"{aligned.horizontal}": bool(aligned.horizontal and aligned.horizontal != "general"),
        f"{aligned.vertical}": bool(aligned.vertical and aligned.vertical != "bottom"),
        f"{cell.border.top.style} line above": bool(cell.border.top.style),
        f"as {cell.number_format}": cell.number_format != "General",
    }
    return "  ".join([repr(cell.value), *(mark for mark, holds in marks.items() if holds)])


def drawn(drawing: Any) -> Iterator[str]:
    """Say of a chart where it stands, what it is called and which cells it draws."""
    place, series, title = drawing.anchor, drawing.series[0], drawing.title.tx.rich.p[0]
    yield (
        f"chart from {place._from.col},{place._from.row} to {place.to.col},{place.to.row}: {title.r[0].t}, "
        f"in {title.r[0].rPr.sz}, bars that lie {drawing.type == 'bar'}, first on top "
        f"{drawing.x_axis.scaling.orientation == 'maxMin'}, legend {bool(drawing.legend)}, gap {drawing.gapWidth}"
    )
    names, values = series.cat.strRef, series.val.numRef
    yield f"bars: {names.f}, {values.f}, {series.spPr.solidFill.srgbClr}"
    shown = zip(names.strCache.pt, values.numCache.pt, strict=True)
    yield f"drawn: {', '.join(f'{name.v} {value.v}' for name, value in shown)}"
