"""Every setting of ContractorHub, one section a subject; values come from the environment through `env`.

Tables that no variable changes stand in `settings_tables`.
"""

import logging
import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from contractorhub.env import (
    PROJECT_DIR,
    data_dir,
    embedded_secret,
    host_of,
    oidc_apps,
    parse_mail_server,
    provider_settings,
    read_base_url,
    read_environment,
    read_group_roles,
    refuse_incomplete_production,
)
from contractorhub.settings_tables import *  # noqa: F403  # every name in there is a setting

# --- Environment ------------------------------------------------------------------------------------------
env = read_environment()
# `embedded`, or `production`, which refuses to start half configured.
ENVIRONMENT = env.text("CONTRACTORHUB_ENV", "embedded")
IS_PRODUCTION = ENVIRONMENT == "production"
if IS_PRODUCTION:
    refuse_incomplete_production(env)
DATA_DIR = data_dir()
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY") or embedded_secret("secret-key")  # signs sessions and links; made once
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # earlier signing keys, still accepted
# Keys of encrypted columns, newest first.
FIELD_KEYS = env.words("FIELD_KEYS") or [embedded_secret("field-key")]
SALT_KEY = FIELD_KEYS
PORT = env.number("PORT", 8000)  # where the web listens
# The address people use, as notices link to it.
BASE_URL = read_base_url(env.text("BASE_URL", f"http://127.0.0.1:{PORT}"))
_is_https = BASE_URL.startswith("https://")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)  # proxies in front whose headers are believed
# The hosts that are answered to.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", {host_of(BASE_URL), "127.0.0.1", "localhost", "[::1]"})

# --- Apps -------------------------------------------------------------------------------------------------
ROOT_URLCONF = "contractorhub.urls"
WSGI_APPLICATION = "contractorhub.wsgi.application"
ASGI_APPLICATION = "contractorhub.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "contractorhub" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------------------
# As postgresql://user:password@host:5432/name; without it SQLite in DATA_DIR.
_database_url = env.text("DATABASE_URL")
_database: dict[str, Any] = (
    environ.Env.db_url_config(_database_url)
    if _database_url
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "contractorhub.sqlite3")}
)
_test_name = f"contractorhub_test_{os.getpid()}"  # two runs on one machine never share a test database
if _database.get("ENGINE") == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction opens: read-then-write transactions queue instead of failing.
    # FULL syncs every commit: a notice that went out is never unmade by a power cut.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={env.text('SQLITE_SYNCHRONOUS', 'FULL')};"
        " PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000;",
    }
    # A file, not memory: a worker and a browser read it from other threads and processes.
    _database["TEST"] = {"NAME": str(DATA_DIR / f"{_test_name}.sqlite3")}
elif _database.get("ENGINE") == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", 60)  # seconds a connection is kept
    _database["CONN_HEALTH_CHECKS"] = True
    # Every wait has an end: connecting, a peer that vanished without a word, a lock, a forgotten transaction. The
    # server watches as well: what a host that was cut off has locked is free after 20 seconds, not after 300.
    _vanished = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    _waits = (
        f"-c lock_timeout=20s -c idle_in_transaction_session_timeout=300s {_vanished} -c tcp_user_timeout=20s"
    )
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "options": _waits,
        # Only cursors that bind on the server prepare; 0 is for poolers that keep no session (old PgBouncer).
        "prepare_threshold": env.number("DATABASE_PREPARE_AFTER", 3) or None,
        **_database.get("OPTIONS", {}),
    }
    _database["TEST"] = {"NAME": _test_name}
else:
    raise ImproperlyConfigured("DATABASE_URL must be postgresql://user@host/name or sqlite:///path.")
DATABASES = {"default": _database}

# --- Cache and sessions -----------------------------------------------------------------------------------
CACHE_URL = env.text("CACHE_URL")  # redis://:password@host:6379/1; shared limits and the clock's sign of life
CACHE_WAITS = {"socket_connect_timeout": 2, "socket_timeout": 5, "health_check_interval": 30}  # seconds
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "contractorhub",
            "OPTIONS": CACHE_WAITS,
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# A working day, then sign in anew.
STAFF_SESSION_SECONDS = env.number("STAFF_SESSION_SECONDS", default=12 * 3600)
STAFF_IDLE_SECONDS = env.number("STAFF_IDLE_SECONDS", default=3600)  # a desk that nobody sits at
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Celery -----------------------------------------------------------------------------------------------
# Where tasks are rung, redis://:password@host:6379/0; the hub starts one of its own.
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    # Every 5 s a worker looks for tasks whose worker died, instead of every 10 x 10 s.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that is away must not hold up the person who pauses: the sweep rings again.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "socket_connect_timeout": 2,
    "socket_timeout": 20,
    "socket_keepalive": True,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_TIME_LIMIT = 240  # stays under the visibility timeout, or a long task would run twice
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A broker that goes away ends no relay half way: what was on its way would be unknown. Tasks are safe to run twice.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("WORKER_SOFT_SHUTDOWN_SECONDS", 4)  # a stop waits for tasks
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_DB_REUSE_MAX = 1000
CELERY_TASK_DEFAULT_QUEUE = "default"
WORKER_QUEUES = ("posts", "email", "dms", "estimates", "imports", "reports", "default")
CELERY_BEAT_SCHEDULER = "contractorhub.beat:BeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_TIMEZONE = "UTC"

