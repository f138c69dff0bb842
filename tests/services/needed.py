"""What to do where a machine lacks a part: skip and say so, or fail where everything is required."""

import os
from typing import NoReturn

import pytest


def everything_is_required() -> bool:
    """Whether this run may not leave anything out, as in CI."""
    return os.environ.get("REQUIRE_ALL") == "1" or os.environ.get("CI") == "true"


def is_missing(part: str) -> NoReturn:
    """Skip the test, or fail it where everything is required."""
    if everything_is_required():
        pytest.fail(f"{part} is missing, and everything is required here")
    pytest.skip(f"{part} is missing on this machine")
