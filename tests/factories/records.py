"""Makes audit rows, report runs and job runs."""

from hashlib import sha256

import factory

from projects.models import AuditEvent, JobRun, ReportRun
from tests.factories.base import NOW, TODAY, RowFactory
from tests.factories.people import UserFactory


class AuditEventFactory(RowFactory[AuditEvent]):
    """One row of a trail; its seals only look true (`operations.history.record` writes true ones)."""

    class Meta:
        model = AuditEvent

    number = factory.Sequence(lambda n: n + 1)
    at = NOW
    by = factory.SubFactory(UserFactory)
    verb = "test.happened"
    subject_ref = "test:1"
    previous_hash = factory.LazyAttribute(lambda row: sha256(f"{row.number - 1}".encode()).hexdigest())
    hash = factory.LazyAttribute(lambda row: sha256(f"{row.number}".encode()).hexdigest())


class ReportRunFactory(RowFactory[ReportRun]):
    """A pulled report without rows."""

    class Meta:
        model = ReportRun

    name = "income-impact"
    as_of = TODAY
    code_version = "test"
    inputs_fingerprint = "0" * 64
    checksum = "0" * 64
    rows = factory.LazyFunction(dict)
    pulled_at = NOW
    by = factory.SubFactory(UserFactory)


class JobRunFactory(RowFactory[JobRun]):
    """Work that waits."""

    class Meta:
        model = JobRun

    kind = "report"
    asked_at = NOW
