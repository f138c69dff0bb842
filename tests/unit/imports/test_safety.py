"""Files that are too large, not text, or made to harm are refused with one clear sentence before memory grows."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from projects.imports.errors import UnableToReadFile, UnableToTellFormat
from projects.imports.hours import open_hours
from projects.imports.limits import MAX_BYTES
from projects.imports.rows import ColumnMapping, HoursRow, ReadOptions, SourceFormat
from tests.unit.imports.reading import read_bytes, read_text, xlsx_of

HEAD = "User,Email,Client,Project,Start date,Start time,End date,End time,Duration\n"
LINE = "Ana,a@b.co,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n\n\n", "no header"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        ((HEAD + LINE).encode("utf-16-le"), "UTF-16 without"),
        ((HEAD + LINE).encode("utf-32"), "UTF-32"),
        ((HEAD + LINE).encode() + b"\0", "zero bytes"),
        ((HEAD + LINE).encode() + bytes(range(1, 8)) * 20, "binary"),
        ((HEAD + LINE).encode() + b"\x81\xe9\n", "not valid"),
        (HEAD.encode() + b"a" * 1_100_000, "MB"),
        (HEAD.encode() + b'Ana,"' + b"x" * 400_000 + b"\n" + b"y\n" * 10, "quotation mark"),
        (HEAD.encode() + b'"\n",' * 400_000, "quotation mark"),
        ((",".join(f"c{at}" for at in range(2_500)) + "\n").encode(), "columns"),
        (HEAD.encode() + b"x," * 2_500 + b"\n", "columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(UnableToReadFile, match=why) as refused:
        read_bytes(data, format=SourceFormat.TOGGL)
    assert "\n" not in str(refused.value)


def test_a_file_over_100_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnableToReadFile, match="100 MB"):
        open_hours(path)


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


def _sheet_with(**changed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx_of([["Email", "Date"], ["a", "b"]]))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _packed({**parts, **{name.replace("__", "/"): data for name, data in changed.items()}})


def test_a_spreadsheet_that_unpacks_to_a_thousand_times_its_size_is_refused_before_memory_grows() -> None:
    bomb = _sheet_with(**{"xl__worksheets__sheet1.xml": b" " * 60_000_000})
    tracemalloc.start()
    with pytest.raises(UnableToReadFile) as refused:
        read_bytes(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(refused.value) == (
        "The spreadsheet unpacks to far more than its size: it is not read. Export the hours as CSV instead."
    )
    assert peak < 20_000_000


def test_a_part_larger_than_it_declares_is_refused() -> None:
    packed = bytearray(_sheet_with(**{"xl__worksheets__sheet1.xml": b" " * 60_000_000}))
    real, lie = (60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert packed.count(real) >= 1
    with pytest.raises(UnableToReadFile):
        read_bytes(bytes(packed.replace(real, lie)))


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>', "entities"),
        (b"<worksheet", "damaged"),
        (b"\xff\xfe<\0", "UTF-8"),
        (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData></worksheet>',
            "blank rows",
        ),
    ],
)
def test_a_sheet_made_to_harm_is_refused(sheet: bytes, why: str) -> None:
    with pytest.raises(UnableToReadFile, match=why):
        read_bytes(_sheet_with(**{"xl__worksheets__sheet1.xml": sheet}))


def test_a_zip_archive_is_not_taken_for_a_spreadsheet() -> None:
    with pytest.raises(UnableToReadFile, match="unpack it"):
        read_bytes(_packed({"hours.csv": b"a,b\n"}))


def test_a_missing_sheet_is_named_with_those_there_are() -> None:
    with pytest.raises(UnableToReadFile, match="Export"):
        read_bytes(xlsx_of([["a", "b"]]), sheet="March")


def test_an_unknown_zone_encoding_or_delimiter_is_named() -> None:
    with pytest.raises(UnableToReadFile, match="time zone"):
        read_text(HEAD + LINE, time_zone="Mars/Olympus")
    with pytest.raises(UnableToReadFile, match="encoding"):
        read_text(HEAD + LINE, encoding="klingon")
    with pytest.raises(UnableToReadFile, match="delimiter"):
        read_text(HEAD + LINE, delimiter="::")


def test_a_file_of_prose_is_no_table() -> None:
    with pytest.raises((UnableToReadFile, UnableToTellFormat)):
        read_text("Dear all,\nplease find, as agreed, nothing attached.\n")


def test_a_file_that_somebody_else_opened_stays_open_and_is_read_again_from_the_top() -> None:
    file = io.BytesIO((HEAD + LINE).encode())
    hours = open_hours(file)
    assert len(list(hours)) == len(list(hours)) == 1
    assert not file.closed


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write(HEAD)
        for at in range(20_000):
            who, day, clock = f"P{at % 500},p{at % 500}@b.co", 1 + at // 1000, f"{at % 24:02d}:{at % 60:02d}"
            file.write(f"{who},O,C{at % 7},2026-03-{day:02d},{clock},,,0:30\n")
    tracemalloc.start()
    rows = sum(isinstance(item, HoursRow) for item in open_hours(path, options=ReadOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows >= 20_000
    assert peak < 12_000_000


def test_a_row_that_names_nobody_is_refused_unless_somebody_said_whose_it_is() -> None:
    text = "Date,Project,Hours\n2026-03-02,Chordus,8\n"
    mapping = ColumnMapping({"Date": "worked_on", "Project": "project_name", "Hours": "hours"})
    assert [error.code for error in read_text(text, mapping=mapping).errors] == ["no_person"]
    assert read_text(text, mapping=mapping, as_email="ana@b.co").rows[0].person_email == "ana@b.co"
