"""Finds the reference data that lies beside the checkout, and skips loudly where there is none."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def shared_path(relative: str) -> Path:
    """Return a path under the shared folder; skip the test, naming what is missing, where the folder does not exist."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared reference data beside this checkout: {relative} was not read")
    return SHARED / relative
