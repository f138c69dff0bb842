"""Every door there is: routes by the resolver, API operations by the schema, admin actions, reports, Slack words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView
from drf_spectacular.generators import SchemaGenerator

from contractorhub.api import seating
from contractorhub.api.views import closing, intake
from contractorhub.slack import work
from projects.admin import acts, bulk_acts, uploads
from projects.reports.catalogue import REPORTS

VARIANTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "admin:projects_pause_act": ("name", tuple(acts.ACTS)),
    "admin:projects_pause_bulk": ("name", tuple(bulk_acts.IN_BULK)),
    "admin:projects_upload_act": ("name", tuple(uploads.ACTS)),
    "admin:projects_upload_file": ("name", ("rejects", "details")),
    "api:correction-act": ("act", tuple(closing._ANSWERS)),
    "api:candidacy-act": ("act", tuple(seating.ACTS)),
    "api:schedule-act": ("act", tuple(closing._SCHEDULE_ACTS)),
    "api:import-act": ("act", tuple(intake.ACTS)),
    "api:import-file": ("name", ("rejects",)),
    "portal:new_correction": ("kind", ("hours", "rate", "dates", "before_notice")),
    "finance:report": ("name", tuple(report.name for report in REPORTS)),
    "finance:pull": ("name", tuple(report.name for report in REPORTS)),
    "finance:new_schedule": ("name", ("income-impact",)),
    "finance:download": ("written_as", ("csv",)),
    "api:report": ("name", tuple(report.name for report in REPORTS)),
}
"""Words that stand in an address and make it another door: each is asked."""

REDIRECTS: Final = "what Django's admin keeps for old addresses: it leads to the door next to it"


@dataclass(frozen=True)
class Door:
    """One address and method, or one action of an admin list."""

    room: str
    route: str
    name: str
    method: str
    words: tuple[tuple[str, str], ...] = ()
    action: str = ""
    parameters: tuple[str, ...] = ()
    callback: Any = field(default=None, compare=False)

    @property
    def path(self) -> str:
        """The route with its regular expressions written as plain parameters."""
        return (
            re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)", r"\1", self.route)
            .replace("^", "")
            .replace("$", "")
        )

    @property
    def title(self) -> str:
        """How the table names it: the address with its words filled in, and the action that is sent."""
        title = self.path
        for name, value in self.words:
            title = _filled(title, name, value)
        return f"{title} action={self.action}" if self.action else title

    @property
    def open_parameters(self) -> tuple[str, ...]:
        """What the address still asks for: rows."""
        return tuple(name for name in self.parameters if name not in dict(self.words))


def _filled(route: str, name: str, value: str) -> str:
    start = route.rfind("<", 0, route.index(f"{name}>"))
    return f"{route[:start]}{value}{route[route.index('>', start) + 1 :]}"


def routes(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Address, full name and pattern of every route of the product."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern, prefix + str(pattern.pattern), inner)
        else:
            yield prefix + str(pattern.pattern), f"{space}{pattern.name or ''}", pattern


def is_redirect_of_the_admin(pattern: URLPattern) -> bool:
    """Whether this is the address without `change/` that every admin model has, or the catch-all."""
    view = getattr(pattern.callback, "view_class", None)
    is_catch_all = getattr(pattern.callback, "__name__", "") == "catch_all_view"
    return is_catch_all or (view is RedirectView and pattern.name is None)


@cache
def operations() -> dict[str, frozenset[str]]:
    """Methods of each address of the API, as its schema tells them."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return {
        path.strip("/"): frozenset(method.upper() for method in methods if method != "parameters")
        for path, methods in schema["paths"].items()
    }


def methods_of(route: str) -> tuple[str, ...]:
    """GET and POST everywhere, and whatever else the schema names."""
    plain = route.replace("<key:pk>", "{id}")
    for kind in ("uuid", "str", "slug", "int"):
        plain = plain.replace(f"<{kind}:", "{")
    known = operations().get(plain.replace(">", "}").strip("/"), frozenset())
    return ("GET", "POST", *sorted(known - {"GET", "POST"}))


def room_of(route: str, name: str) -> str:
    """Under which heading the table has it."""
    first, _slash, rest = route.partition("/")
    if first == "admin":
        parts = rest.split("/")
        is_of_model = len(parts) > 2 and parts[0] in apps.app_configs
        return f"admin: {parts[1]}" if is_of_model else "admin"
    heads = {"api": "API", "portal": "portal", "finance": "finance", "slack": "Slack", "account": "sign-in"}
    return heads.get(first, "public doors")


def doors() -> tuple[Door, ...]:
    """Every door, in the order of the resolver; the same address twice is one door, for the second is never reached."""
    found: dict[tuple[str, str], Door] = {}
    for route, name, pattern in routes():
        if is_redirect_of_the_admin(pattern):
            continue
        parameters = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
        variable, values = VARIANTS.get(name, ("", ("",)))
        for value in values:
            words = ((variable, value),) if variable else ()
            for method in methods_of(route):
                door = Door(
                    room_of(route, name),
                    route,
                    name,
                    method,
                    words,
                    parameters=parameters,
                    callback=pattern.callback,
                )
                found.setdefault((method, door.title), door)
    return (*found.values(), *actions())


def actions() -> Iterator[Door]:
    """Every action of every admin list; it is sent with the rows that are ticked."""
    for model, page in admin.site._registry.items():
        for action in page.actions or ():
            name = action if isinstance(action, str) else action.__name__
            meta = model._meta
            yield Door(
                f"admin: {meta.model_name}",
                f"admin/{meta.app_label}/{meta.model_name}/",
                f"admin:{meta.app_label}_{meta.model_name}_changelist",
                "POST",
                action=name,
            )


def slack_words() -> tuple[str, ...]:
    """What a member of a workspace can type, press, send off or choose."""
    kinds = (
        ("command", work.COMMANDS),
        ("button", work.CLICKS),
        ("form", work.SUBMISSIONS),
        ("message menu", work.SHORTCUTS),
        ("event", work.EVENTS),
    )
    return tuple(f"{kind} {name or '(nothing)'}" for kind, table in kinds for name in table)
