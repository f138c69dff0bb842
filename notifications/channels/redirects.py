"""Python's own HTTP client, told to follow nobody: an answer that leads elsewhere takes no token along."""

import urllib.request
from email.message import Message
from typing import IO


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Makes of every redirect the error that it is: the addresses we call answer themselves."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Go nowhere; the caller is told the status."""


def follow_no_redirects() -> None:
    """Hold for every client of this process that is built on urllib: Slack's, and whoever fetches exchange rates."""
    urllib.request.install_opener(urllib.request.build_opener(NoRedirects))
