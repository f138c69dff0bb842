"""Delimited text is cut into records with the line each starts on, and junk is refused with what to do about it."""

import io
from pathlib import Path

import pytest

from projects.imports.csv_table import Unparsed
from projects.imports.errors import UnableToReadFile
from projects.imports.rows import ReadOptions
from projects.imports.tables import Table, open_table


def table(data: bytes | str, **options: str) -> Table:
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return open_table(file, ReadOptions(**options))  # type: ignore[arg-type]


def records(data: bytes | str, **options: str) -> list[tuple[int, list[str]]]:
    return list(table(data, **options).records())


def refusal(data: bytes | str, **options: str) -> str:
    with pytest.raises(UnableToReadFile) as refused:
        records(data, **options)
    return str(refused.value)


def test_a_record_stands_on_the_line_it_starts_on() -> None:
    assert records('a,b\n"two\nlines",c\n\nd,e') == [
        (1, ["a", "b"]),
        (2, ["two\nlines", "c"]),
        (4, []),
        (5, ["d", "e"]),
    ]


def test_a_table_is_read_again_from_its_top_by_path_and_by_file(tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text("a;b\n1;2\n")
    for source in (path, io.BytesIO(path.read_bytes())):
        opened = open_table(source, ReadOptions())
        assert list(opened.records()) == list(opened.records()) == [(1, ["a", "b"]), (2, ["1", "2"])]
        assert (opened.container, opened.sheet, opened.encoding, opened.delimiter) == (
            "csv",
            "",
            "utf-8",
            ";",
        )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnableToReadFile) as refused:
        open_table(tmp_path / "nowhere.csv", ReadOptions())
    assert str(refused.value) == "The file cannot be opened: No such file or directory."


def test_broken_quotes_cost_one_record_and_those_behind_it_keep_their_lines() -> None:
    found = records('a,b\n1,"x"y\n2,z\n')
    assert found[0] == (1, ["a", "b"])
    assert found[1] == (2, ["',' expected after '\"'"])
    assert isinstance(found[1][1], Unparsed)
    assert found[2] == (3, ["2", "z"])


def test_a_record_over_five_hundred_lines_is_a_quote_left_open() -> None:
    line, cells = records('a,b\n"' + "x\n" * 500 + '",c\nd,e\n')[1]
    assert (line, isinstance(cells, Unparsed), len(cells)) == (2, False, 2)
    found = records('a,b\n"' + "x\n" * 501 + '",c\nd,e\n')
    assert found[1] == (2, ["it goes on over 502 lines: is a quote left open?"])
    assert isinstance(found[1][1], Unparsed)
    assert found[2] == (504, ["d", "e"])


def test_a_cell_of_too_many_characters_is_refused_with_its_line() -> None:
    assert refusal(f"a,b\nc,{'x' * 131_073}\n") == (
        "Line 2 holds a cell of over 131,072 characters: a quotation mark was probably left open."
    )


def test_a_row_of_over_a_million_characters_is_refused() -> None:
    row = ",".join(["x" * 99] * 10_000)
    assert len(row) + 1 == 1_000_000
    assert len(records(f"a,b\n{row}\n", delimiter=",")[1][1]) == 10_000
    cell = "x" * 99_996 + "\n"
    assert len(records('a,b\n"' + '","'.join([cell] * 10) + '"\n')[1][1]) == 10
    assert refusal('a,b\n"' + '","'.join([cell] * 11) + '"\n') == (
        "A single row has over 1,000,000 characters: this is not an export of hours, or a quotation mark was left open."
    )


def test_a_line_of_over_a_million_bytes_is_refused_before_it_is_cut() -> None:
    told = "A single line has over 1 MB: this is not an export of hours."
    assert refusal("a,b\n" + "x" * 1_500_000) == told
    assert refusal("a,b\n" + "x" * 5_000_000 + "\n") == told


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")]
)
def test_a_byte_order_mark_tells_the_encoding(mark: bytes, encoding: str) -> None:
    codec = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark]
    data = mark + "näme,b\nÄ,ß\n".encode(codec)
    assert table(data).encoding == encoding
    assert table(data, encoding="cp1252").encoding == encoding
    assert records(data)[0] == (1, ["näme", "b"])


def test_text_that_is_not_utf_8_is_read_as_windows_1252() -> None:
    found = table("näme,b\nÄ,€\n".encode("cp1252"))
    assert found.encoding == "cp1252"
    assert list(found.records()) == [(1, ["näme", "b"]), (2, ["Ä", "€"])]


