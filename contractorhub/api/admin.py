"""The page of API tokens: one's own to make and revoke, everybody's for operations; a token is told once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contractorhub.api.models import Scope, TokenGrant
from contractorhub.api.serializers.askers import DEFAULT_DAYS, MAX_DAYS
from contractorhub.api.tokens import MOST_TOKENS, TooManyTokens, make_token, revoke_token
from contractorhub.second_factor import has_proved_twice
from projects.admin.permissions import has_a_desk, runs_the_firm
from projects.models import User

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[TokenGrant]
else:  # Django's admin classes know no type parameters while running
    _Admin = admin.ModelAdmin


def _instant(instant: datetime | None) -> str:
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT") if instant else "–"


class TokenForm(forms.Form):
    """What a token is for, what it opens, and how long it lives."""

    name = forms.CharField(label=_("What it is for"), max_length=100, help_text=_("Such as: Payroll export."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days it lives"), min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS)


@admin.register(TokenGrant)
class TokenAdmin(_Admin):
    """Tokens: whose, for what, until when, and when they were last used."""

    list_display = ("name", "owner", "opens", "made", "expires", "last_used_at", "is_living")
    list_filter = ("last_used_at",)
    search_fields = ("name",)
    fields = readonly_fields = ("name", "owner", "opens", "made", "expires", "last_used_at")
    actions = None

    @admin.display(description=_("owner"), ordering="token__user__email")
    def owner(self, row: TokenGrant) -> str:
        """Whose it is."""
        return str(row.token.user.email)

    @admin.display(description=_("may do"))
    def opens(self, row: TokenGrant) -> str:
        """Its scopes."""
        return ", ".join(row.scopes)

    @admin.display(description=_("made"), ordering="token__created")
    def made(self, row: TokenGrant) -> str:
        """When it was made."""
        return _instant(row.token.created)

    @admin.display(description=_("until"), ordering="token__expiry")
    def expires(self, row: TokenGrant) -> str:
        """Until when it opens anything."""
        return _instant(row.token.expiry)

    @admin.display(description=_("living"), boolean=True)
    def is_living(self, row: TokenGrant) -> bool:
        """Whether it still opens anything."""
        return row.token.expiry is None or row.token.expiry > timezone.now()

    def get_queryset(self, request: HttpRequest) -> QuerySet[TokenGrant]:
        """One's own tokens; everybody's for operations."""
        rows = super().get_queryset(request).select_related("token__user")
        return rows if runs_the_firm(request) else rows.filter(token__user=request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever has a desk may connect other systems to it."""
        return has_a_desk(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a desk; the set says whose tokens."""
        return has_a_desk(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has a desk."""
        return has_a_desk(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a token with other scopes is another token."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees it may revoke it."""
        return has_a_desk(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask what it is for; the answer tells the token, this once."""
        user = request.user
        if not isinstance(user, User) or not self.has_add_permission(request):
            return redirect("admin:index")
        form = TokenForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._made(request, user, form)
        return self._form_page(request, form)

    def delete_model(self, request: HttpRequest, obj: TokenGrant) -> None:
        """Revoke it."""
        if isinstance(request.user, User):
            revoke_token(obj, by=request.user, at=timezone.now())

    def _made(self, request: HttpRequest, user: User, form: TokenForm) -> HttpResponse:
        asked = form.cleaned_data
        try:
            _grant, token = make_token(
                user=user,
                name=asked["name"],
                scopes=asked["scopes"],
                days=asked["days"],
                at=timezone.now(),
                has_second_factor=has_proved_twice(request),
            )
        except TooManyTokens:
            form.add_error(
                None, _("You have %(most)s living tokens; revoke one first.") % {"most": MOST_TOKENS}
            )
            return self._form_page(request, form)
        return self._form_page(request, form, token=token)

    def _form_page(self, request: HttpRequest, form: TokenForm, *, token: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make a token"),
            "form": form,
            "token": token,
            "opts": self.model._meta,
        }
        answer = TemplateResponse(request, "admin/api/make_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
