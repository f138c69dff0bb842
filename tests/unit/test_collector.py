"""The collector rests while rows are made, and goes on afterwards, whatever happens meanwhile."""

import gc

import pytest

from notifications.collector import collector_at_rest


def test_the_collector_rests_inside_and_goes_on_afterwards() -> None:
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(LookupError), collector_at_rest():
        raise LookupError
    assert gc.isenabled()


def test_who_has_it_at_rest_already_keeps_it_so() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
