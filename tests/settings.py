"""The product's settings as tests run them: their own data folder, no manifest of static files, fast hashes."""

import atexit
import os
import shutil
import tempfile

# Never the developer's own: a hub that runs from this checkout has noted its broker and secrets under var/.
_scratch = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="contractorhub-tests-")
if not os.environ.get("TEST_DATA_DIR"):
    _owner = os.getpid()

    def _clear() -> None:
        if os.getpid() == _owner:  # a forked child leaves its parent's folder alone
            shutil.rmtree(_scratch, ignore_errors=True)

    atexit.register(_clear)
os.environ["DATA_DIR"] = _scratch
os.environ.setdefault("SQLITE_SYNCHRONOUS", "OFF")  # a test database need not outlive a power cut
# A doorbell rung by accident goes nowhere; tests with a real broker hand its address to real processes.
os.environ["CELERY_BROKER_URL"] = "memory://"
for _name in (
    "CONTRACTORHUB_ENV",
    "CACHE_URL",
    "EMAIL_URL",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "PORT",
    "MAILBOX_DIR",
):
    os.environ.pop(_name, None)

from contractorhub.settings import *  # noqa: E402, F403  # the environment above comes first
from contractorhub.settings import DATABASES, STORAGES  # noqa: E402

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Tests empty their database when they end; a real one never lets go of its audit trail.
    DATABASES["default"]["OPTIONS"]["options"] += " -c contractorhub.may_empty_audit=on"
    # Nor need what a test commits outlive a power cut of the server.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOG_LEVEL = os.environ.get("LOG_LEVEL", "WARNING")
os.makedirs(f"{_scratch}/static", exist_ok=True)
