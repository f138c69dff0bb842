"""What was agreed with clients about stopping their work: days of notice, and the policy of reference pay."""

from decimal import Decimal, InvalidOperation
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contractorhub.finance.access import Visit, finance_page
from projects.access import may_close_periods
from projects.domain.errors import DomainError, UnableToEngage
from projects.domain.money import decimal_to_minor, is_currency, minor_to_decimal
from projects.models import Client
from projects.models.clients import PayPolicy
from projects.operations.terms import MOST_DAYS, PolicyFacts, agree_notice, agree_policy

MOST_DIGITS: Final = 12


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def terms(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every client with its days of notice and its policy of reference pay, and changing them."""
    if request.method == "POST":
        client = Client.objects.filter(code=request.POST.get("client", "")).first()
        if client is None:
            raise Http404
        try:
            messages.success(request, _changed(client, request.POST, visit))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("finance:terms")
    context = {
        "clients": [
            (client, f"{client.guaranteed_share_bp / 100:g}", _cap(client))
            for client in Client.objects.order_by("code")
        ],
        "policies": PayPolicy.choices,
        "may_change": may_close_periods(visit.user),
        "most": MOST_DAYS,
    }
    return render(request, "finance/terms.html", context)


def _changed(client: Client, typed: QueryDict, visit: Visit) -> str:
    """Change what was typed, and say what holds now."""
    if "policy" not in typed:
        days = _days(typed.get("days", ""))
        agree_notice(client=client, days=days, by=visit.user, at=visit.at)
        return f"{client.code}: {days} days of notice."
    currency = typed.get("currency", "").strip().upper()
    cap = typed.get("cap", "").strip()
    policy = PolicyFacts(
        pay_policy=typed.get("policy", ""),
        guaranteed_share_bp=int(_number(typed.get("share", ""), "guaranteed_share_bp") * 100),
        monthly_cap_minor=_minor(cap, currency) if cap else None,
        monthly_cap_currency=currency if cap else "",
    )
    agree_policy(client=client, policy=policy, by=visit.user, at=visit.at)
    return f"{client.code}: reference pay by “{PayPolicy(policy.pay_policy).label}”; open pauses are estimated anew."


def _minor(typed: str, currency: str) -> int:
    if not is_currency(currency):
        raise UnableToEngage("A limit needs its currency, such as USD.", field="monthly_cap_currency")
    return decimal_to_minor(_number(typed, "monthly_cap_minor"), currency)


def _number(typed: str, field: str) -> Decimal:
    try:
        number = Decimal(typed.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number.adjusted() > MOST_DIGITS:
        raise UnableToEngage(f"“{typed[:20]}” is not a number such as 80 or 2500.00.", field=field)
    return number


def _cap(client: Client) -> str:
    if client.monthly_cap_minor is None:
        return ""
    return f"{minor_to_decimal(client.monthly_cap_minor, client.monthly_cap_currency):f}"


def _days(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 5):
        raise UnableToEngage(f"Days of notice lie from 0 to {MOST_DAYS}.", field="days")
    return int(typed)
