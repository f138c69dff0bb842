"""The world of the API's tests."""

import pytest

from tests.faces.api.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A paused project, another that runs, and people around both."""
    return make_world()
