"""What operations keep for everybody: usual answers in versions and languages, and minimum pay."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.admin import histories
from projects.admin.fields import DayField
from projects.admin.form_pages import FormWords, Words, form_page, typed
from projects.admin.permissions import DeskAdmin, desk_of
from projects.admin.words import rate_sentence
from projects.domain.money import decimal_to_rate
from projects.domain.pausing import MAX_ANSWER_CHARACTERS
from projects.models import AnswerTemplate, MinimumPay
from projects.models.pauses import ReasonCode
from projects.operations.answer_templates import keep_template
from projects.operations.minimum_pay import keep_minimum_pay
from projects.queries.reasons import answers_from_template, usual_next_word


def _answer(label: Words) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # the stubs want their own name of a promise
        max_length=MAX_ANSWER_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TemplateForm(forms.Form):
    """The usual answers of one reason in one language."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices)
    locale = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$",
        max_length=8,
        label=_("Language, such as en, es or pt-BR"),
        initial="en",
    )
    what_stopped = _answer(_("What stops?"))
    why = _answer(_("Why, in words contractors may read?"))
    what_happens_to_pay = _answer(_("What happens to pay?"))
    what_to_do_now = _answer(_("What should people do now?"))


class MinimumPayForm(forms.Form):
    """The least an hour may pay in a country, and where it says so."""

    country = forms.CharField(label=_("Country, two letters such as PH"), min_length=2, max_length=2)
    starts_on = DayField(label=_("In force from"))
    amount = forms.DecimalField(label=_("Amount an hour"), min_value=0, max_digits=15, decimal_places=6)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    source = forms.CharField(label=_("Where it says so"), max_length=300)


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(DeskAdmin[AnswerTemplate]):
    """The usual answers, every version of them."""

    visible = staticmethod(lambda _user: AnswerTemplate.objects.all())
    list_display = ("reason_code", "locale", "version", "made_at", "made_by")
    list_filter = ("reason_code", "locale")
    list_select_related = ("made_by",)
    fields = ("reason_code", "locale", "version", *AnswerTemplate.ANSWERS, "made_at", "made_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operations alone change what everybody begins with."""
        return desk_of(request).is_operations

    def get_urls(self) -> list[URLPattern]:
        """Versions side by side, behind the admin's gate."""
        versions = self.admin_site.admin_view(histories.template_versions)
        return [
            path("<int:pk>/versions/", versions, name="projects_answertemplate_versions"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make the next version, beginning with `?from=ID` or with the answers that come with the hub."""
        if not self.has_add_permission(request):
            raise Http404
        form = TemplateForm(typed(request), initial=_first_words(request))
        return form_page(
            request,
            form=form,
            act=lambda by, at: keep_template(
                reason_code=form.cleaned_data["reason_code"],
                locale=form.cleaned_data["locale"],
                answers={name: form.cleaned_data[name] for name in AnswerTemplate.ANSWERS},
                by=by,
                at=at,
            ),
            words=FormWords(
                title=_("New version of the usual answers"),
                lede=_(
                    "Write {target} for what is paused and {client} for the client. "
                    "Pauses that are open keep their words."
                ),
                button=_("Keep the version"),
                done=_("The version is kept; new pauses begin with it."),
            ),
            model=AnswerTemplate,
            back=reverse("admin:projects_answertemplate_changelist"),
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One version, with the way to the next."""
        told = {"may_keep": self.has_add_permission(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, told)


def _first_words(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("from", "")
    row = AnswerTemplate.objects.filter(pk=number).first() if number.isdecimal() else None
    if row is not None:
        words = {name: getattr(row, name) for name in AnswerTemplate.ANSWERS}
        return {"reason_code": row.reason_code, "locale": row.locale, **words}
    usual = answers_from_template(
        ReasonCode.SCOPE_REASSESSMENT,
        target_name="{target}",
        client_name="{client}",
        next_update_by=usual_next_word(at=timezone.now(), time_zone="UTC"),
    )
    return {name: getattr(usual, name) for name in AnswerTemplate.ANSWERS}


@admin.register(MinimumPay)
class MinimumPayAdmin(DeskAdmin[MinimumPay]):
    """Minimum pay by country, as it was put on record."""

    visible = staticmethod(lambda _user: MinimumPay.objects.all())
    list_display = ("country", "starts_on", "pays", "source")
    list_filter = ("country",)
    fields = ("country", "starts_on", "pays", "source")
    readonly_fields = ("pays",)

    @admin.display(description=_("at least"))
    def pays(self, row: MinimumPay) -> str:
        """The figure in words."""
        return rate_sentence(row.amount_millionths, row.currency, "hour")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operations and finance."""
        return desk_of(request).is_operations or desk_of(request).is_finance

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Put one figure on record."""
        if not self.has_add_permission(request):
            raise Http404
        form = MinimumPayForm(typed(request))
        return form_page(
            request,
            form=form,
            act=lambda by, at: keep_minimum_pay(
                country=form.cleaned_data["country"],
                starts_on=form.cleaned_data["starts_on"],
                amount_millionths=decimal_to_rate(form.cleaned_data["amount"]),
                currency=form.cleaned_data["currency"].upper(),
                source=form.cleaned_data["source"],
                by=by,
                at=at,
            ),
            words=FormWords(
                title=_("Put minimum pay on record"),
                lede=_(
                    "A cut in rate is checked against it. "
                    "A figure once on record does not move; a new one holds from its day."
                ),
                button=_("Put it on record"),
                done=_("The figure is on record."),
            ),
            model=MinimumPay,
            back=reverse("admin:projects_minimumpay_changelist"),
        )
