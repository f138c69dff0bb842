"""Requests for erasure on the desk of operations: who asked when, and what was answered."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.permissions import Desk, DeskAdmin, desk_of, signed_in
from projects.domain.errors import DomainError
from projects.models import ErasureRequest
from projects.operations.personal import answer_erasure


class ErasureAnswerForm(forms.Form):
    """What was erased and what has to stay."""

    answer = forms.CharField(
        label=gettext_lazy("What was erased and what has to stay, in words the contractor reads"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    erase = forms.BooleanField(
        label=gettext_lazy("Erase this person now"),
        required=False,
        help_text=gettext_lazy(
            "Name, addresses, login, papers and words go for good. Terms, hours and figures stay, and no sum moves. "
            "The answer cannot be read in the portal then: send it by another way too."
        ),
    )


@admin.register(ErasureRequest)
class ErasureRequestAdmin(DeskAdmin[ErasureRequest]):
    """Requests, the open ones first."""

    visible = staticmethod(lambda _user: ErasureRequest.objects.all())
    change_form_template = "admin/projects/answerable.html"
    list_display = ("asked_at", "contractor", "closed_at", "closed_by")
    list_select_related = ("contractor", "closed_by")
    ordering = ("closed_at", "-asked_at")
    fields = ("contractor", "asked_at", "closed_at", "closed_by", "answer")

    def desk_may_view(self, desk: Desk) -> bool:
        """Operations answer them; auditors and finance see that they were."""
        return desk.sees_everything

    def get_urls(self) -> list[URLPattern]:
        """The ordinary pages, and the answer."""
        view = self.admin_site.admin_view(answer)
        return [path("<int:pk>/answer/", view, name="projects_erasure_answer"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The request's page, with a way to answer it."""
        row = self.get_object(request, object_id)
        may_answer = row is not None and row.closed_at is None and desk_of(request).is_operations
        address = reverse("admin:projects_erasure_answer", args=[object_id]) if may_answer else ""
        return super().change_view(
            request, object_id, form_url, {"answer_address": address, **(extra_context or {})}
        )


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one request."""
    if not desk_of(request).is_operations:
        raise Http404
    row = get_object_or_404(ErasureRequest.objects.select_related("contractor"), pk=pk)
    form = ErasureAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(request, row, form):
        return HttpResponseRedirect(reverse("admin:projects_erasurerequest_change", args=[pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Answer a request for erasure"),
        "row": row,
        "form": form,
        "opts": ErasureRequest._meta,
    }
    return TemplateResponse(request, "admin/projects/erasurerequest/answer.html", context)


def _answered(request: HttpRequest, row: ErasureRequest, form: ErasureAnswerForm) -> bool:
    try:
        answer_erasure(
            request=row,
            answer=form.cleaned_data["answer"],
            erase=form.cleaned_data["erase"],
            by=signed_in(request),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, _("Recorded; the contractor reads it in the portal."))
    return True
