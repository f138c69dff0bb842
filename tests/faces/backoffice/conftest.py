"""The desk through Django's test client: Lea's world, and a client signed in as her."""

from collections.abc import Callable

import pytest
from django.test import Client

from projects.models import User
from tests.faces.backoffice.world import Desk, make_desk

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk(db: None) -> Desk:
    """Lea's desk with six people on CHORDUS."""
    return make_desk()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client that is signed in as somebody."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def lea(desk: Desk, signed_in: Callable[[User], Client]) -> Client:
    """A client that is signed in as Lea."""
    return signed_in(desk.lead)
