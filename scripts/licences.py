"""Lists the licence of every runtime package of the lock, and fails for one that nobody has said yes to.

Usage: python scripts/licences.py   (make licences). It reads what the installed packages say about themselves.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.txt"
ALLOWED: Final = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0", "PSF-2.0", "Zlib",
    }
)  # fmt: skip
"""Permissive licences, which ask no more of us than to keep their notices (THIRD_PARTY.md)."""
SAID_YES: Final = {
    "certifi": ("MPL-2.0", "a list of certificates, used unmodified: MPL asks only for changed files"),
    "currencyconverter": ("Apache-2.0", "says so in its repository; its metadata name none"),
    "fido2": ("BSD-2-Clause", "its own code; parts under Apache-2.0, and the MPL list of public suffixes unmodified"),
    "psycopg": ("LGPL-3.0-only", "imported unmodified, as LGPL allows any program to"),
    "psycopg-binary": ("LGPL-3.0-only", "imported unmodified, as LGPL allows any program to"),
    "python-crontab": ("LGPL-3.0-only", "imported unmodified, as LGPL allows any program to"),
    "python-dateutil": ("Apache-2.0 OR BSD-3-Clause", "its metadata say “Dual License”"),
    "qrcode": ("BSD-3-Clause", "the other entry in its metadata is about its tests"),
    "supervisor": ("BSD-3-Clause", "the Repoze licence: BSD with a notice of changes"),
}  # fmt: skip
"""Packages whose licence is another, or whose metadata do not say it plainly: what it is, and why that is fine."""
_PLAIN: Final = {
    "apache": "Apache-2.0", "apache software license": "Apache-2.0", "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause", "new bsd": "BSD-3-Clause", "bsd license": "BSD-3-Clause", "mit license": "MIT",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the lock: what its licence is, and why that one is fine where it is not a permissive one."""

    name: str
    version: str
    licence: str
    why: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether every licence that holds together, or one of those to choose from, is among the allowed."""
        if self.why:
            return True
        choices = re.split(r" OR ", self.licence.replace("(", "").replace(")", ""))
        return any(set(choice.split(" AND ")) <= ALLOWED for choice in choices)


def packages(lock: Path = LOCK) -> Iterator[Package]:
    """Every package of the lock that this machine needs. Raises PackageNotFoundError where one is not installed."""
    for line in lock.read_text().splitlines():
        if not line[:1].isalnum():
            continue
        wanted = Requirement(line.partition("\\")[0].strip())
        if wanted.marker is None or wanted.marker.evaluate():
            yield _package(wanted.name)


def _package(name: str) -> Package:
    version = metadata.version(name)
    if name in SAID_YES:
        return Package(name, version, *SAID_YES[name])
    return Package(name, version, licence_of(metadata.metadata(name)))


def licence_of(told: metadata.PackageMetadata) -> str:
    """The licence as an SPDX expression, from the expression, the short text or the classifiers; "" where none is."""
    named = told.get("License-Expression") or ""
    text = (told.get("License") or "").strip()
    if not named and len(text) < 40:
        named = _PLAIN.get(text.lower(), text)
    if not named:
        classes = [
            line.rpartition(" :: ")[2]
            for line in told.get_all("Classifier") or ()
            if line.startswith("License")
        ]
        named = " OR ".join(_PLAIN.get(line.lower(), line) for line in classes)
    return re.sub(r"\bBSD 3-Clause\b", "BSD-3-Clause", named)


def main() -> int:
    """Print the list; 1 where a package has a licence that nobody has said yes to."""
    found = list(packages())
    for one in found:
        print(f"{one.name:<34} {one.version:<14} {one.licence}{f'  ({one.why})' if one.why else ''}")
    refused = [one for one in found if not one.is_allowed]
    for one in refused:
        told = one.licence or "no licence at all"
        print(
            f"REFUSED: {one.name} {one.version} says {told}. Say yes in scripts/licences.py, or take another."
        )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
