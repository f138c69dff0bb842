"""The operator's desk of delivery: what was promised, what became of it, which lanes stand still."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import jobs, outbox
from notifications.hold import let_out
from notifications.models import Attempt, Delivery, Lane, Notice, Outbound, Suppression
from notifications.paging import BoundedPaginator

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
    _Attempts = admin.TabularInline[Attempt, Delivery]
else:  # Django's admin classes know no type parameters while running
    _Admin = admin.ModelAdmin
    _Attempts = admin.TabularInline


class _ReadOnly(_Admin):
    """Rows that are looked at, never typed into; who may look and act, the functions in the settings say."""

    paginator = BoundedPaginator
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the desk's list of rooms names this one."""
        return _may(settings.NOTIFICATIONS_READERS, request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever the firm lets look at what was sent to anybody."""
        return _may(settings.NOTIFICATIONS_READERS, request)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whoever the firm lets send again, start again and release: Django asks this of each action."""
        return _may(settings.NOTIFICATIONS_OPERATORS, request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a row by hand."""
        return False


def _may(dotted: str, request: HttpRequest) -> bool:
    """Ask the firm's own rule; where none is named, superusers alone."""
    user: Any = request.user
    return bool(import_string(dotted)(user)) if dotted else bool(user.is_active and user.is_superuser)


class AttemptInline(_Attempts):
    """The tries of one delivery that did not simply succeed."""

    model = Attempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("at", "outcome", "code", "detail")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the delivery sees these."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds a row by hand."""
        return False


@admin.register(Notice)
class NoticeAdmin(_ReadOnly):
    """What was said."""

    list_display = ("kind", "subject_ref", "category", "staged_at", "expires_at")
    list_filter = ("kind", "category")
    search_fields = ("subject_ref",)
    date_hierarchy = "staged_at"


@admin.register(Delivery)
class DeliveryAdmin(_ReadOnly):
    """One notice to one recipient on one channel."""

    list_display = ("id", "notice", "recipient", "channel", "state", "tries", "reason", "recorded_at")
    list_filter = ("state", "channel")
    list_select_related = ("notice", "recipient")
    search_fields = ("recipient__name", "notice__subject_ref", "message_id")
    inlines = (AttemptInline,)
    actions = ("requeue",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Without the words of the notice in every language, a hundred times over."""
        rows: QuerySet[Delivery] = super().get_queryset(request)
        return rows.defer("notice__contents")

    @admin.action(description=_("Put back in the queue"), permissions=["operate"])
    def requeue(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Send again what failed, came back, came too late or is not known."""
        with transaction.atomic():
            count = outbox.requeue(
                delivery_ids=list(queryset.values_list("pk", flat=True)),
                by_ref=f"user:{request.user.pk}",
                at=timezone.now(),
            )
            outbox.ring_after_commit()
        self.message_user(
            request,
            ngettext("%d delivery is back in the queue.", "%d deliveries are back in the queue.", count)
            % count,
        )


@admin.register(Lane)
class LaneAdmin(_ReadOnly):
    """How each channel is doing."""

    list_display = ("channel", "name", "per_second", "parked_until", "parked_reason", "is_stopped")
    actions = ("start_again",)

    @admin.action(description=_("Start again"), permissions=["operate"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[Lane]) -> None:
        """Let a lane move again once what stopped it is mended."""
        queryset.update(is_stopped=False, parked_until=None, parked_reason="")
        transaction.on_commit(jobs.ring_relay, robust=True)
        self.message_user(request, _("The lanes move again."))


@admin.register(Suppression)
class SuppressionAdmin(_ReadOnly):
    """Addresses that refused for good."""

    list_display = ("channel", "address", "reason", "since")
    list_filter = ("channel",)
    search_fields = ("address", "address__exact")


@admin.register(Outbound)
class OutboundAdmin(_ReadOnly):
    """Whether anything may leave at all; held by itself after a database was put back."""

    list_display = ("__str__", "held_since", "held_reason", "released_at", "released_by")
    actions = ("release",)

    @admin.action(description=_("Let leave what is held"), permissions=["operate"])
    def release(self, request: HttpRequest, queryset: QuerySet[Outbound]) -> None:
        """Send what waits, once a person has looked at it."""
        if let_out(by_ref=f"user:{request.user.pk}", at=timezone.now()):
            transaction.on_commit(jobs.ring_relay, robust=True)
            self.message_user(request, _("What waits is on its way."))
        else:
            self.message_user(request, _("Nothing is held."), messages.WARNING)
