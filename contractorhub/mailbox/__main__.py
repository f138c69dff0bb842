"""Runs the local mail server without the rest of the product, so that it starts at once."""

import argparse
import asyncio
from pathlib import Path

from contractorhub.mailbox.server import serve

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take mail by SMTP and keep it in a folder, until stopped.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(serve(host=given.host, port=given.port, folder=given.folder))
