"""A person's own data as CSV files in one ZIP: one file a kind of row, nothing that a spreadsheet would run."""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from projects.reports.writers.csv_file import BOM, guarded

_JSON = DjangoJSONEncoder(ensure_ascii=False)


def zip_of_csv(document: Mapping[str, Any]) -> bytes:
    """Each list of rows, and the person's own row, as a file of its name; empty lists give none."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, rows in document.items():
            listed = [rows] if isinstance(rows, dict) else rows
            if isinstance(listed, list) and listed:
                archive.writestr(f"{name}.csv", _csv(listed))
    return out.getvalue()


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return BOM + out.getvalue().encode()


def _cell(value: Any) -> str:
    """Numbers plain, texts guarded, days and instants in ISO 8601, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)
    return guarded(value if isinstance(value, str) else _JSON.encode(value).strip('"'))
