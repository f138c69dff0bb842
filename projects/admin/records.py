"""Records on the desk: what was estimated, which hours were taken in, and who did what."""

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from projects import access
from projects.admin.permissions import Desk, DeskAdmin, signed_in
from projects.domain.errors import NotAllowed
from projects.domain.money import format_money
from projects.models import AuditEvent, HoursImport, LostIncomeEstimate
from projects.operations.audit_export import export_trail


@admin.register(LostIncomeEstimate)
class EstimateAdmin(DeskAdmin[LostIncomeEstimate]):
    """What each engagement loses, as each run computed it."""

    visible = staticmethod(access.estimates_visible_to)
    list_display = ("engagement", "pause_named", "as_of", "lost", "likely_range", "is_provisional")
    list_select_related = (
        "engagement__contractor",
        "engagement__project",
        "run__pause__project",
        "run__pause__client",
    )
    search_fields = (
        "engagement__contractor__name",
        "engagement__contractor__email",
        "engagement__project__code",
    )
    fields = (
        "engagement", "pause_named", "as_of", "starts_on", "ends_on", "expected", "earned", "recovered", "standby",
        "lost", "likely_range", "method", "is_provisional", "explained",
    )  # fmt: skip
    readonly_fields = (
        "pause_named", "as_of", "expected", "earned", "recovered", "standby", "lost", "likely_range", "method",
        "explained",
    )  # fmt: skip
    ordering = ("-pk",)  # as they were computed: the run's own hour would be sorted anew for every page

    def get_queryset(self, request: HttpRequest) -> QuerySet[LostIncomeEstimate]:
        """Without what the firm's past taught each run: fifty rows would read it fifty times."""
        return super().get_queryset(request).defer("run__context")

    @admin.display(description=_("pause"))
    def pause_named(self, row: LostIncomeEstimate) -> str:
        """Which pause it is the loss of."""
        return str(row.run.pause)

    @admin.display(description=_("as of"))
    def as_of(self, row: LostIncomeEstimate) -> str:
        """The day up to which facts were taken."""
        return row.run.as_of.isoformat()

    @admin.display(description=_("method"))
    def method(self, row: LostIncomeEstimate) -> str:
        """The version of the method."""
        return row.run.method_version

    @admin.display(description=_("expected"))
    def expected(self, row: LostIncomeEstimate) -> str:
        """Expected without the pause."""
        return format_money(row.expected_minor, row.currency)

    @admin.display(description=_("earned"))
    def earned(self, row: LostIncomeEstimate) -> str:
        """Earned during it."""
        return format_money(row.earned_minor, row.currency)

    @admin.display(description=_("recovered"))
    def recovered(self, row: LostIncomeEstimate) -> str:
        """Earned elsewhere instead."""
        return format_money(row.recovered_minor, row.currency)

    @admin.display(description=_("standby"))
    def standby(self, row: LostIncomeEstimate) -> str:
        """Paid for waiting."""
        return format_money(row.standby_minor, row.currency)

    @admin.display(description=_("lost"), ordering="lost_minor")
    def lost(self, row: LostIncomeEstimate) -> str:
        """What remains lost."""
        return str(_("no loss")) if row.lost_minor <= 0 else format_money(row.lost_minor, row.currency)

    @admin.display(description=_("80 % range"))
    def likely_range(self, row: LostIncomeEstimate) -> str:
        """Between which amounts it lies in four of five cases."""
        return (
            f"{format_money(row.low80_minor, row.currency)} – {format_money(row.high80_minor, row.currency)}"
        )

    @admin.display(description=_("lines"))
    def explained(self, row: LostIncomeEstimate) -> SafeString:
        """The arithmetic as it was recorded."""
        return as_code(row.lines)


@admin.register(HoursImport)
class HoursImportAdmin(DeskAdmin[HoursImport]):
    """Files of hours that were taken in, and which rows were refused."""

    visible = staticmethod(lambda _user: HoursImport.objects.all())
    list_display = (
        "file_name",
        "format",
        "started_at",
        "by",
        "rows_read",
        "rows_added",
        "rows_known",
        "rows_rejected",
    )
    list_filter = ("format",)
    list_select_related = ("by",)
    search_fields = ("file_name",)
    fields = (
        "file_name", "format", "by", "started_at", "finished_at", "undone_at", "rows_read", "rows_added",
        "rows_known", "rows_rejected", "refused",
    )  # fmt: skip
    readonly_fields = ("refused",)

    def desk_may_view(self, desk: Desk) -> bool:
        """Firm-wide roles: a file may hold anybody's hours."""
        return desk.sees_everything

    @admin.display(description=_("refused rows"))
    def refused(self, row: HoursImport) -> SafeString:
        """Line and reason of each refused row."""
        return as_code(row.errors)


@admin.register(AuditEvent)
class AuditEventAdmin(DeskAdmin[AuditEvent]):
    """Who did what, when, before and after; each row sealed by the one before."""

    visible = staticmethod(lambda _user: AuditEvent.objects.all())
    list_display = ("number", "at", "by", "verb", "subject_ref")
    list_filter = ("verb",)
    list_select_related = ("by",)
    search_fields = ("subject_ref", "verb", "by__email")
    fields = (
        "number",
        "at",
        "by",
        "verb",
        "subject_ref",
        "stood_before",
        "stood_after",
        "previous_hash",
        "hash",
    )
    readonly_fields = ("stood_before", "stood_after")
    ordering = ("-number",)

    def get_urls(self) -> list[URLPattern]:
        """The trail as a file, behind the admin's gate."""
        export = self.admin_site.admin_view(require_POST(export_audit))
        return [path("export/", export, name="projects_auditevent_export"), *super().get_urls()]

    def desk_may_view(self, desk: Desk) -> bool:
        """Those who may read the audit trail."""
        return desk.may_see_audit

    @admin.display(description=_("before"))
    def stood_before(self, event: AuditEvent) -> SafeString:
        """What stood before."""
        return as_code(event.before)

    @admin.display(description=_("after"))
    def stood_after(self, event: AuditEvent) -> SafeString:
        """What stood after."""
        return as_code(event.after)


def as_code(facts: object) -> SafeString:
    """Recorded facts, laid out to be read."""
    return format_html('<pre class="facts">{}</pre>', json.dumps(facts, indent=2, ensure_ascii=False))


def export_audit(request: HttpRequest) -> StreamingHttpResponse:
    """The whole trail as a file; that it was taken is the last row in it."""
    try:
        lines = export_trail(by=signed_in(request), at=timezone.now())
    except NotAllowed as error:
        raise Http404 from error
    headers = {"Content-Disposition": 'attachment; filename="audit-trail.jsonl"'}
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)