def test_a_named_encoding_is_used() -> None:
    data = "näme;b\nд;ß\n"
    assert records("д;b\n".encode("cp1251"), encoding="cp1251") == [(1, ["д", "b"])]
    assert records(data.encode("utf-16-le"), encoding="UTF_16_LE")[0] == (1, ["näme", "b"])


def test_an_encoding_or_a_delimiter_nobody_knows_is_named() -> None:
    assert refusal("a,b\n", encoding="klingon") == "There is no text encoding called 'klingon'."
    told = "The delimiter has to be one character, such as ; or ,."
    assert [refusal("a,b\n", delimiter=mark) for mark in ("::", '"', "\n", "\r")] == [told] * 4


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."),
        (
            b"\xd0\xcf\x11\xe0xx",
            "This is an old Excel file (.xls): save it as .xlsx or as CSV and try again.",
        ),
        (b"%PDF-1.7", "This is a PDF: export the hours as CSV or XLSX instead."),
        (b"\x1f\x8b\x08", "This is a compressed file (gzip): unpack it first."),
        (b"\x89PNG\r", "This is a picture: export the hours as CSV or XLSX instead."),
        (b"{\\rtf1}", "This is a text document (RTF): export the hours as CSV or XLSX instead."),
        (
            "a,b\n".encode("utf-32-le"),
            "The file holds binary data (zero bytes), not text: export it as CSV or XLSX.",
        ),
        ("a,b\n".encode("utf-32"), "The text is UTF-32: save it as UTF-8 and try again."),
        (
            b"\0\0\xfe\xff" + "a,b\n".encode("utf-32-be"),
            "The text is UTF-32: save it as UTF-8 and try again.",
        ),
        (
            "a,b\nc,d\n".encode("utf-16-le"),
            "The text seems to be UTF-16 without its byte-order mark: save it as UTF-8 and try again.",
        ),
        (
            "a,b\nc,d\n".encode("utf-16-be"),
            "The text seems to be UTF-16 without its byte-order mark: save it as UTF-8 and try again.",
        ),
        (b"a,b\nc,d\0\n", "The file holds binary data (zero bytes), not text: export it as CSV or XLSX."),
        (b"a,b\n" + b"\x01" * 9, "The file holds binary data, not text: export it as CSV or XLSX."),
        (
            b"a,b\n\x81,d\n",
            "The text is not valid UTF-8, UTF-16 or Windows-1252: save the file as UTF-8 and try again.",
        ),
        (
            b"\xef\xbb\xbfa,b\n\xff,d\n",
            "The text is not valid utf-8-sig: save the file as UTF-8 and try again.",
        ),
        (b"\xff\xfea\0,\0b", "The text is not valid utf-16: save the file as UTF-8 and try again."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_text_is_refused_with_what_to_do_about_it(data: bytes, why: str) -> None:
    assert refusal(data) == why


def test_text_cut_off_within_a_character_is_not_taken_for_utf_8() -> None:
    assert refusal("a,b\nä,d".encode()[:-3], encoding="utf-8") == (
        "The text is not valid utf-8: save the file as UTF-8 and try again."
    )


def test_a_few_stray_control_characters_in_a_long_file_are_borne() -> None:
    assert len(records(b"a,b\n" + b"\x01" * 8)) == 2
    assert len(records(b"a,b\n" + b"x,y\n" * 2_500 + b"\x01" * 9)) == 2_502
    assert "binary data" in refusal(b"a,b\n" + b"x,y\n" * 2_000 + b"\x01" * 9)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_that_makes_most_columns_is_taken(mark: str) -> None:
    text = mark.join(["name", "a day", "hours"]) + "\n" + mark.join(["Ana", "2", "1"]) + "\n"
    assert table(f"Report\n\n{text}").delimiter == mark


def test_where_two_delimiters_cut_alike_the_more_regular_one_is_taken() -> None:
    assert table("a,b;c\n1,0;2\n3;4\n5;6,5\n7;8\n").delimiter == ";"
    assert table("one column\nand nothing more\n").delimiter == ","


def test_a_table_has_two_thousand_columns_at_most() -> None:
    assert len(records(",".join(["x"] * 2_000) + "\n")[0][1]) == 2_000
    assert refusal(",".join(["x"] * 2_001) + "\n") == "The table has 2,001 columns; at most 2,000 are read."
