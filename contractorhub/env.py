"""Reads the typed variables that ContractorHub is configured with, and fails at start with a clear message."""

import os
import secrets
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

PROJECT_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("embedded", "production")
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "BASE_URL",
    "ALLOWED_HOSTS",
)
SHORTEST_PRODUCTION_SECRET = 32
FIRM_ROLES = ("operations", "finance", "auditor")
_YES = {"1", "yes", "true", "on"}
_NO = {"0", "no", "false", "off"}


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


class SecretFiles(FileAwareMapping):  # type: ignore[misc]  # django-environ ships no types
    """Variables whose `NAME_FILE` twin names a file: its content without the line end that editors and `echo` add."""

    def __getitem__(self, key: str) -> str:
        """Return the value; raise ImproperlyConfigured where `NAME_FILE` names a file that cannot be read."""
        try:
            value: str = super().__getitem__(key)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{key}_FILE names a file that cannot be read: {error.filename}."
            ) from error
        return value.rstrip("\r\n") if self.env.get(key + "_FILE") else value


class Variables:
    """Typed access to one fixed set of variables; each complaint names the variable."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Read from `values`, never from anywhere else."""
        self._values = SecretFiles(env=values)

    def text(self, name: str, default: str = "") -> str:
        """Return the value as it stands, or `default` where it is not set."""
        value: str = self._values.get(name, default)
        return value

    def words(self, name: str, default: Iterable[str] = ()) -> list[str]:
        """Return a comma-separated value as its parts, or `default` where it is not set."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()] or list(default)

    def number(self, name: str, default: int) -> int:
        """Return a whole number of zero or more; raise ImproperlyConfigured for anything else."""
        value = self.text(name, str(default)).strip()
        if not value.isascii() or not value.isdigit():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether a variable is switched on; raise ImproperlyConfigured for a word that says neither."""
        value = self.text(name, "yes" if default else "no").strip().lower()
        if value not in _YES | _NO:
            raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
        return value in _YES


def data_dir() -> Path:
    """Return the folder of the embedded state (`DATA_DIR`, default `var/` in the checkout), made where missing."""
    folder = Path(os.environ.get("DATA_DIR") or PROJECT_DIR / "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR cannot be used: {folder}: {error.strerror}.") from error
    return folder


def run_dir() -> Path:
    """Return the folder of secrets and notes under the data folder, open to its owner only."""
    folder = data_dir() / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def noted_variables() -> dict[str, str]:
    """Return what `manage.py hub` wrote down for this data folder: the broker, cache and mail server it started."""
    path = data_dir() / "run" / "hub.env"
    if not path.is_file():
        return {}
    lines = (
        line.partition("=") for line in path.read_text().splitlines() if line and not line.startswith("#")
    )
    return {name: value for name, _, value in lines}


def read_environment() -> Variables:
    """Return the environment, completed outside production by what `manage.py hub` wrote down for this data folder.

    A variable that is set always wins; `NAME_FILE` names a file that holds the value, as container secrets do.
    Raises ImproperlyConfigured where CONTRACTORHUB_ENV is not one of `ENVIRONMENTS`: a misspelt "production" must
    not start an unprotected demo.
    """
    name = os.environ.get("CONTRACTORHUB_ENV") or "embedded"
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(
            f"CONTRACTORHUB_ENV must be one of {', '.join(ENVIRONMENTS)}, not {name!r}."
        )
    noted = {} if name == "production" else noted_variables()
    given = {key: value for key, value in os.environ.items() if value != ""}
    hidden = {key for key in noted if key + "_FILE" in given}
    return Variables(ChainMap(given, {key: value for key, value in noted.items() if key not in hidden}))


def refuse_incomplete_production(env: Variables) -> None:
    """Raise ImproperlyConfigured that names every variable a production start lacks, or holds in an unsafe form."""
    missing = [name for name in REQUIRED_IN_PRODUCTION if not env.text(name).strip()]
    if missing:
        raise ImproperlyConfigured(
            "CONTRACTORHUB_ENV=production, but these variables are missing: " + ", ".join(missing) + "."
        )
    short = [
        name
        for name in ("SECRET_KEY", "FIELD_KEYS")
        if min(len(part) for part in env.text(name).split(",")) < SHORTEST_PRODUCTION_SECRET
    ]
    if short:
        raise ImproperlyConfigured(
            f"{' and '.join(short)} must have at least {SHORTEST_PRODUCTION_SECRET} characters in production."
        )
    if "*" in env.words("ALLOWED_HOSTS"):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this installation, not '*'.")


