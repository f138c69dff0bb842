"""Holds everything back when the ledger has lost its newest rows: a database put back must not send them twice."""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from notifications.models import Outbound

ONLY: Final = 1
RESTORED: Final = "the database was put back to an earlier state; what it has forgotten may have been sent"
_KEPT_SECONDS: Final = 400 * 24 * 3600

logger = structlog.get_logger(__name__)


def outbound() -> Outbound:
    """The one row, made when first asked for."""
    row, _made = Outbound.objects.get_or_create(pk=ONLY)
    return row


def mark_seen_outside(ledger: str) -> int:
    """How far this ledger has come, as remembered beside the database: in a file of the data folder and in the cache.

    Read it before the ledger's own mark: whatever stands outside was committed inside first.
    """
    return max(_in_file(ledger), _in_cache(ledger))


def is_held(row: Outbound, *, seen: int, at: datetime) -> bool:
    """Whether nothing may leave; a ledger that is behind what stands outside is held from now on."""
    if row.held_since is None and row.mark < seen:
        hold(reason=RESTORED, at=at)
        return True
    return row.held_since is not None


def advance() -> int:
    """Count one more claim in the caller's transaction; the new mark, to be kept outside once that holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_outbound SET mark = mark + 1 WHERE id = %s RETURNING mark", [ONLY]
        )
        return int(cursor.fetchone()[0])


def keep_outside(ledger: str, mark: int) -> None:
    """Remember a mark beside the database; a cache that is away, or a full disk, stops nobody."""
    try:
        if mark > _in_file(ledger):
            path = _path(ledger)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_text(str(mark))
            fresh.replace(path)
        cache.set(_key(ledger), mark, timeout=_KEPT_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever the cache's client raises
        logger.warning("outbound.mark_not_kept", error=type(error).__name__)


def hold(*, reason: str, at: datetime) -> None:
    """Let nothing leave until a person releases it."""
    outbound()
    Outbound.objects.filter(pk=ONLY, held_since__isnull=True).update(held_since=at, held_reason=reason[:300])
    logger.error("outbound.held", reason=reason)


def let_out(*, by_ref: str, at: datetime) -> bool:
    """Release what is held, and take the outside mark for the ledger's own; False when nothing was held."""
    with transaction.atomic():
        row = Outbound.objects.select_for_update().filter(pk=ONLY, held_since__isnull=False).first()
        if row is None:
            return False
        row.mark = max(row.mark, mark_seen_outside(str(row.ledger)))
        row.held_since, row.held_reason = None, ""
        row.released_at, row.released_by = at, by_ref
        row.save()
    logger.warning("outbound.released", by=by_ref)
    return True


def _in_file(ledger: str) -> int:
    try:
        return int(_path(ledger).read_text())
    except (OSError, ValueError):
        return 0


def _in_cache(ledger: str) -> int:
    try:
        return int(cache.get(_key(ledger), 0))
    except Exception as error:  # noqa: BLE001 - whatever the cache's client raises
        logger.warning("outbound.mark_not_read", error=type(error).__name__)
        return 0


def _path(ledger: str) -> Path:
    return Path(settings.DATA_DIR) / f"outbound-{ledger}.mark"


def _key(ledger: str) -> str:
    return f"outbound:{ledger}"
