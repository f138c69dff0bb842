"""The product's settings, with a peer's tables beside it and every query counted where QUERY_COUNT_FILE says."""

import os

from django.db.backends.signals import connection_created

from contractorhub.settings import *  # noqa: F403
from contractorhub.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "post_office"]
POST_OFFICE = {"BATCH_SIZE": 2_000, "LOG_LEVEL": 1, "THREADS_PER_PROCESS": 5}
_counted = os.environ.get("QUERY_COUNT_FILE", "")


def _count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    with open(_counted, "ab") as file:  # one byte a query, whichever process asks
        file.write(b".")
    return execute(sql, params, many, context)


def _watch(connection, **_):  # type: ignore[no-untyped-def]
    connection.execute_wrappers.append(_count)


if _counted:
    connection_created.connect(_watch)
