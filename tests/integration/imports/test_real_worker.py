"""A file goes through a real worker and a real broker: read, applied with its progress told, and taken back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import HoursEntry, Upload
from projects.operations.uploads import ask_to_apply, receive_upload, undo_upload
from projects.queries.uploads import rows_so_far
from tests.factories import EngagementFactory
from tests.factories.base import NOW
from tests.faults.ledger import wait_until
from tests.services.broker import BrokerService
from tests.services.worker import running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
HEAD = "Date,Client,Project,Hours,First Name,Last Name,Email\n"
DAYS = 1_500


def _stands(upload: Upload, state: Upload.State) -> bool:
    upload.refresh_from_db()
    assert upload.state != Upload.State.REFUSED, upload.refusal
    return upload.state == state


@pytest.mark.usefixtures("ring")
def test_a_worker_reads_and_applies_a_file_tells_how_far_it_is_and_undo_takes_it_back(
    broker: BrokerService, tmp_path: Path, settings: Any
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": broker.cache_url,
            "KEY_PREFIX": "contractorhub",
        }
    }
    engagement = EngagementFactory.make(starts_on=date(2020, 1, 1))
    person, code = engagement.contractor, engagement.project.code
    days = (date(2020, 1, 1) + timedelta(days=number) for number in range(DAYS))
    rows = "".join(f"{day},,{code},7.5,Some,One,{person.email}\n" for day in days)
    file = SimpleUploadedFile("hours.csv", (HEAD + rows).encode())
    with running_worker(tmp_path, broker=broker, queues=("imports",), concurrency=1):
        upload = receive_upload(kind="hours", file=file, name="hours.csv", options={}, by=None, at=NOW)
        wait_until(lambda: _stands(upload, Upload.State.CHECKED))
        assert (upload.findings["added"], HoursEntry.objects.count()) == (DAYS, 0)
        ask_to_apply(upload=upload, by=None, at=NOW)
        wait_until(lambda: _stands(upload, Upload.State.APPLIED))
    assert rows_so_far(upload) >= DAYS
    assert HoursEntry.objects.filter(engagement=engagement, seconds=27_000).count() == DAYS
    undo_upload(upload=upload, by=None, at=NOW)
    assert _stands(upload, Upload.State.UNDONE)
    assert HoursEntry.objects.count() == 0
