"""Python's own HTTP client, told to follow nobody: an answer that leads elsewhere takes no token along."""

import urllib.request
from email.message import Message
from typing import IO, Final


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


OPENER: Final = urllib.request.build_opener(NoRedirects)
"""For our own calls."""


def follow_no_redirects() -> None:
    """Hold for every client of this process that asks urllib's own opener, as Slack's does.

    `slack_sdk` calls `urlopen` and takes no opener (only a proxy, with which it builds one that follows redirects), so
    the process's own is the one place where it can be told. What we call ourselves names OPENER all the same.
    """
    urllib.request.install_opener(OPENER)
