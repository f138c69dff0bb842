"""Refuses files that do not belong into the history: too large, or holding a private key."""

import re
import sys
from pathlib import Path

LARGEST_BYTES = 1_000_000
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def complaints(paths: list[Path]) -> list[str]:
    """Return one line for each file that must not go in."""
    found = []
    for path in paths:
        if not path.is_file():
            continue
        if path.stat().st_size > LARGEST_BYTES:
            found.append(f"{path}: larger than {LARGEST_BYTES} bytes")
        elif _KEY.search(path.read_bytes()):
            found.append(f"{path}: holds a private key")
    return found


if __name__ == "__main__":
    lines = complaints([Path(name) for name in sys.argv[1:]])
    sys.stderr.writelines(line + "\n" for line in lines)
    sys.exit(1 if lines else 0)
