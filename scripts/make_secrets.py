"""Makes the secret files that docker-compose.yml names, once; what exists is never replaced."""

import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "secrets"


def make(folder: Path) -> list[str]:
    """Write the missing files and return their names.

    The folder is its owner's alone; the files in it can be read by all, because Compose shows each to a container
    whose user is another one.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    postgres, redis = _kept(folder, "postgres_password"), _kept(folder, "redis_password")
    wanted = {
        "secret_key": secrets.token_urlsafe(50),
        "field_keys": secrets.token_urlsafe(50),
        "postgres_password": postgres,
        "redis_password": redis,
        "database_url": f"postgresql://contractorhub:{postgres}@postgres:5432/contractorhub",
        "broker_url": f"redis://:{redis}@redis:6379/0",
        "cache_url": f"redis://:{redis}@redis:6379/1",
        "redis_config": f"requirepass {redis}\nappendonly yes\nmaxmemory-policy noeviction\ndir /data\n",
    }
    made = [name for name in wanted if not (folder / name).exists()]
    for name in made:
        (folder / name).write_text(wanted[name])
        (folder / name).chmod(0o444)
    return made


def _kept(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text().strip() if path.exists() else secrets.token_urlsafe(32)


if __name__ == "__main__":
    new = make(FOLDER)
    sys.stdout.write(f"{FOLDER}: made {', '.join(new) if new else 'nothing, all are there'}\n")
