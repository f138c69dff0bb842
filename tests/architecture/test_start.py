"""What a process loads before it does anything: every start, command and worker pays for it."""

import os
import subprocess
import sys

from django.conf import settings

from tests.services.processes import CHECKOUT

ALL_FACES = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
import contractorhub.celery, contractorhub.urls
print(",".join(sorted({"scipy", "pandas"} & sys.modules.keys())))
"""


def test_no_process_loads_the_optimisers_before_it_calibrates() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", ALL_FACES], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == ""


BELL = """
import contractorhub.wsgi
from celery import current_app
print(current_app.conf.broker_transport_options["socket_timeout"])
"""


def test_a_web_process_gives_up_a_broker_that_says_nothing_sooner_than_a_worker_does() -> None:
    waits = subprocess.run(
        [sys.executable, "-c", BELL],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(waits.stdout) < settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"]
