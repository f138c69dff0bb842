"""Structured logs: an event name and fields, never addresses, money or message bodies."""

import logging.config
import re
from typing import Any

import structlog
from django.conf import settings
from structlog.typing import EventDict, Processor, WrappedLogger

# Wide on purpose, a masked word costs little: any run before an @, then a name with a dot that ends in letters.
_ADDRESS = re.compile(r"[^\s@<>()\"'=,;:]{1,64}@[^\s@<>()\"',;:/]{1,250}\.[^\W\d_]{2,63}")
# A URL's user and password are ours to hide as well: broker and database errors repeat their address.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]{1,200}(?=@)")


def without_addresses(value: Any) -> Any:  # a log field may be anything
    """Return `value` with every email address and every password inside a URL replaced, at any depth."""
    if isinstance(value, str):
        return _ADDRESS.sub("[address]", _CREDENTIALS.sub("[secret]", value)) if "@" in value else value
    if isinstance(value, bytes):
        return without_addresses(value.decode(errors="replace"))
    if isinstance(value, dict):
        return {without_addresses(key): without_addresses(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_addresses(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return without_addresses(str(value))


def mask_addresses(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask what slipped into an event all the same: an SMTP server's answer names the recipient it refused."""
    return {key: without_addresses(value) for key, value in event.items()}


def configure_logging() -> None:
    """Send structlog and standard logging to standard error, one line an event, as `LOG_FORMAT` json or console."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if settings.LOG_FORMAT == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_addresses,
            renderer,
        ],
        "foreign_pre_chain": shared,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"structured": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": settings.LOG_LEVEL},
            "loggers": {"django.server": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
