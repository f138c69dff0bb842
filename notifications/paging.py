"""Pages of long lists that count so far and no further, for every list of the desk."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_COUNTED: Final = 5_000
"""Rows up to which a list is counted and paged through: beyond a hundred pages people search and filter."""


class OrMore(int):
    """A number that is shown as `5000+`: there are more, and nobody counted how many."""

    def __str__(self) -> str:
        return f"{int(self)}+"


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # Django's own knows no type parameter while running
    """Pages of a list of which only the first rows are counted, so that a list costs the same at any length."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, or that there are more than are counted."""
        rows: Any = self.object_list
        found = int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())
        return found if found <= MOST_COUNTED else OrMore(MOST_COUNTED)