def read_base_url(value: str) -> str:
    """Return the address people reach us at, without a slash at its end; raise ImproperlyConfigured unless http(s)."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"BASE_URL must be an address such as https://hub.example, not {value!r}.")
    return value.rstrip("/")


def host_of(address: str) -> str:
    """Return the host of an address as ALLOWED_HOSTS wants it: without port, IPv6 in brackets."""
    host = urlsplit(address).hostname or ""
    return f"[{host}]" if ":" in host else host


def embedded_secret(name: str) -> str:
    """Return a secret of this installation, made once and kept under the data folder, readable by its owner only."""
    path = run_dir() / f"{name}.secret"
    if not path.exists():
        # Written aside and linked into place, so that a second process never reads a half-written secret.
        draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            draft.unlink()
    return path.read_text().strip()


SIGNING_KEYS = {
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
}
_WITH_A_SECRET = {"brevo", "mailjet", "mailtrap", "postmark", "sparkpost"}
PROVIDERS = frozenset(_WITH_A_SECRET | SIGNING_KEYS.keys())


def provider_settings(provider: str, *, secret: str, signing_key: str) -> dict[str, str]:
    """Anymail's settings for the provider whose events are taken; empty without one.

    Raises ImproperlyConfigured for an unknown provider, and for one whose events nobody could tell from forged ones.
    """
    if not provider:
        return {}
    if provider not in PROVIDERS:
        raise ImproperlyConfigured(f"MAIL_PROVIDER must be one of {', '.join(sorted(PROVIDERS))}.")
    if provider in SIGNING_KEYS:
        if not signing_key:
            raise ImproperlyConfigured(f"MAIL_PROVIDER={provider} needs MAIL_PROVIDER_SIGNING_KEY.")
        found = {SIGNING_KEYS[provider]: signing_key}
        return {**found, "WEBHOOK_SECRET": secret} if secret else found
    if ":" not in secret:
        raise ImproperlyConfigured(f"MAIL_PROVIDER={provider} needs MAIL_PROVIDER_SECRET as user:password.")
    return {"WEBHOOK_SECRET": secret}


def parse_mail_server(url: str) -> MailServer:
    """Read `smtp://user:pass@host:port`, `smtp+tls://`, `smtps://` or `console:`.

    Raises ImproperlyConfigured for anything else, without repeating the address: it may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return MailServer(kind="console")
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL must be smtp://host:port or console:, not {parts.scheme}:")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("EMAIL_URL holds a port that is no number between 0 and 65535.") from error
    return MailServer(
        kind="smtp",
        host=parts.hostname,
        port=port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )


def read_group_roles(pairs: Iterable[str]) -> dict[str, str]:
    """Read pairs such as `hub-finance=finance`: which group of the firm's provider gives which firm-wide role.

    Raises ImproperlyConfigured for anything else: a misspelt role must not leave somebody outside without a word.
    """
    found = {}
    for pair in pairs:
        group, _sign, role = pair.rpartition("=")
        if not group or role not in FIRM_ROLES:
            raise ImproperlyConfigured(
                f"OIDC_ROLES holds group=role pairs with the roles {', '.join(FIRM_ROLES)}, not {pair!r}."
            )
        found[group.strip()] = role
    return found


def oidc_apps(
    server_url: str, *, client_id: str, secret: str, name: str, scopes: list[str]
) -> list[dict[str, object]]:
    """Return allauth's settings of the one provider, none where no server is named; raise where it has no client."""
    if not server_url:
        return []
    if not client_id:
        raise ImproperlyConfigured("OIDC_SERVER_URL is set, but OIDC_CLIENT_ID is missing.")
    where = {"server_url": server_url, "scope": scopes}
    return [
        {"provider_id": "firm", "name": name, "client_id": client_id, "secret": secret, "settings": where}
    ]
