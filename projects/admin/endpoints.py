"""Integrations on the desk: endpoints for events, their secrets, what was sent to them, and sending it again."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications.models import Endpoint
from projects import access
from projects.admin.permissions import Desk, DeskAdmin, signed_in
from projects.domain.errors import DomainError
from projects.domain.event_types import CATALOGUE
from projects.operations.endpoints import (
    EndpointFacts,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    replay,
    rotate_secret,
    send_test_event,
    set_enabled,
    show_secret,
)
from projects.queries.endpoints import deliveries_to, sent_events

A_PAGE = 25


class EndpointForm(forms.Form):
    """What an endpoint is called, where it is, and what it hears."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What it is for, such as Payroll.")
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("Where events are posted. It begins with https:// and is out in the open."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(event.name, f"{event.name} · {event.says}") for event in CATALOGUE.values()],
        widget=forms.CheckboxSelectMultiple,
    )

    def facts(self) -> EndpointFacts:
        """What was typed, for the operation."""
        told = self.cleaned_data
        return EndpointFacts(told["name"], told["url"], tuple(told["events"]))


@admin.register(Endpoint)
class EndpointAdmin(DeskAdmin[Endpoint]):
    """Endpoints: one's own; operations see everybody's."""

    visible = staticmethod(access.endpoints_visible_to)
    list_display = ("name", "url", "owner", "standing")
    list_select_related = ("owner",)
    search_fields = ("name", "url")

    def desk_may_view(self, desk: Desk) -> bool:
        """Whoever has a desk may connect an integration to it."""
        return bool(access.may_connect(desk.user))

    def _is_bounded(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may look may connect."""
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, row: Endpoint) -> str:
        """Whether events go there."""
        if not row.is_enabled:
            return _("switched off")
        return _("failing") if row.failing_since else _("on")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Connect an integration."""
        if not self.has_add_permission(request):
            raise Http404
        form = EndpointForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            row = _tried(
                form, lambda: add_endpoint(facts=form.facts(), by=signed_in(request), at=timezone.now())
            )
            if row is not None:
                messages.success(
                    request, _("Connected. Copy the secret into your receiver, then send a test event.")
                )
                return HttpResponseRedirect(_page_of(row))
        context = {**admin.site.each_context(request), "form": form, "title": _("Connect an integration")}
        return TemplateResponse(
            request, "admin/projects/endpoint/add.html", {**context, "opts": Endpoint._meta}
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The endpoint's page: what it hears, what was sent to it, and what can be done."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        facts = {"name": row.name, "url": row.url, "events": row.events}
        form = EndpointForm(request.POST if request.POST.get("act") == "change" else None, initial=facts)
        shown: dict[str, str] = {}
        if request.method == "POST":
            answer = _act(request, row, form, shown)
            if answer is not None:
                return answer
        return TemplateResponse(
            request, "admin/projects/endpoint/page.html", _page(request, row, form, shown)
        )


def _page(
    request: HttpRequest, row: Endpoint, form: EndpointForm, shown: Mapping[str, str]
) -> dict[str, Any]:
    page = Paginator(deliveries_to(row), A_PAGE).get_page(request.GET.get("page"))
    return {
        **admin.site.each_context(request),
        "title": row.name,
        "row": row,
        "form": form,
        "opts": Endpoint._meta,
        "page": page,
        "sent": sent_events(list(page.object_list)),
        "has_old_secret": row.previous_until is not None and row.previous_until > timezone.now(),
        **shown,
    }


def _act(
    request: HttpRequest, row: Endpoint, form: EndpointForm, shown: dict[str, str]
) -> HttpResponse | None:
    """Do what was asked; an answer, or None to show the page again (with the secret, or with what is wrong)."""
    act = request.POST.get("act", "")
    if act == "secret":
        shown["secret"] = show_secret(endpoint=row, by=signed_in(request), at=timezone.now())
        return None
    if act == "change":
        at, by = timezone.now(), signed_in(request)
        is_done = form.is_valid() and _tried(
            form, lambda: change_endpoint(endpoint=row, facts=form.facts(), by=by, at=at)
        )
        if not is_done:
            return None
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_page_of(row))
    if act not in _ACTS:
        raise Http404
    try:
        messages.success(request, _ACTS[act](request, row))
    except DomainError as error:
        messages.error(request, error.message)
    place = reverse("admin:notifications_endpoint_changelist") if act == "remove" else _page_of(row)
    return HttpResponseRedirect(place)


def _test(request: HttpRequest, row: Endpoint) -> str:
    send_test_event(endpoint=row, by=signed_in(request), at=timezone.now())
    return _("A test event is on its way; its line below shows what came of it.")


def _rotate(request: HttpRequest, row: Endpoint) -> str:
    rotate_secret(endpoint=row, by=signed_in(request), at=timezone.now())
    return _("There is a new secret. For 24 hours events carry the signatures of both.")


def _switch(request: HttpRequest, row: Endpoint) -> str:
    fresh = set_enabled(endpoint=row, is_enabled=not row.is_enabled, by=signed_in(request), at=timezone.now())
    return _("Events go there again.") if fresh.is_enabled else _("Events no longer go there.")


def _remove(request: HttpRequest, row: Endpoint) -> str:
    remove_endpoint(endpoint=row, by=signed_in(request), at=timezone.now())
    return _("The integration is disconnected.")


def _replay(request: HttpRequest, row: Endpoint) -> str:
    chosen = [int(each) for each in request.POST.getlist("delivery") if each.isascii() and each.isdigit()]
    count = replay(endpoint=row, delivery_ids=chosen, by=signed_in(request), at=timezone.now())
    return ngettext("%d event is on its way again.", "%d events are on their way again.", count) % count


_ACTS: Mapping[str, Callable[[HttpRequest, Endpoint], str]] = {
    "test": _test,
    "rotate": _rotate,
    "switch": _switch,
    "remove": _remove,
    "replay": _replay,
}


def _tried(form: EndpointForm, act: Callable[[], Endpoint]) -> Endpoint | None:
    """Run an operation; what it refuses stands at its field."""
    try:
        return act()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def _page_of(row: Endpoint) -> str:
    return reverse("admin:notifications_endpoint_change", args=[row.pk])
