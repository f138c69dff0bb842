"""What a process loads before it does anything: every start, command and worker pays for it."""

import subprocess
import sys

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
