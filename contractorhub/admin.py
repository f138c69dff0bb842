"""The operator's desk of what packages keep: second factors that were lost, and what the clock asks for."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from projects.admin.permissions import Desk, DeskAdmin, runs_the_firm, signed_in
from projects.operations.history import record


class _ToLookAt(DeskAdmin[Any]):
    """Rows of a package, shown to operations and typed into by nobody."""

    def desk_may_view(self, desk: Desk) -> bool:
        """Operations alone, who see every row."""
        return desk.is_operations


@admin.register(Authenticator)
class SecondFactorAdmin(_ToLookAt):
    """Who holds which kind of second factor, never its secret; a lost one is taken away, so that a new one is added."""

    visible = staticmethod(lambda _user: Authenticator.objects.none())
    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operations, for somebody else: one's own is changed on the page of one's own security."""
        return runs_the_firm(request) and (obj is None or obj.user_id != signed_in(request).pk)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take it away, and say so in the audit trail."""
        with transaction.atomic():
            record(
                verb="second_factor.removed",
                subject_ref=f"user:{obj.user_id}",
                before={"type": obj.type},
                after={},
                by=signed_in(request),
                at=timezone.now(),
            )
            obj.delete()

    def log_deletion(self, *_args: Any) -> None:
        """Nothing: the audit trail tells it."""

    def log_deletions(self, *_args: Any) -> None:  # type: ignore[override]
        """Nothing: the audit trail tells it."""


@admin.register(PeriodicTask)
class ClockAdmin(_ToLookAt):
    """What the clock asks for and when it last did; the code says what, so nobody types a task in here."""

    visible = staticmethod(lambda _user: PeriodicTask.objects.none())
    list_display = ("name", "task", "enabled", "last_run_at", "total_run_count")
    fields = ("name", "task", "enabled", "last_run_at", "total_run_count")
    ordering = ("name",)
