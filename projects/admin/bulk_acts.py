"""One act on several pauses at once, after a page that says whom each of them would tell."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import access
from projects.admin.acts import ACTS, Act, proposed_next_word
from projects.admin.fields import numbers_in
from projects.admin.permissions import signed_in
from projects.admin.words import zone_of
from projects.domain.errors import DomainError
from projects.models import Pause, User
from projects.queries.recipients import contractors_reached

MOST = 50
IN_BULK = ("nothing-new", "resume")


def chosen(pauses: QuerySet[Pause], name: str) -> HttpResponse:
    """On to the page that shows what the act would do to the chosen pauses."""
    ids = pauses.order_by("pk").values_list("pk", flat=True)[:MOST]
    address = reverse("admin:projects_pause_bulk", args=[name])
    return HttpResponseRedirect(f"{address}?{urlencode([('id', pk) for pk in ids])}")


def bulk(request: HttpRequest, name: str) -> HttpResponse:
    """Show whom the act would tell, pause by pause; when it is confirmed, do it to each that can be done."""
    act = ACTS.get(name) if name in IN_BULK else None
    if act is None:
        raise Http404
    pauses = _asked(request)
    at = timezone.now()
    zone = zone_of(pauses[0]) if pauses else "UTC"
    first_word = {"next_update_by": proposed_next_word(pauses[0], at=at)} if pauses else {}
    form = act.form(request.POST if request.method == "POST" else None, initial=first_word, zone=zone)
    if request.method == "POST" and pauses and form.is_valid():
        _do(request, act, form, pauses, by=signed_in(request), at=at)
        return HttpResponseRedirect(reverse("admin:projects_pause_changelist"))
    context = {
        **admin.site.each_context(request),
        "title": act.title,
        "act": act,
        "form": form,
        "zone": zone,
        "rows": [(pause, contractors_reached(pause).count()) for pause in pauses],
        "opts": Pause._meta,
    }
    return TemplateResponse(request, "admin/projects/pause/bulk.html", context)


def _asked(request: HttpRequest) -> list[Pause]:
    """The open pauses in the address that the reader may change; others are left out."""
    numbers = numbers_in(request.GET.getlist("id"))[:MOST]
    rows = access.pauses_visible_to(request.user).filter(pk__in=numbers)
    listed = rows.select_related("project__client", "client").order_by("pk")
    return [row for row in listed if row.is_open and access.may_change_pause(request.user, row)]


def _do(
    request: HttpRequest, act: Act, form: object, pauses: Sequence[Pause], *, by: User, at: datetime
) -> None:
    done = 0
    for pause in pauses:
        try:
            act.perform(pause, form, by, at)
        except DomainError as error:
            messages.error(request, f"{pause}: {error.message}")
        else:
            done += 1
    if done:
        words = ngettext("Done for %(n)d pause.", "Done for %(n)d pauses.", done)
        messages.success(request, words % {"n": done})
    elif not messages.get_messages(request):
        messages.error(request, _("Nothing was done."))
