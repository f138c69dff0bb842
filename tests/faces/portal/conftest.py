"""The portal through Django's test client: Ana's world, and a client signed in as her."""

import pytest
from django.test import Client

from tests.faces.portal.world import World, make_estimate, make_world

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(db: None) -> World:
    """Ana, paused, with an estimate."""
    world = make_world()
    make_estimate(world)
    return world


@pytest.fixture
def ana(world: World, client: Client) -> Client:
    """A client that is signed in as Ana."""
    client.force_login(world.user, backend=BACKEND)
    return client
