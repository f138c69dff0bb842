"""A typesetter that keeps what it is given and sets nothing: the words and figures of a document, without a PDF."""

import datetime as dt
import io
import json
from typing import Any

import pytest

from projects.reports.table import Table
from projects.reports.writers import pdf_file
from projects.reports.writers.pdf_file import to_pdf


class KeptWords:
    """Stands where long documents are typeset, and keeps what each was to show."""

    def __init__(self) -> None:
        self.templates: list[str] = []
        self.documents: list[dict[str, Any]] = []
        self.moments: list[dt.datetime] = []

    def __call__(self, template: str, data: str, at: dt.datetime) -> bytes:
        self.templates.append(template)
        self.documents.append(json.loads(data))
        self.moments.append(at)
        return b"%PDF-kept"


def words_of(table: Table, monkeypatch: pytest.MonkeyPatch, **options: int) -> dict[str, Any]:
    """Return everything the report of a table would show, whatever its length."""
    kept = KeptWords()
    monkeypatch.setattr(pdf_file, "FEW_CELLS", -1)
    to_pdf(table, io.BytesIO(), make_long=kept, **options)
    (document,) = kept.documents
    return document


def lines_of(document: dict[str, Any]) -> list[str]:
    """Return a document line by line: one for each row, cell band or fact, so that a difference is easily seen."""
    lines: list[str] = []
    for name, value in document.items():
        if isinstance(value, dict):
            lines += lines_of({f"{name}.{key}": item for key, item in value.items()})
        elif isinstance(value, list):
            lines += [f"{name}: {json.dumps(item, ensure_ascii=False)}" for item in value] or [
                f"{name}: none"
            ]
        else:
            lines.append(f"{name} = {value}")
    return lines
