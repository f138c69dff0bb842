"""Keeps a column mapping as JSON, so that it can be saved once and used for every later file."""

import json
from typing import Any

from projects.imports.errors import UnableToUseMapping
from projects.imports.rows import ColumnMapping, DayMonthOrder, Meaning, PeriodRows


def to_json(mapping: ColumnMapping) -> str:
    """Write a mapping as a JSON object with sorted keys."""
    return json.dumps(
        {
            "name": mapping.name,
            "columns": dict(mapping.columns),
            "day_month_order": mapping.day_month_order.value if mapping.day_month_order else None,
            "period_rows": mapping.period_rows.value,
            "period_shift_days": mapping.period_shift_days,
            "date_inside_text": mapping.date_inside_text,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def from_json(text: str) -> ColumnMapping:
    """Read a mapping back; raise UnableToUseMapping that names what is wrong with it."""
    try:
        held: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnableToUseMapping("The mapping is not JSON.") from error
    if not isinstance(held, dict) or not isinstance(held.get("columns"), dict) or not held["columns"]:
        raise UnableToUseMapping('The mapping needs "columns": an object of column name to meaning.')
    for name, meaning in held["columns"].items():
        if meaning not in set(Meaning):
            known = ", ".join(one.value for one in Meaning)
            raise UnableToUseMapping(
                f"{meaning!r}, given to column {name!r}, is no meaning. Known are {known}."
            )
    shift = held.get("period_shift_days", 0)
    if not isinstance(shift, int) or isinstance(shift, bool) or not -6 <= shift <= 6:
        raise UnableToUseMapping("period_shift_days has to be a whole number from -6 to 6.")
    try:
        order = held.get("day_month_order")
        return ColumnMapping(
            columns=held["columns"],
            name=str(held.get("name") or ""),
            day_month_order=DayMonthOrder(order) if order else None,
            period_rows=PeriodRows(held.get("period_rows") or PeriodRows.REFUSE),
            period_shift_days=shift,
            date_inside_text=held.get("date_inside_text") is True,
        )
    except ValueError as error:
        raise UnableToUseMapping(f"The mapping cannot be used: {error}.") from error
