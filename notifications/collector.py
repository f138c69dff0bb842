"""Keeps the garbage collector from looking through the whole program while thousands of rows are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No garbage collection for a while, for work whose values hold no cycles: walking them costs a quarter more."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def leave_out_what_is_loaded() -> None:
    """Look over what the program itself holds once, and never again: it stays as long as the process does."""
    gc.collect()
    gc.freeze()
