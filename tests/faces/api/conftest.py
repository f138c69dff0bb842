"""The world of the API's tests."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy

import pytest

from tests.faces.api.world import World, make_world


@pytest.fixture(scope="module")
def kept_world(kept_rows: Callable[[], AbstractContextManager[None]]) -> World:
    """A paused project, another that runs, and people around both."""
    with kept_rows():
        return make_world()


@pytest.fixture
def world(kept_world: World, db: None) -> World:
    """The world, for one test to do with as it likes."""
    return deepcopy(kept_world)


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The world as other connections see it too, made for one test."""
    return make_world()
