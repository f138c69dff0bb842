"""Who sees and does what in the admin: every question goes to the one access policy, none to permission rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst

from notifications.paging import BoundedPaginator
from projects import access
from projects.admin.verbs import fact_name, fact_words, in_words
from projects.models import AuditEvent, User

Row = TypeVar("Row", bound=Model)
Visible = Callable[[User | AnonymousUser | None], QuerySet[Any]]

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
else:
    # Django's admin classes know no type parameters while running.

    class ModelAdmin(admin.ModelAdmin):
        """Django's own, which accepts a row type."""

        def __class_getitem__(cls, _row: object) -> type:
            """Give the class itself."""
            return cls

    class TabularInline(admin.TabularInline):
        """Django's own, which accepts row types."""

        def __class_getitem__(cls, _rows: object) -> type:
            """Give the class itself."""
            return cls


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person may open in the admin, asked once a request."""

    user: User
    has_desk: bool
    is_operations: bool
    is_finance: bool
    is_lead: bool
    sees_everything: bool
    may_see_audit: bool


def desk_of(request: HttpRequest) -> Desk:
    """The desk of whoever asks; the answers hold for this request only, so that a role taken away acts at once."""
    known: Desk | None = getattr(request, "_desk", None)
    if known is None:
        known = _desk_of(signed_in(request))
        request._desk = known  # type: ignore[attr-defined]
    return known


def _desk_of(user: User) -> Desk:
    sees_everything, is_lead = access.sees_everything(user), bool(access.is_lead(user))
    return Desk(
        user=user,
        has_desk=sees_everything or is_lead,
        is_operations=bool(access.is_operations(user)),
        is_finance=bool(access.is_finance(user)),
        is_lead=is_lead,
        sees_everything=sees_everything,
        may_see_audit=access.may_see_audit(user),
    )


def has_a_desk(request: HttpRequest) -> bool:
    """Whether somebody signed in has a desk at all."""
    return isinstance(request.user, User) and desk_of(request).has_desk


def runs_the_firm(request: HttpRequest) -> bool:
    """Whether somebody signed in is operations."""
    return isinstance(request.user, User) and desk_of(request).is_operations


def leads_or_runs(request: HttpRequest) -> bool:
    """Whether somebody leads, owns or runs anything; which row it may be is asked where it is acted on."""
    return isinstance(request.user, User) and (desk_of(request).is_lead or desk_of(request).is_operations)


def signed_in(request: HttpRequest) -> User:
    """The user of a request that the admin has let in.

    Raises Http404 when nobody is signed in, which the admin's own gate prevents.
    """
    if not isinstance(request.user, User):
        raise Http404
    return request.user


class DeskAdmin(ModelAdmin[Row]):
    """Rows as the access policy shows them; read-only unless a page says which operation writes."""

    visible: Visible
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    actions: Any = None

    def desk_may_view(self, desk: Desk) -> bool:
        """Whether this kind of row is on somebody's desk at all."""
        return desk.has_desk

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Rows the access policy shows; a foreign row does not exist."""
        rows = super().get_queryset(request)
        if not self._is_bounded(request):
            return rows
        visible = type(self).visible(request.user)
        if visible.query.distinct:  # filtering on could no longer count and order rows as they are
            return rows.filter(pk__in=visible.values("pk"))
        order = self.get_ordering(request)
        return visible.order_by(*order) if order else visible

    def _is_bounded(self, request: HttpRequest) -> bool:
        return not desk_of(request).sees_everything

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the desk's list of rooms names this one."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Whether this kind of row may be looked at; which rows, the query set says."""
        return isinstance(request.user, User) and self.desk_may_view(desk_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No, unless a page says which operation makes the row."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """No, unless a page says which operation changes the row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Never: the record is kept."""
        return False

    def _get_obj_does_not_exist_redirect(self, *_args: Any) -> NoReturn:
        """A row that is not in the set is not found, and that is all anybody learns."""
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list under the name of what it lists: most of it is there to be read, not to be chosen from."""
        title = capfirst(self.model._meta.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what with this row, from the sealed audit trail."""
        if not self.has_view_permission(request):
            raise PermissionDenied  # before it is looked for: nobody learns which rows there are
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        events = (
            AuditEvent.objects.filter(subject_ref=audit_ref(row))
            .select_related("by")
            .order_by("-number")[:200]
        )
        told = {"audit_events": [_told(event) for event in events], **(extra_context or {})}
        return super().history_view(request, object_id, extra_context=told)

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override]
        """Nothing: the operation has written its audit row."""

    def log_change(self, *_args: Any) -> None:  # type: ignore[override]
        """Nothing: the operation has written its audit row."""


def _told(event: AuditEvent) -> dict[str, Any]:
    """An audit row in words, with what differs between before and after, fact by fact."""
    before, after = event.before, event.after
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    changes = [
        (fact_name(name), fact_words(name, before.get(name)), fact_words(name, after.get(name)))
        for name in names
    ]
    return {"verb": in_words(event.verb), "at": event.at, "by": event.by, "changes": changes}


def audit_ref(row: Model) -> str:
    """How the audit trail names a row."""
    ref: str | None = getattr(row, "ref", None)
    return ref or f"{row._meta.model_name}:{row.pk}"


class ReadOnlyRows(TabularInline[Any, Any]):
    """Rows under their parent, to look at."""

    template = "admin/projects/_rows.html"
    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the parent sees these."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False