# --- People and sign-in -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # signing in by an emailed code is the verification
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_ADAPTER = "contractorhub.portal.adapter.InvitationOnlyAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# The demo signs its leads in by a code alone; a production start asks all staff for more.
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=IS_PRODUCTION)
MFA_ADAPTER = "contractorhub.field_keys.EncryptedSeeds"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# The firm's own sign-in for staff (OpenID Connect); off unless a provider is named.
OIDC_SERVER_URL = env.text("OIDC_SERVER_URL")
OIDC_GROUPS_CLAIM = env.text("OIDC_GROUPS_CLAIM", "groups")  # the claim that holds groups
OIDC_ROLES = read_group_roles(env.words("OIDC_ROLES"))  # group=role pairs
SOCIALACCOUNT_ADAPTER = "contractorhub.single_sign_on.FirmSignOn"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
# The way to the provider changes nothing here, and a form that leads elsewhere would be against our policy.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": oidc_apps(
            OIDC_SERVER_URL,
            client_id=env.text("OIDC_CLIENT_ID"),  # as registered there
            secret=env.text("OIDC_CLIENT_SECRET"),  # given out there
            name=env.text("OIDC_NAME", "your firm's sign-in"),  # what the button says
            scopes=env.words("OIDC_SCOPES", ["openid", "email", "profile"]),  # what is asked for
        ),
    }
}

# --- Mail -------------------------------------------------------------------------------------------------
MAIL_SERVER = parse_mail_server(env.text("EMAIL_URL", "console:"))  # smtp://, smtp+tls://, smtps://, console:
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL_SERVER.kind}.EmailBackend"
EMAIL_HOST = MAIL_SERVER.host
EMAIL_PORT = MAIL_SERVER.port
EMAIL_HOST_USER = MAIL_SERVER.user
EMAIL_HOST_PASSWORD = MAIL_SERVER.password
EMAIL_USE_TLS = MAIL_SERVER.use_tls
EMAIL_USE_SSL = MAIL_SERVER.use_ssl
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 30)  # seconds; Django's default waits for ever
# Whom notices come from.
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", "ContractorHub <notices@contractorhub.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where bounced mails go back to, if not to the sender; and the secret of whoever hands them in over HTTP.
RETURN_ADDRESS = env.text("RETURN_ADDRESS")
RETURNS_SECRET = env.text("RETURNS_SECRET")
# The provider behind the mail server, as Anymail calls it, whose signed events are taken at /returns/provider/.
MAIL_PROVIDER = env.text("MAIL_PROVIDER")
# What that provider proves itself with: a user:password of its address here, or its signing key.
ANYMAIL = provider_settings(
    MAIL_PROVIDER, secret=env.text("MAIL_PROVIDER_SECRET"), signing_key=env.text("MAIL_PROVIDER_SIGNING_KEY")
)
# Where the embedded mail server keeps what it took; empty as soon as mail goes anywhere else.
MAILBOX_DIR = "" if IS_PRODUCTION else env.text("MAILBOX_DIR")

# --- Slack ------------------------------------------------------------------------------------------------
# A token of one workspace, where the app is not installed from the admin.
SLACK_BOT_TOKEN = env.text("SLACK_BOT_TOKEN")
SLACK_SIGNING_SECRET = env.text("SLACK_SIGNING_SECRET")  # checks what Slack sends
SLACK_API_URL = env.text("SLACK_API_URL", "https://slack.com/api/")  # tests point it at a stand-in
# The app's own id and secret: with them workspaces install it from the admin, and their tokens are kept encrypted.
SLACK_CLIENT_ID = env.text("SLACK_CLIENT_ID")
SLACK_CLIENT_SECRET = env.text("SLACK_CLIENT_SECRET")  # of the same app
# Where workspaces are asked to install the app.
SLACK_AUTHORIZE_URL = env.text("SLACK_AUTHORIZE_URL", "https://slack.com/oauth/v2/authorize")

