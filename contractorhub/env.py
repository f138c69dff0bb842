"""Reads the typed variables that ContractorHub is configured with, and fails at start with a clear message."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

PROJECT_DIR = Path(__file__).resolve().parent.parent
_REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "BASE_URL",
    "ALLOWED_HOSTS",
)


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over; `kind` is `smtp` or `console`."""

    kind: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def data_dir() -> Path:
    """The folder of the embedded state (`DATA_DIR`, default `var/` in the checkout), made where it is missing."""
    folder = Path(os.environ.get("DATA_DIR") or PROJECT_DIR / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def read_environment() -> environ.FileAwareEnv:
    """Return the environment, completed by what `manage.py hub` wrote down for this data folder.

    A variable that is set always wins; `NAME_FILE` names a file that holds the value, as container secrets do.
    """
    noted = data_dir() / "run" / "hub.env"
    if noted.is_file() and os.environ.get("CONTRACTORHUB_ENV") != "production":
        environ.FileAwareEnv.read_env(str(noted), overwrite=False)
    return environ.FileAwareEnv()


def refuse_incomplete_production(env: environ.FileAwareEnv) -> None:
    """Raise ImproperlyConfigured that names every variable a production start lacks."""
    missing = [name for name in _REQUIRED_IN_PRODUCTION if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(
            "CONTRACTORHUB_ENV=production, but these variables are missing: " + ", ".join(missing) + "."
        )


def embedded_secret(name: str) -> str:
    """Return a secret of this installation, made once and kept under the data folder, readable by its owner only."""
    path = data_dir() / "run" / f"{name}.secret"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret


def parse_mail_server(url: str) -> MailServer:
    """Read `smtp://user:pass@host:port`, `smtp+tls://`, `smtps://` or `console:`.

    Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return MailServer(kind="console")
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL must be smtp://host:port or console:, not {parts.scheme}:")
    return MailServer(
        kind="smtp",
        host=parts.hostname,
        port=parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )
