"""Typesets a long document in a process of its own, whose memory goes back to the machine at once."""

import datetime as dt
import json
import subprocess
import sys
from typing import Final

from projects.reports.writers import typesetter
from projects.reports.writers.typesetter import REFUSED, Refused

SECONDS: Final = 180


def typeset_apart(template: str, data: str, at: dt.datetime) -> bytes:
    """What `typesetter.typeset_here` returns, byte by byte. Raises Refused."""
    head = json.dumps([template, at.isoformat()])
    try:
        done = subprocess.run(  # noqa: S603 - a file of the product
            [sys.executable, "-I", typesetter.__file__], input=f"{head}\n{data}".encode(),
            capture_output=True, check=False, timeout=SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Refused(f"it took longer than {SECONDS} seconds", "") from error
    if done.returncode == REFUSED and done.stderr.startswith(b"["):
        raise Refused(*json.loads(done.stderr))
    if done.returncode:
        raise Refused("the typesetter broke off", done.stderr.decode(errors="replace")[-500:])
    return done.stdout
