"""Reads delimited text: finds encoding and delimiter, refuses junk before reading, then streams records."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from projects.imports.errors import UnableToReadFile
from projects.imports.limits import MAX_COLUMNS, MAX_RECORD_CHARACTERS, MAX_RECORD_LINES

DELIMITERS = ",;\t|"
BLOCK = 256 * 1024
ORDINARY = bytes(byte for byte in range(256) if byte >= 32 or byte in (9, 10, 11, 12, 13, 26))
# The five bytes Windows-1252 leaves undefined.
NOT_CP1252 = bytes(byte for byte in range(256) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unparsed(list[str]):
    """A record whose quoting is broken; its one cell says how."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Delimited text that has been checked once from end to end."""

    source: Path | BinaryIO
    encoding: str
    delimiter: str
    container: str = "csv"
    sheet: str = ""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line the record starts on, cells); a record with broken quotes comes as `Unparsed`."""
        if isinstance(self.source, Path):
            with self.source.open("rb") as file:
                yield from self._records(file)
        else:
            self.source.seek(0)
            yield from self._records(self.source)

    def _records(self, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
        text = io.TextIOWrapper(io.BufferedReader(_Unclosed(file), BLOCK), encoding=self.encoding, newline="")
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                for cells in reader:
                    lines.pending = 0
                    last = reader.line_num
                    if last - line > MAX_RECORD_LINES:
                        yield (
                            line,
                            Unparsed([f"it goes on over {last - line + 1} lines: is a quote left open?"]),
                        )
                    else:
                        yield line, cells
                    line = last + 1
                return
            except csv.Error as error:
                lines.pending = 0
                if "field limit" in str(error):
                    raise UnableToReadFile(
                        f"Line {line} holds a cell of over {csv.field_size_limit():,} characters: "
                        "a quotation mark was probably left open."
                    ) from error
                yield line, Unparsed([str(error)])
            except UnicodeError as error:
                raise UnableToReadFile(f"Near line {line} the text is not {self.encoding}.") from error


class _Lines:
    """Hands physical lines to the CSV reader and stops a record that never ends."""

    def __init__(self, text: Iterable[str]) -> None:
        self.text = text
        self.pending = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.pending += len(line)
            if self.pending > MAX_RECORD_CHARACTERS:
                raise UnableToReadFile(
                    f"A single row has over {MAX_RECORD_CHARACTERS:,} characters: "
                    "this is not an export of hours, or a quotation mark was left open."
                )
            yield line


class _Unclosed(io.RawIOBase):
    """Lets a text wrapper read a file it does not own: closing the wrapper leaves the file open."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.file.read(min(len(buffer), BLOCK))
        buffer[: len(data)] = data
        return len(data)


def open_csv(source: Path | BinaryIO, file: BinaryIO, encoding: str, delimiter: str) -> CsvTable:
    """Check the text from end to end and find its encoding and delimiter; raise UnableToReadFile."""
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise UnableToReadFile(f"There is no text encoding called {encoding!r}.") from error
    found = _checked_encoding(file, encoding)
    if not delimiter:
        file.seek(0)
        delimiter = _delimiter(file.read(BLOCK), found)
    elif len(delimiter) != 1 or delimiter in '"\r\n':
        raise UnableToReadFile("The delimiter has to be one character, such as ; or ,.")
    return CsvTable(source, found, delimiter)


def _checked_encoding(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    start = file.read(4)
    if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise UnableToReadFile("The text is UTF-32: save it as UTF-8 and try again.")
    bom = next((name for mark, name in BOMS if start.startswith(mark)), "")
    wanted = bom or encoding or "utf-8"
    decoder = codecs.getincrementaldecoder(wanted)()
    is_valid, is_cp1252, carried, junk, size = True, True, 0, 0, 0
    wide = wanted.lower().replace("_", "-").startswith("utf-16")
    file.seek(0)
    while block := file.read(BLOCK):
        size += len(block)
        if is_valid:
            try:
                text = decoder.decode(block)
            except UnicodeError:
                is_valid = False
            else:
                if wide:
                    block = text.encode("utf-8", "surrogatepass")
        if not is_valid and wide:
            break
        if b"\0" in block:
            raise UnableToReadFile(_about_nul(block))
        junk += len(block.translate(None, ORDINARY))
        is_cp1252 = is_cp1252 and not block.translate(None, NOT_CP1252)
        carried = _unbroken(block, carried)
    if is_valid:
        try:
            decoder.decode(b"", True)
        except UnicodeError:
            is_valid = False
    if junk > 8 and junk * 1000 > size:
        raise UnableToReadFile("The file holds binary data, not text: export it as CSV or XLSX.")
    if is_valid:
        return wanted
    if bom or encoding or not is_cp1252:
        name = wanted if (bom or encoding) else "UTF-8, UTF-16 or Windows-1252"
        raise UnableToReadFile(f"The text is not valid {name}: save the file as UTF-8 and try again.")
    return "cp1252"


def _about_nul(block: bytes) -> str:
    even, odd = block[0::2].count(0), block[1::2].count(0)
    if max(even, odd) * 5 > len(block) and min(even, odd) * 20 < max(even, odd):
        return "The text seems to be UTF-16 without its byte-order mark: save it as UTF-8 and try again."
    return "The file holds binary data (zero bytes), not text: export it as CSV or XLSX."


def _unbroken(block: bytes, carried: int) -> int:
    """Return the length of the line still open at the end of a block; raise when one grows too long."""
    first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=-1)
    longest = carried + (first if first >= 0 else len(block))
    if longest > 4 * MAX_RECORD_CHARACTERS or (first < 0 and longest > MAX_RECORD_CHARACTERS):
        raise UnableToReadFile(
            f"A single line has over {MAX_RECORD_CHARACTERS // 1_000_000} MB: this is not an export of hours."
        )
    if first < 0:
        return longest
    return len(block) - max(block.rfind(b"\n"), block.rfind(b"\r")) - 1


def _delimiter(sample: bytes, encoding: str) -> str:
    """Choose the delimiter that cuts the first lines into most columns; the sniffer decides a tie."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    lines = [line for line in text.splitlines()[:30] if line.strip()][:20]
    widths = {mark: _width(lines, mark) for mark in DELIMITERS}
    if (most := max(widths.values())) > MAX_COLUMNS:
        raise UnableToReadFile(f"The table has {most:,} columns; at most {MAX_COLUMNS:,} are read.")
    best = [mark for mark, width in widths.items() if width == most]
    if len(best) == 1:
        return best[0]
    try:
        sniffed = csv.Sniffer().sniff("\n".join(lines)[:4_000], delimiters=DELIMITERS).delimiter
    except csv.Error:
        return ","
    return sniffed if sniffed in best else best[0]


def _width(lines: list[str], mark: str) -> int:
    try:
        return len(next((cells for cells in csv.reader(lines, delimiter=mark) if len(cells) > 1), []))
    except csv.Error:
        return 0
