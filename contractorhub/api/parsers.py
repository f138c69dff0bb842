"""Reads JSON bodies: an object, of bounded size and depth; anything else is refused before a view sees it."""

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

from contractorhub.api.errors import TooLarge
from contractorhub.uploading import says_it_is_larger

MAX_BODY_BYTES: Final = 1024 * 1024


class BoundedJSONParser(JSONParser):
    """JSON objects of up to 1 MiB."""

    max_bytes = MAX_BODY_BYTES

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object. Raises ParseError for what is no JSON object, TooLarge beyond `max_bytes`."""
        request = (parser_context or {}).get("request")
        if request is not None and says_it_is_larger(request, self.max_bytes):
            raise TooLarge(f"A body holds at most {self.max_bytes:,} bytes.")
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error
        if not isinstance(body, dict):
            raise ParseError("The body must be a JSON object.")
        return body


class _LongJSONParser(BoundedJSONParser):
    max_bytes = 8 * MAX_BODY_BYTES


class BulkJSONParser(BaseParser):
    """JSON objects of up to 8 MiB, for ten thousand items.

    It is no JSONParser by descent: of one the framework holds the body to the bound of forms (5 MiB) before it parses.
    """

    media_type = JSONParser.media_type

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object. Raises ParseError for what is no JSON object, TooLarge beyond 8 MiB."""
        return _LongJSONParser().parse(stream, media_type, parser_context)
