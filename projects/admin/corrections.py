"""Corrections on the desk: what contractors say is wrong, the papers they sent, and the lead's answer."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.admin.permissions import DeskAdmin, signed_in
from projects.domain.errors import DomainError
from projects.models import Correction, CorrectionPaper
from projects.notices import correction_words
from projects.operations.correction_answers import accept_correction, decline_correction


class AnswerForm(forms.Form):
    """Accept it or say why not; the contractor reads the answer."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[
            ("accept", gettext_lazy("Accept it: the record is corrected and the estimate worked out again")),
            ("decline", gettext_lazy("Decline it: the record stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Your answer, which the contractor reads"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin[Correction]):
    """Claims with their answers; the open ones first."""

    visible = staticmethod(access.corrections_visible_to)
    change_form_template = "admin/projects/answerable.html"
    list_display = ("asked_at", "contractor", "project", "kind", "claimed", "state", "answered_by")
    list_filter = ("state", "kind", ("engagement__project", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("contractor", "engagement__project", "answered_by")
    search_fields = ("contractor__name", "contractor__email", "engagement__project__code")
    ordering = ("closed_at", "-asked_at", "-pk")
    fields = (
        "contractor", "project", "kind", "claimed", "words", "papers_sent", "asked_at", "state", "answered_by",
        "closed_at", "answer",
    )  # fmt: skip
    readonly_fields = ("project", "claimed", "papers_sent")

    @admin.display(description=gettext_lazy("project"), ordering="engagement__project__code")
    def project(self, row: Correction) -> str:
        """Where the work is."""
        return row.engagement.project.code

    @admin.display(description=gettext_lazy("what is right"))
    def claimed(self, row: Correction) -> str:
        """The claim in one line."""
        return correction_words(row)

    @admin.display(description=gettext_lazy("papers"))
    def papers_sent(self, row: Correction) -> SafeString:
        """Each paper, to be downloaded."""
        papers = [
            (
                reverse("admin:projects_correction_paper", args=[row.pk, paper.pk]),
                paper.name,
                paper.size // 1024 + 1,
            )
            for paper in row.papers.defer("content")
        ]
        return format_html_join("\n", '<p><a href="{}">{}</a> ({} KB)</p>', papers) or SafeString("–")

    def get_urls(self) -> list[URLPattern]:
        """The ordinary pages, the answer, and the papers."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/answer/", view(answer), name="projects_correction_answer"),
            path("<int:pk>/papers/<int:paper>/", view(hand_out), name="projects_correction_paper"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The claim's page, with a way to answer it."""
        row = self.get_object(request, object_id)
        may_answer = (
            row is not None and row.state == Correction.State.OPEN and access.may_answer(request.user, row)
        )
        address = reverse("admin:projects_correction_answer", args=[object_id]) if may_answer else ""
        return super().change_view(
            request, object_id, form_url, {"answer_address": address, **(extra_context or {})}
        )


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline one claim."""
    correction = _correction(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(request, correction, form):
        return HttpResponseRedirect(reverse("admin:projects_correction_change", args=[pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Answer a correction"),
        "correction": correction,
        "claimed": correction_words(correction),
        "papers": correction.papers.defer("content"),
        "form": form,
        "opts": Correction._meta,
    }
    return TemplateResponse(request, "admin/projects/correction/answer.html", context)


def hand_out(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """One paper, to be kept rather than shown: the browser runs nothing that is in it."""
    rows = CorrectionPaper.objects.filter(correction__in=access.corrections_visible_to(request.user))
    found = get_object_or_404(rows, pk=paper, correction=pk)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response


def _answered(request: HttpRequest, correction: Correction, form: AnswerForm) -> bool:
    act = accept_correction if form.cleaned_data["verdict"] == "accept" else decline_correction
    try:
        act(
            correction=correction,
            answer=form.cleaned_data["answer"],
            by=signed_in(request),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, _("Recorded; the contractor is being told."))
    return True


def _correction(request: HttpRequest, pk: int) -> Correction:
    """A claim the reader may answer; any other is not found."""
    rows = access.corrections_visible_to(request.user).select_related("engagement__project", "contractor")
    row = get_object_or_404(rows, pk=pk)
    if not access.may_answer(request.user, row):
        raise Http404
    return row
