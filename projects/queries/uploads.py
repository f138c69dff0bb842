"""What is known of files on their way in: how far the work is, and how their options are read."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.cache import cache

from projects.imports.errors import UnableToImport
from projects.imports.mapping import from_json
from projects.imports.rows import DayMonthOrder, ReadOptions, SourceFormat
from projects.models import HoursImport, Upload

OPTION_NAMES = frozenset(
    {
        "format",
        "dates",
        "year",
        "sheet",
        "as_email",
        "project",
        "mapping",
        "strict",
        "keep",
        "leavers_on",
    }
)


def progress_key(upload_id: int) -> str:
    """Where the number of rows read so far is kept while a file is in work."""
    return f"upload-rows:{upload_id}"


def rows_so_far(upload: Upload) -> int:
    """How many rows of a file in work were read."""
    return int(cache.get(progress_key(upload.pk), 0))


def reading_of(options: Mapping[str, Any]) -> ReadOptions:
    """The readers' options from what was answered. Raises UnableToImport with the field that is wrong."""
    unknown = options.keys() - OPTION_NAMES
    if unknown:
        raise UnableToImport(f"There is no option {', '.join(sorted(unknown))}.", field="options")
    text = json.dumps(dict(options), ensure_ascii=False)
    if not _is_utf8(text) or "\\u0000" in text:
        raise UnableToImport("An option holds characters that no text has.", field="options")
    mapping = options.get("mapping")
    return ReadOptions(
        format=_choice(SourceFormat, options, "format"),
        day_month_order=_choice(DayMonthOrder, options, "dates"),
        mapping=from_json(mapping if isinstance(mapping, str) else json.dumps(mapping)) if mapping else None,
        as_email=str(options.get("as_email") or ""),
        project_code=str(options.get("project") or ""),
        year=_year(options),
        sheet=str(options.get("sheet") or ""),
    )


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def leavers_on(options: Mapping[str, Any]) -> date | None:
    """From which day whoever a roster leaves out is gone; None while nobody has said so. Raises UnableToImport."""
    value = options.get("leavers_on")
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise UnableToImport(f"“{value}” is not a day, such as 2026-11-27.", field="leavers_on") from error


def earlier_import_of(file_hash: str) -> HoursImport | None:
    """The import that took in a file of the same bytes, unless it was undone."""
    return HoursImport.objects.filter(file_hash=file_hash, undone_at__isnull=True).order_by("pk").first()


def _choice(kind: Any, options: Mapping[str, Any], name: str) -> Any:
    value = options.get(name)
    if not value or value == "auto":
        return None
    try:
        return kind(value)
    except ValueError as error:
        known = ", ".join(one.value for one in kind)
        raise UnableToImport(f"“{value}” is not known; choose one of {known}.", field=name) from error


def _year(options: Mapping[str, Any]) -> int | None:
    value = options.get("year")
    if value in (None, ""):
        return None
    if not str(value).isdecimal() or not 1990 <= int(str(value)) <= 2100:
        raise UnableToImport("The year has four digits, such as 2026.", field="year")
    return int(str(value))
