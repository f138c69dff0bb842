"""Refuses what is too large: a body by the length it says it has, a file once more of it came than we take in."""

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from projects.imports.limits import MAX_BYTES

_MARK: Final = "file_was_cut_off"


def says_it_is_larger(request: HttpRequest, most_bytes: int) -> bool:
    """Whether a request says of its body that it is larger than this, or says nothing that is a length."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not length.isdecimal() or int(length) > most_bytes


def was_cut_off(request: HttpRequest) -> bool:
    """Whether a file of this request was larger than any that we take in, and so did not arrive."""
    return bool(getattr(request, _MARK, False))


class BoundedUpload(FileUploadHandler):
    """Lets 100 MB through to the handlers behind it; of a larger request no file arrives."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Count from the start of each request."""
        self._read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a chunk on. Raises StopUpload once they are too many."""
        self._read += len(raw_data)
        if self._read > MAX_BYTES:
            setattr(self.request, _MARK, True)
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind this one."""
