"""The desk through Django's test client: Lea's world, and a client signed in as her."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy

import pytest
from django.test import Client

from projects.models import User
from tests.faces.backoffice.world import Desk, make_desk

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def kept_desk(kept_rows: Callable[[], AbstractContextManager[None]]) -> Desk:
    """Lea's desk with six people on CHORDUS."""
    with kept_rows():
        return make_desk()


@pytest.fixture
def desk(kept_desk: Desk, db: None) -> Desk:
    """Lea's desk, for one test to do with as it likes."""
    return deepcopy(kept_desk)


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