# --- Exchange rates ---------------------------------------------------------------------------------------
# Where the nightly job looks; an inner mirror may stand in.
ECB_RATES_URL = env.text("ECB_RATES_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip")

# --- Notices ----------------------------------------------------------------------------------------------
# Asked just before sending: maps deliveries that are no longer due to the reason in words.
NOTIFICATIONS_RECHECK = "projects.queries.recipients.reasons_no_longer_due"
# What a face keeps of a contractor goes when the person is erased, in the same transaction.
ERASED_TOO = ("contractorhub.slack.records.forget_contractor",)
# Who may look at what was sent to anybody on the desk of delivery, and who may send again and start again there.
NOTIFICATIONS_READERS = "projects.access.may_see_all_deliveries"
NOTIFICATIONS_OPERATORS = "projects.access.is_operations"
# How long a relay holds what it took up without a sign of life: longer than one window of mails may take.
RELAY_LEASE_SECONDS = env.number("RELAY_LEASE_SECONDS", default=90)
# How long an unknown delivery is left alone before it is settled: a late reply may still be recorded.
RELAY_SETTLE_SECONDS = env.number("RELAY_SETTLE_SECONDS", default=20)
# Asked of people with a channel in reserve: which of them have opened what they were told since they were told it.
NOTIFICATIONS_OPENED = "projects.queries.opened.opened_since"
# How long a notice may stay unopened before the next channel is tried.
NOTICE_UNOPENED_SECONDS = env.number("NOTICE_UNOPENED_SECONDS", default=4 * 3600)
# Webhooks go to public addresses over https only; a firm whose receivers are inside its own network allows these.
WEBHOOKS_MAY_BE_PRIVATE = env.flag("WEBHOOKS_MAY_BE_PRIVATE", default=False)
# An endpoint of which every delivery failed for so long is switched off.
WEBHOOK_FAILING_SECONDS = env.number("WEBHOOK_FAILING_SECONDS", default=3 * 24 * 3600)
# SMTP connections a relay may open; across a network they set the rate, and two relays stay under Postfix's 50.
EMAIL_CONNECTIONS = env.number("EMAIL_CONNECTIONS", default=24)

# --- Pauses -----------------------------------------------------------------------------------------------
# From how many people, and from how many euros of usual pay a week, a pause needs a second person; 0: never.
APPROVAL_PEOPLE = env.number("APPROVAL_PEOPLE", default=1_000)
APPROVAL_WEEKLY_EUROS = env.number("APPROVAL_WEEKLY_EUROS", default=250_000)

# --- Hours --------------------------------------------------------------------------------------------------
# Entries older than so many months are kept as one total a day; 0 keeps every entry for ever.
HOURS_RAW_MONTHS = env.number("HOURS_RAW_MONTHS", default=36)

# --- Privacy ------------------------------------------------------------------------------------------------
# After so many months nobody needs to know who read a notice, or who looked at somebody's pay; 0 keeps it for ever.
NOTICE_READER_MONTHS = env.number("NOTICE_READER_MONTHS", default=24)
PAY_READ_MONTHS = env.number("PAY_READ_MONTHS", default=24)

# --- API --------------------------------------------------------------------------------------------------
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - a model's name: its own default, which its migrations ask for by name
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "hub_"}

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fil", "Filipino"), ("hi", "हिन्दी"), ("ar", "العربية")]
LOCALE_PATHS = [PROJECT_DIR / "contractorhub" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Static files -----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(DATA_DIR / "static"))  # where collectstatic puts files
STATICFILES_DIRS = [PROJECT_DIR / "contractorhub" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = str(DATA_DIR / "media")

# --- Browser security -------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
if _is_https:  # browsers take these from this very host over TLS alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = _is_https
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no words of ours in a cookie
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=_is_https)  # http is sent on to https
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_HSTS_PRELOAD = _is_https
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
FILE_UPLOAD_HANDLERS = [
    "contractorhub.uploading.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Observability ----------------------------------------------------------------------------------------
LOGGING_CONFIG = None  # contractorhub.logs configures structlog and the standard library together
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()  # DEBUG, INFO, WARNING, ERROR
LOG_FORMAT = env.text("LOG_FORMAT", "json")  # json or console
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # hundreds of doorbells a minute are no news
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an IP address is personal data and answers no question of ours
PROMETHEUS_EXPORT_MIGRATIONS = False  # it would query the database while apps load
# Who bears it may read /metrics; without it this network, through no proxy.
METRICS_TOKEN = env.text("METRICS_TOKEN")
READY_BEAT_AGE_SECONDS = 120
READY_DELIVERY_AGE_SECONDS = env.number("READY_DELIVERY_AGE_SECONDS", 900)  # a due notice may wait so long
