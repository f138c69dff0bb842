"""Rows as sheet XML: a block at a time and column by column, because a workbook can hold a million of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from projects.reports.table import Block, Cell, Column, Kind, Table, exponent_of
from projects.reports.writers.sheets import CELL_CHARACTERS, SERIALS, check_exact, sheet_text

# What a reader would take for an escaped character: source ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
TEXT_CELL: Final = '<c t="inlineStr"><is><t>%s</t></is></c>'
EDGED_CELL: Final = '<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
EMPTY_CELL: Final = "<c/>"


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers of a workbook's cell formats: by kind, and for amounts by decimals."""

    by_kind: Mapping[Kind, int]
    by_decimals: Mapping[int, int]


def xml_text(name: str, text: str) -> str:
    """Return a text as sheet XML: characters XML forbids are left out, the rest reads back the same."""
    text = sheet_text(name, text)
    if "_x" in text:
        text = LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def text_cells(column: Column, texts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the pattern of a column of texts and what to put into it.

    Raises UnableToWriteTable for one too long for a cell.
    """
    joined = "".join(texts)
    is_short = max(map(len, texts)) <= CELL_CHARACTERS
    is_plain = is_short and joined.isprintable() and not any(mark in joined for mark in ("&", "<", ">", "_x"))
    cells = texts if is_plain else [xml_text(column.key, text) for text in texts]
    edges = {text[:1] for text in texts} | {text[-1:] for text in texts}
    if is_plain and " " not in edges:
        return TEXT_CELL, cells
    # A reader drops white space at a text's edges unless the cell says to keep it.
    return EDGED_CELL, cells


def number_cells(
    style: int, column: Column, cells: Sequence[Cell], texts: Sequence[str]
) -> tuple[str, Sequence[str]]:
    """Return the pattern of a column of numbers, days or instants and what to put into it."""
    pattern = f'<c s="{style}"><v>%s</v></c>'
    serial = SERIALS.get(column.kind)
    if "" not in texts:
        return pattern, list(map(str, map(serial, cells))) if serial else texts
    shown = [str(serial(cell)) if cell is not None else "" for cell in cells] if serial else texts
    return "%s", [pattern % text if text else EMPTY_CELL for text in shown]


def money_cells(
    by_decimals: Mapping[int, int], texts: Sequence[str], currencies: Sequence[str]
) -> tuple[str, Sequence[str]]:
    """Return the pattern of a column of amounts and what to put into it, each with its currency's decimals."""
    patterns = {
        currency: f'<c s="{by_decimals[exponent_of(currency)]}"><v>%s</v></c>'
        for currency in set(currencies)
        if currency
    }
    distinct = set(patterns.values())
    if len(distinct) == 1 and "" not in texts:
        return distinct.pop(), texts
    return "%s", [
        patterns[currency] % text if text else EMPTY_CELL
        for currency, text in zip(currencies, texts, strict=True)
    ]


def rows_xml(table: Table, block: Block, styles: Styles) -> list[str]:
    """Return a block's rows as sheet XML, unknown cells empty.

    Raises UnableToWriteTable for a text or an amount that a cell cannot hold.
    """
    parts = [_cells_of(table, column, block, styles) for column in table.columns]
    pattern = f"<row>{''.join(pattern for pattern, _ in parts)}</row>"
    return list(map(pattern.__mod__, zip(*(values for _, values in parts), strict=True)))


def _cells_of(table: Table, column: Column, block: Block, styles: Styles) -> tuple[str, Sequence[str]]:
    place = table.positions[column.key]
    texts = block.texts[place]
    if column.kind in (Kind.TEXT, Kind.CODE):
        return text_cells(column, texts)
    if column.kind is Kind.MONEY:
        check_exact(column, block.cells[place])
        return money_cells(styles.by_decimals, texts, block.texts[table.positions[column.currency]])
    cells = block.cells[place] if column.kind in SERIALS else ()
    return number_cells(styles.by_kind[column.kind], column, cells, texts)
