"""Background jobs of the business: each loads what it is named, and calls one operation with the present time."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from notifications.directory import slack_members as members_of_slack
from projects import jobs
from projects.operations import (
    compaction,
    digests,
    estimates,
    pauses,
    promises,
    report_jobs,
    slack_members,
    unreached,
    upload_work,
    uploads,
)
from projects.reports.background import build_asked
from projects.reports.rates_update import try_to_update_rates
from projects.reports.scheduled import send_due


@shared_task(name=jobs.BEGIN_DUE_PAUSES, acks_late=True)
def begin_due_pauses(**_: Any) -> None:
    """Let scheduled pauses whose time has come take effect."""
    pauses.begin_due_pauses(at=timezone.now())


@shared_task(name=jobs.TELL_OF_UNREACHED, acks_late=True)
def tell_of_unreached(**_: Any) -> None:
    """Tell leads whom notices did not reach, and owners which integrations were switched off."""
    unreached.tell_of_unreached(at=timezone.now())
    unreached.tell_of_switched_off(at=timezone.now())


@shared_task(name=jobs.SEND_DIGESTS, acks_late=True)
def send_digests(**_: Any) -> None:
    """Send the digests whose hour has come."""
    digests.send_digests(at=timezone.now())


@shared_task(name=jobs.CHASE_NEXT_WORDS, acks_late=True)
def chase_next_words(**_: Any) -> None:
    """Remind leads of the next word they promised."""
    promises.chase_next_words(at=timezone.now())


@shared_task(name=jobs.START_ESTIMATE, acks_late=True)
def start_estimate(*, run_id: int, **_: Any) -> None:
    """Learn what the firm's past says and ask for the chunks of a run."""
    estimates.start_run(run_id=run_id, at=timezone.now())


@shared_task(name=jobs.COMPUTE_ESTIMATE_CHUNK, acks_late=True)
def compute_estimate_chunk(*, chunk_id: int, **_: Any) -> None:
    """Estimate some hundreds of contractors."""
    estimates.compute_chunk(chunk_id=chunk_id, at=timezone.now())


@shared_task(name=jobs.SWEEP_ESTIMATES, acks_late=True)
def sweep_estimates(**_: Any) -> None:
    """Ring again for estimates that a lost message left waiting."""
    estimates.sweep_estimates(at=timezone.now())


@shared_task(name=jobs.NIGHTLY_ESTIMATES, acks_late=True)
def nightly_estimates(**_: Any) -> None:
    """Bring every open pause's estimate up to date."""
    estimates.recompute_changed(at=timezone.now())
    estimates.watch_cover(at=timezone.now())


@shared_task(name=jobs.UPDATE_RATES, acks_late=True)
def update_rates(**_: Any) -> None:
    """Fetch the exchange rates that were published since."""
    try_to_update_rates(at=timezone.now())


@shared_task(name=jobs.BUILD_REPORT, acks_late=True)
def build_report(*, job_id: int, **_: Any) -> None:
    """Build a long report that somebody has asked for."""
    build_asked(job_id=job_id, now=timezone.now)


@shared_task(name=jobs.SWEEP_REPORTS, acks_late=True)
def sweep_reports(**_: Any) -> None:
    """Ring again for reports that a lost message left waiting."""
    report_jobs.ring_again(at=timezone.now())


@shared_task(name=jobs.SEND_REPORTS, acks_late=True)
def send_reports(**_: Any) -> None:
    """Build and send the saved reports whose time has come."""
    send_due(now=timezone.now)


@shared_task(name=jobs.CHECK_UPLOAD, acks_late=True)
def check_upload(*, upload_id: int, **_: Any) -> None:
    """Read a file that was handed in and say what it would do."""
    upload_work.check_upload(upload_id=upload_id, at=timezone.now())


@shared_task(name=jobs.APPLY_UPLOAD, acks_late=True)
def apply_upload(*, upload_id: int, **_: Any) -> None:
    """Take a file in."""
    upload_work.apply_upload(upload_id=upload_id, at=timezone.now())


@shared_task(name=jobs.SWEEP_UPLOADS, acks_late=True)
def sweep_uploads(**_: Any) -> None:
    """Ring again for files that a lost message left waiting, and let old ones go."""
    uploads.sweep_uploads(at=timezone.now())


@shared_task(name=jobs.COMPACT_HOURS, acks_late=True)
def compact_hours(**_: Any) -> None:
    """Keep totals a day of hours that are older than the policy."""
    compaction.compact_by_policy(at=timezone.now())


@shared_task(name=jobs.READ_SLACK_MEMBERS, acks_late=True)
def read_slack_members(**_: Any) -> None:
    """Link contractors to the members of our Slack workspaces."""
    now = timezone.now()
    slack_members.take_in_slack_members(members=members_of_slack(at=now), at=now)
