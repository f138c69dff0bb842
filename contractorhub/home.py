"""The front door: asks who you are and leads contractors, leads and finance each to their own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from projects.access import is_staff_of_firm, may_pull_reports, own_contractor


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Three doors for a stranger; somebody signed in with one door only goes straight through it."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "home.html", {"is_contractor": True, "has_desk": True, "has_finance": True})
    is_contractor = own_contractor(user) is not None
    has_desk = user.is_staff or is_staff_of_firm(user)
    if is_contractor and not has_desk:
        return redirect("portal:home")
    return render(
        request,
        "home.html",
        {"is_contractor": is_contractor, "has_desk": has_desk, "has_finance": may_pull_reports(user)},
    )
