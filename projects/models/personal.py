"""What a contractor holds for themselves: a link to their calendar, and a request to be erased."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.people import Contractor, User


class CalendarLink(models.Model):
    """The one secret address at which a calendar program reads somebody's dates; only its hash is kept."""

    contractor = models.OneToOneField(Contractor, on_delete=models.CASCADE, related_name="calendar_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.contractor}"


class ErasureRequest(models.Model):
    """Somebody asks that what is kept about them be erased; open until operations have answered."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="erasure_requests")
    asked_at = models.DateTimeField(_("asked"))
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answer = models.TextField(_("answer"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor"], condition=Q(closed_at__isnull=True), name="one_open_erasure_request"
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure of {self.contractor}"

    @property
    def ref(self) -> str:
        """How the audit trail names it."""
        return f"erasure:{self.pk}"
