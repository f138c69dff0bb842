"""Every test of estimates reckons for itself: what an earlier one left in a cache is forgotten."""

import sys
from functools import _lru_cache_wrapper

import pytest


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("projects.impact."):
            for one in vars(module).values():
                if isinstance(one, _lru_cache_wrapper):
                    one.cache_clear()
