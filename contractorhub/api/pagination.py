"""Pages of lists: cursors over the primary key, of a size the asker may choose within bounds."""

import re
from typing import Any, Final

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from contractorhub.api.errors import unknown

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
_CURSOR: Final = re.compile(r"^[A-Za-z0-9+/=]{4,200}\Z")
_POSITION: Final = re.compile(r"^\d{1,18}\Z", re.ASCII)


class BoundedCursorPagination(CursorPagination):
    """Newest first by primary key: unique, indexed, and steady while rows are added.

    `page_size` is a whole number from 1 to 200, 50 where none is given; anything else is refused, never cut silently.
    """

    ordering = "-pk"
    page_size = DEFAULT_PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    page_size_query_description = (
        f"Rows on a page, 1 to {MAX_PAGE_SIZE}; {DEFAULT_PAGE_SIZE} where none is given."
    )
    cursor_query_description = "Taken from `next` or `previous` of another page; opaque."

    def get_page_size(self, request: Request) -> int:
        """Return the size that was asked for. Raises ValidationError outside 1 to 200."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return DEFAULT_PAGE_SIZE
        if not _POSITION.match(asked) or not 1 <= int(asked) <= MAX_PAGE_SIZE:
            raise ValidationError({"page_size": [f"A page has 1 to {MAX_PAGE_SIZE} rows."]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read the cursor. Raises ValidationError for one that this API never gave."""
        asked = request.query_params.get(self.cursor_query_param)
        if asked is None:
            return None
        if not _CURSOR.match(asked):
            raise _unknown_cursor()
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except Exception as error:
            raise _unknown_cursor() from error
        if cursor is not None and cursor.position is not None and not _POSITION.match(str(cursor.position)):
            raise _unknown_cursor()
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Tell of a page as OpenAPI 3.1 says what may be null; the framework still says it as 3.0 did."""
        told: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name, says in (
            ("next", "Where the following page is."),
            ("previous", "Where the one before is."),
        ):
            told["properties"][name] = {"type": ["string", "null"], "format": "uri", "description": says}
        return {**told, "required": ["next", "previous", "results"]}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Say the bounds of `page_size` in the schema too."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                bounds = {"minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE}
                parameter["schema"] = {"type": "integer", **bounds}
            if parameter["name"] == self.cursor_query_param:
                parameter["schema"]["pattern"] = _CURSOR.pattern.replace(r"\Z", "$")
        return parameters


def _unknown_cursor() -> ValidationError:
    return unknown("cursor", "This is no cursor of this list; start without one.")
