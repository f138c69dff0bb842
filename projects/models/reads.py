"""Reads of pay data: who of the firm looked at what somebody earns, where, and how often."""

from django.db import models
from django.db.models import Q

from projects.models.people import Contractor, User
from projects.models.work import Project


class PayRead(models.Model):
    """One person of the firm who saw pay data in one place; looking again within the hour counts here.

    A read of one contractor names them; a list or report names its project, or nobody when it holds the whole firm.
    """

    class What(models.TextChoices):
        """What was looked at."""

        RATES = "rates", "Your rate"
        ESTIMATE = "estimate", "Your estimated loss"
        PERSON = "person", "Your estimates and hours"
        LIST = "list", "A list of people with their pay"
        REPORT = "report", "A report with pay in it"
        FILE = "file", "A report as a file"

    class Via(models.TextChoices):
        """Where."""

        DESK = "desk", "the desk of leads and operations"
        FINANCE = "finance", "the pages of finance"
        API = "api", "a program connected by the API"

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    via = models.CharField(max_length=10, choices=Via)
    name = models.CharField(max_length=60, blank=True, help_text="Of a report.")
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, null=True, related_name="pay_reads")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contractor__isnull=True) | Q(project__isnull=True), name="pay_read_has_one_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} read {self.what}"
