"""Sessions are the rows that Django's own store reads and writes."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from contractorhub.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**words: str) -> str:
    """The key of a session that Django's own store has kept."""
    store = db.SessionStore()
    store.update(words)
    store.save()
    return str(store.session_key)


def test_what_djangos_own_store_kept_is_read() -> None:
    assert SessionStore(kept(word="hello"))["word"] == "hello"


def test_djangos_own_store_reads_what_ours_keeps() -> None:
    ours = SessionStore()
    ours["word"] = "hello"
    ours.save()

    assert db.SessionStore(ours.session_key)["word"] == "hello"


def test_an_expired_session_is_empty_and_its_key_is_not_taken_up() -> None:
    key = kept(word="hello")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    store = SessionStore(key)

    assert store.get("word") is None
    store["word"] = "new"
    store.save()
    assert store.session_key != key


def test_a_key_that_nobody_gave_out_is_not_taken_up() -> None:
    store = SessionStore("a" * 32)
    store["word"] = "new"
    store.save()

    assert store.session_key != "a" * 32
