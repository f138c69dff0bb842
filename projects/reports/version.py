"""The version of the code that reckons reports; a frozen run keeps it, so that a difference can be explained."""

from typing import Final

CODE_VERSION: Final = "0.1.0"
"""As pyproject.toml has it; a test holds the two together."""
