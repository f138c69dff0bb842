"""Typesetting itself: a template and data in, a PDF out; run as a program it does so in a process of its own.

The program reads one JSON line of arguments, then the data, and answers with the PDF, or with what was refused as JSON
and exit code 1. It knows nothing of the product, so that it is small and quick to start.
"""

import datetime as dt
import json
import sys
from typing import Final

import typst

REFUSED: Final = 1


class Refused(Exception):
    """The template cannot be compiled with these data."""

    def __init__(self, message: str, details: str) -> None:
        """Carry what the compiler said, in short and at length."""
        super().__init__(message)
        self.details = details


def typeset_here(template: str, data: str, at: dt.datetime) -> bytes:
    """Return the PDF/UA-1 of a template file and its data, dated `at`. Raises Refused."""
    with open(template, "rb") as file:
        source = file.read()
    try:
        return typst.compile(
            source, sys_inputs={"data": data}, format="pdf", pdf_standards="ua-1", timestamp=at
        )
    except typst.TypstError as error:
        raise Refused(error.message, f"{error} {error.diagnostic}") from error


def main() -> int:
    """Answer one request."""
    template, at = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read().decode()
    try:
        sys.stdout.buffer.write(typeset_here(template, data, dt.datetime.fromisoformat(at)))
    except Refused as refused:
        sys.stderr.write(json.dumps([str(refused), refused.details]))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
