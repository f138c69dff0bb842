"""Every maker of rows gives a row that the database accepts, on both engines."""

import pytest

import tests.factories as factories
from tests.factories.base import RowFactory

MAKERS = [maker for name in factories.__all__ if isinstance(maker := getattr(factories, name), type)]


@pytest.mark.django_db
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_every_maker_gives_a_row_the_database_accepts(maker: type[RowFactory]) -> None:
    row, other = maker.make(), maker.make()
    assert row.pk
    assert other.pk != row.pk
