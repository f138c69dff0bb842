"""Where a Chromium is found on this machine."""

import os
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Return the program to run, or an empty string where this machine has none; CHROMIUM_PATH names another one."""
    given = os.environ.get("CHROMIUM_PATH", "")
    if given:
        return given if Path(given).is_file() else ""
    return next((found for name in _NAMES if (found := shutil.which(name))), "")
