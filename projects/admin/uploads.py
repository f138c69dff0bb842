"""Files on the desk: hand one in, see what it would do, answer, apply, undo, fetch what is wrong with it."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import access
from projects.admin.permissions import Desk, DeskAdmin, signed_in
from projects.admin.upload_forms import HandInForm, MappingForm, question_form
from projects.domain.errors import DomainError
from projects.imports.mapping import from_json
from projects.models import Upload
from projects.operations.mappings import save_mapping
from projects.operations.uploads import (
    answer_upload,
    ask_to_apply,
    discard_upload,
    receive_upload,
    undo_upload,
)
from projects.queries.uploads import rows_so_far

SHOWN = 100
IN_WORK = ("checking", "applying")
COUNTS = (
    "added", "known", "replaced", "closed", "unmatched", "rejected", "contractors_added", "contractors_changed",
    "engagements_added", "engagements_changed", "rates_added", "leavers",
)  # fmt: skip
ACTS = {"apply": ask_to_apply, "undo": undo_upload, "discard": discard_upload}


@admin.register(Upload)
class UploadAdmin(DeskAdmin[Upload]):
    """Files that were handed in, and how far each has come."""

    visible = staticmethod(lambda _user: Upload.objects.all())
    list_display = ("file_name", "kind", "state", "uploaded_at", "by")
    list_filter = ("kind", "state")
    list_select_related = ("by",)
    search_fields = ("file_name",)

    def desk_may_view(self, desk: Desk) -> bool:
        """Those who may bring files in, and auditors: a file may hold anybody's hours."""
        return desk.sees_everything

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who may bring files in."""
        return access.may_import(request.user)

    def get_urls(self) -> list[URLPattern]:
        """The acts and files of one upload, before the admin's own pages."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/act/<str:name>/", view(self.act), name="projects_upload_act"),
            path("<int:pk>/answer/", view(self.answer), name="projects_upload_answer"),
            path("<int:pk>/progress/", view(self.progress), name="projects_upload_progress"),
            path("<int:pk>/<str:name>.csv", view(self.fetch), name="projects_upload_file"),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Hand a file in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HandInForm(request.POST or None, request.FILES or None, initial={"kind": "hours"})
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            said = {"kind": typed["kind"], "file": typed["file"], "name": typed["file"].name}
            try:
                upload = receive_upload(
                    **said, options=form.options(), by=signed_in(request), at=timezone.now()
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                return _to(upload.pk)
        return self._page(request, "add", {"title": _("Bring in hours or a roster"), "form": form})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One file: where it stands, what it would do or did, and what can be done with it."""
        upload = self._upload(request, object_id)
        return self._show(request, upload, question_form(upload))

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the answer to what the file leaves open."""
        upload = self._upload(request, str(pk))
        form = question_form(upload, request.POST or None)
        if request.method != "POST" or form is None:
            return _to(pk)
        if not form.is_valid():
            return self._show(request, upload, form)
        try:
            answers = _answers(request, form)
            answer_upload(upload=upload, answers=answers, by=signed_in(request), at=timezone.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self._show(request, upload, form)
        return _to(pk)

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Apply, undo or discard."""
        upload = self._upload(request, str(pk))
        if request.method == "POST" and name in ACTS:
            try:
                ACTS[name](upload=upload, by=signed_in(request), at=timezone.now())
            except DomainError as error:
                messages.error(request, error.message)
        return _to(pk)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where it stands, alone, for a page that asks again every few seconds."""
        upload = self._upload(request, str(pk))
        if upload.state not in IN_WORK:
            response = HttpResponse()
            response["HX-Refresh"] = "true"
            return response
        context = {"upload": upload, "rows": rows_so_far(upload)}
        return TemplateResponse(request, "admin/projects/upload/_progress.html", context)

    def fetch(self, request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
        """The bad rows, or every week or difference, as CSV."""
        upload = self._upload(request, str(pk))
        held = {"rejects": upload.rejects, "details": upload.details}.get(name)
        if not held:
            raise Http404
        return FileResponse(held.open("rb"), as_attachment=True, filename=f"{name}-{pk}.csv")

    def _upload(self, request: HttpRequest, object_id: str) -> Upload:
        upload = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if upload is None:
            raise Http404
        return upload

    def _show(self, request: HttpRequest, upload: Upload, form: forms.Form | None) -> HttpResponse:
        found = upload.findings
        context = {
            "title": upload.file_name,
            "upload": upload,
            "form": form,
            "rows": rows_so_far(upload),
            "may_act": access.may_import(request.user),
            "counts": [(name.replace("_", " "), found[name]) for name in COUNTS if name in found],
            "weeks": [_week(week) for week in found.get("weeks", [])[:SHOWN]],
            "changes": [
                {**change, "kind": change["kind"].replace("_", " ")}
                for change in found.get("changes", [])[:SHOWN]
            ],
            "errors": found.get("errors", [])[:SHOWN],
            "more": max(0, found.get("weeks_total", found.get("changes_total", 0)) - SHOWN),
        }
        return self._page(request, "page", context)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        told = {**self.admin_site.each_context(request), "opts": Upload._meta, **context}
        return TemplateResponse(request, f"admin/projects/upload/{name}.html", told)


def _answers(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    if not isinstance(form, MappingForm):
        return dict(form.cleaned_data)
    text = json.dumps(form.mapping())
    mapping = from_json(text)
    if mapping.name:
        save_mapping(mapping=mapping, by=signed_in(request), at=timezone.now())
    return {"mapping": text}


def _week(week: dict[str, Any]) -> dict[str, Any]:
    hours = {name: f"{week[name] / 3600:,.2f}" for name in ("in_file", "before", "replaced", "after")}
    return {**week, **hours}


def _to(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:projects_upload_change", args=[pk]))
