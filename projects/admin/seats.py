"""Open seats on the desk: what is open, who would like it, and offering it to one person."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.form_pages import FormWords, form_page, typed
from projects.admin.permissions import DeskAdmin, leads_or_runs, signed_in
from projects.admin.seat_forms import OfferForm, SeatForm, SkillsForm, seat_as_typed
from projects.admin.words import hours_words, rate_sentence
from projects.domain.money import rate_to_decimal
from projects.models import Contractor, OpenSeat, Project, User
from projects.operations.seats import change_seat, offer_seat, open_seat, set_skills, withdraw_offer
from projects.queries.seats import candidates_of

# What operations call by another name than the form of a seat does.
_FIELD_OF = {"amount_millionths": "lowest", "highest_millionths": "highest"}


@admin.register(OpenSeat)
class OpenSeatAdmin(DeskAdmin[OpenSeat]):
    """Work that is looking for somebody; offered to people whose work is paused."""

    visible = staticmethod(lambda user: OpenSeat.objects.filter(project__in=access.projects_visible_to(user)))
    list_display = ("title", "project", "seats", "pays", "hours_a_week", "opened_on", "closes_on")
    list_filter = (("project", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("project",)
    search_fields = ("title", "project__code")
    fields = (
        "project", "title", "seats", "pays", "hours_a_week", "open_to", "asks_for", "opened_on", "closes_on",
    )  # fmt: skip
    readonly_fields = ("pays", "hours_a_week", "open_to", "asks_for")

    @admin.display(description=_("pays"))
    def pays(self, seat: OpenSeat) -> str:
        """The rate in words, with its range."""
        lowest = rate_sentence(seat.amount_millionths, seat.currency, seat.basis)
        if seat.highest_millionths is None:
            return lowest
        return f"{lowest} – {rate_sentence(seat.highest_millionths, seat.currency, seat.basis)}"

    @admin.display(description=_("hours a week"))
    def hours_a_week(self, seat: OpenSeat) -> str:
        """Hours, where they are agreed."""
        return hours_words(seat.weekly_seconds)

    @admin.display(description=_("open to people in"))
    def open_to(self, seat: OpenSeat) -> str:
        """Countries, or anywhere."""
        return ", ".join(seat.countries) or str(_("any country"))

    @admin.display(description=_("skills asked for"))
    def asks_for(self, seat: OpenSeat) -> str:
        """Skills, or none."""
        return ", ".join(seat.skills) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether opening a seat is anything for this person; the form offers only projects they lead."""
        return leads_or_runs(request)

    def get_urls(self) -> list[URLPattern]:
        """Changing a seat, and offering it, behind the admin's gate."""
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/edit/", guarded(edit), name="projects_seat_edit"),
            path("<int:pk>/offer/<int:contractor>/", guarded(offer), name="projects_seat_offer"),
            path("<int:pk>/withdraw/<int:contractor>/", guarded(withdraw), name="projects_seat_withdraw"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Open a seat on `?project=ID`."""
        if not self.has_add_permission(request):
            raise Http404
        return add(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The seat's page, with the people who would like it and those it fits."""
        seat = self.get_object(request, object_id)
        may_offer = seat is not None and access.may_pause(signed_in(request), project=seat.project)
        told: dict[str, Any] = {"may_offer": may_offer}
        if seat is not None and may_offer:
            told["candidates"] = candidates_of(seat, user=signed_in(request), at=timezone.now())
        return super().change_view(request, object_id, form_url, told | (extra_context or {}))


def add(request: HttpRequest) -> HttpResponse:
    """Open a seat on a project the reader leads."""
    project = _project(request)
    today = timezone.now().date()
    form = SeatForm(typed(request), initial={"currency": "USD", "basis": "hour", "opened_on": today})
    words = FormWords(
        title=_("Open seats on %(project)s") % {"project": project.code},
        lede=_("People whose work is paused see seats that fit them in the portal and in their notice."),
        button=_("Open the seats"),
        done=_("The seats are open."),
    )
    return _seat_form(
        request, form, words, lambda by, at: open_seat(project=project, facts=form.facts(), by=by, at=at)
    )


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a seat asks and pays; offers that stand keep their terms."""
    seat = _seat(request, pk)
    form = SeatForm(typed(request), initial=seat_as_typed(seat))
    words = FormWords(
        title=_("Change %(seat)s") % {"seat": seat},
        lede=_("Offers that stand keep the terms they were made on."),
        button=_("Keep the change"),
        done=_("The seat is changed."),
    )
    return _seat_form(
        request,
        form,
        words,
        lambda by, at: change_seat(seat=seat, facts=form.facts(), by=by, at=at),
        seat=seat,
    )


def offer(request: HttpRequest, pk: int, contractor: int) -> HttpResponse:
    """Offer the seat to one person."""
    seat = _seat(request, pk)
    people = candidates_of(seat, user=signed_in(request), at=timezone.now())
    person = get_object_or_404(Contractor, pk=contractor)
    if person.pk not in {candidate.contractor_id for candidate in people}:
        raise Http404
    initial = {
        "starts_on": timezone.now().date() + timedelta(days=1),
        "rate": rate_to_decimal(seat.amount_millionths).normalize(),
        "hours": seat_as_typed(seat)["hours"],
    }
    form = OfferForm(typed(request), initial=initial)
    words = FormWords(
        title=_("Offer %(seat)s to %(person)s") % {"seat": seat, "person": person},
        lede=_(
            "They are told at once and answer in the portal. Once they say yes they are engaged on these terms."
        ),
        button=_("Offer it"),
        done=_("The offer is on its way."),
    )
    return _seat_form(
        request,
        form,
        words,
        lambda by, at: offer_seat(seat=seat, contractor=person, terms=form.terms(), by=by, at=at),
        seat=seat,
        field_of={"amount_millionths": "rate"},
    )


def withdraw(request: HttpRequest, pk: int, contractor: int) -> HttpResponse:
    """Take back an offer that was not answered."""
    seat = _seat(request, pk)
    rows = seat.candidacies.filter(state="offered").select_related("contractor")
    person = get_object_or_404(rows, contractor=contractor).contractor
    words = FormWords(
        title=_("Take back the offer to %(person)s") % {"person": person},
        lede=_("They are told that the offer no longer stands; the seat is free again."),
        button=_("Take it back"),
        done=_("The offer is taken back."),
    )
    return _seat_form(
        request,
        forms.Form(typed(request)),
        words,
        lambda by, at: withdraw_offer(seat=seat, contractor=person, by=by, at=at),
        seat=seat,
    )


def keep_skills(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a contractor on the reader's desk can do."""
    person = get_object_or_404(access.contractors_visible_to(request.user), pk=pk)
    if not access.may_keep_skills_of(request.user, person):
        raise Http404
    known = ", ".join(person.skills.values_list("name", flat=True))
    form = SkillsForm(typed(request), initial={"skills": known})
    return form_page(
        request,
        form=form,
        act=lambda by, at: set_skills(contractor=person, skills=form.skills_named(), by=by, at=at),
        words=FormWords(
            title=_("What %(person)s can do") % {"person": person},
            lede=_("Open seats are matched by these words and by country."),
            button=_("Keep the skills"),
            done=_("The skills are kept."),
        ),
        model=Contractor,
        back=reverse("admin:projects_contractor_change", args=[pk]),
    )


def _seat_form(
    request: HttpRequest,
    form: forms.Form,
    words: FormWords,
    act: Callable[[User, datetime], object],
    *,
    seat: OpenSeat | None = None,
    field_of: Mapping[str, str] = _FIELD_OF,
) -> HttpResponse:
    """One form about seats; it leads back to the seat, or to the list while there is none yet."""
    seats = reverse("admin:projects_openseat_changelist")
    back = reverse("admin:projects_openseat_change", args=[seat.pk]) if seat else seats
    return form_page(request, form=form, act=act, words=words, model=OpenSeat, back=back, field_of=field_of)


def _seat(request: HttpRequest, pk: int) -> OpenSeat:
    """A seat of a project the reader may offer work on; any other is not found."""
    seat: OpenSeat = get_object_or_404(OpenSeat.objects.select_related("project__client"), pk=pk)
    if not access.may_pause(request.user, project=seat.project):
        raise Http404
    return seat


def _project(request: HttpRequest) -> Project:
    visible: QuerySet[Project] = access.projects_visible_to(request.user)
    number = request.GET.get("project", "")
    project = visible.filter(pk=number).first() if number.isdecimal() else visible.order_by("code").first()
    if project is None or not access.may_pause(request.user, project=project):
        raise Http404
    return project
