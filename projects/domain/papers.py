"""What a paper sent with a correction may be: a picture or a PDF, known by its content, of a bounded size."""

from dataclasses import dataclass
from typing import Final

LARGEST: Final = 5 * 1024 * 1024
MOST: Final = 3
_SIGNS: Final = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


@dataclass(frozen=True, slots=True)
class PaperKind:
    """The type a paper is kept and handed out as, and the ending its name gets."""

    content_type: str
    ending: str


def kind_of_paper(content: bytes) -> PaperKind | None:
    """What the first bytes say the content is, whatever its name claims; None for anything we do not take.

    >>> kind_of_paper(b"%PDF-1.7").ending, kind_of_paper(b"<html>")
    ('pdf', None)
    """
    for sign, content_type, ending in _SIGNS:
        if content.startswith(sign):
            return PaperKind(content_type, ending)
    return None
