"""Every test of the readers reads for itself: what an earlier one has read is forgotten."""

import pytest

from projects.imports.entries import BILLABLE


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    BILLABLE.clear()
