"""A workbook's package: what XlsxWriter made of everything but the rows, with the rows streamed into their sheets."""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, BinaryIO, Final

# The same bytes for the same rows: an entry's time is fixed, as XlsxWriter fixes it.
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
SHEET: Final = "xl/worksheets/sheet{}.xml"
DIMENSION: Final = re.compile(r'<dimension ref="([A-Z]+1)(?::([A-Z]+)(\d+))?"/>')
END_OF_ROW: Final = "</row>"
AHEAD: Final = 3
"""So many pieces may wait to be compressed; more would only fill memory."""


class Compressing:
    """Writes pieces into an entry in a thread of its own: compression leaves the interpreter free meanwhile."""

    def __init__(self, entry: IO[bytes]) -> None:
        """Start with nothing waiting."""
        self.entry = entry
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compress")
        self.waiting: list[Future[int]] = []

    def __enter__(self) -> "Compressing":
        """Begin."""
        return self

    def write(self, piece: bytes) -> None:
        """Hand a piece over; waits where too many are waiting, and raises what writing an earlier one raised."""
        if len(self.waiting) >= AHEAD:
            self.waiting.pop(0).result()
        self.waiting.append(self.pool.submit(self.entry.write, piece))

    def __exit__(self, *error: object) -> None:
        """Wait for what was handed over."""
        self.pool.shutdown(wait=True, cancel_futures=error[0] is not None)
        if error[0] is None:
            for future in self.waiting:
                future.result()


def with_rows(
    skeleton: BinaryIO, out: BinaryIO, lengths: Sequence[int], pieces: Callable[[int], Iterator[str]]
) -> None:
    """Write the workbook `skeleton` to `out`, with rows put in after the header of each of its first sheets.

    `lengths` are the numbers of rows of these sheets; `pieces(n)` gives the XML of the next n rows, in order.
    """
    with (
        zipfile.ZipFile(skeleton) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
    ):
        of_rows = {SHEET.format(number): length for number, length in enumerate(lengths, start=1)}
        for path in source.namelist():
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            text = source.read(path)
            if path not in of_rows:
                package.writestr(entry, text, compresslevel=1)
                continue
            head, tail = _parted(text.decode(), of_rows[path])
            # More than 4 GB of XML fit.
            with package.open(entry, "w", force_zip64=True) as sheet, Compressing(sheet) as compressing:
                compressing.write(head.encode())
                for piece in pieces(of_rows[path]):
                    compressing.write(piece.encode("utf-8", "replace"))
                compressing.write(tail.encode())


def _parted(sheet: str, length: int) -> tuple[str, str]:
    """A sheet's XML up to the end of its header row and after it, its dimension that of the rows to come."""
    at = sheet.index(END_OF_ROW) + len(END_OF_ROW)
    return DIMENSION.sub(lambda found: _dimension(found, length), sheet[:at]), sheet[at:]


def _dimension(found: re.Match[str], length: int) -> str:
    first, letter, row = found.groups()
    last = max(int(row or 1), length + 1)
    return f'<dimension ref="{first}:{letter or first[:-1]}{last}"/>'
