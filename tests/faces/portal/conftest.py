"""The portal through Django's test client: Ana's world, and a client signed in as her."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy

import pytest
from django.test import Client

from tests.faces.portal.world import World, make_estimate, make_world

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def kept_world(kept_rows: Callable[[], AbstractContextManager[None]]) -> World:
    """Ana, paused, with an estimate."""
    with kept_rows():
        world = make_world()
        make_estimate(world)
    return world


@pytest.fixture
def world(kept_world: World, db: None) -> World:
    """The world, for one test to do with as it likes."""
    return deepcopy(kept_world)


@pytest.fixture
def ana(world: World, client: Client) -> Client:
    """A client that is signed in as Ana."""
    client.force_login(world.user, backend=BACKEND)
    return client
