"""What the generated schema cannot know by itself: how a refusal of every operation looks, and how its answer might."""

from collections.abc import Mapping
from typing import Any, Final

from contractorhub.api.answers import example_for
from contractorhub.api.errors import PROBLEM_JSON, TITLES

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A refusal as RFC 9457 shapes it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Quote it when asking for help."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "code"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "code": {
                        "type": "string",
                        "description": "For programs. `unknown`: a name that is nothing you may see. `refused`: the "
                        "business forbids it. All others, such as `required`, tell of the shape of the request.",
                    },
                },
            },
        },
    },
    "example": {
        "type": "about:blank",
        "title": TITLES[422],
        "status": 422,
        "detail": "“Why, in words contractors may read?” has no answer.",
        "errors": [
            {
                "field": "why",
                "message": "“Why, in words contractors may read?” has no answer.",
                "code": "refused",
            }
        ],
    },
}
HEADERS: Final[dict[str, Any]] = {
    "RateLimit-Limit": {"description": "Requests a minute.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {
        "description": "How many are left in this minute.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Reset": {"description": "Seconds until the next minute.", "schema": {"type": "integer"}},
    "ETag": {
        "description": "Send it back as `If-None-Match`, and what has not changed is an empty 304.",
        "schema": {"type": "string"},
    },
}
_REFERENCES: Final = [(name, {"$ref": f"#/components/headers/{name}"}) for name in HEADERS]


def _by_id(*operations: str) -> dict[str, Any]:
    """Links from an answer to what may be asked of the thing in it."""
    parameters = {"public_id": "$response.body#/public_id"}
    return {name: {"operationId": name, "parameters": parameters} for name in operations}


def _by_number(*operations: str) -> dict[str, Any]:
    """The same of things that are named by a number."""
    return {name: {"operationId": name, "parameters": {"id": "$response.body#/id"}} for name in operations}


_OF_A_PAUSE: Final = _by_id(
    "pauses_retrieve", "pauses_updates_list", "pauses_updates_create", "pauses_deliveries_list", "pauses_resume",
    "pauses_void", "pauses_acknowledge", "pauses_release",
)  # fmt: skip
LINKS: Final[dict[str, dict[str, Any]]] = {
    "pauses_create": _OF_A_PAUSE,
    "pauses_resume": _by_id("pauses_retrieve", "pauses_updates_list"),
    "pauses_void": _by_id("pauses_retrieve", "pauses_updates_list"),
    "contractors_create": _by_id("contractors_retrieve"),
    "engagements_create": _by_id("engagements_retrieve", "engagements_rates_create", "engagements_end"),
    "corrections_create": _by_id("corrections_withdraw", "corrections_answer"),
    "tokens_create": _by_id("tokens_revoke"),
    "schedules_create": _by_id("schedules_retrieve", "schedules_sendings_list", "schedules_act"),
    "webhooks_endpoints_create": _by_id(
        "webhooks_endpoints_retrieve",
        "webhooks_endpoints_partial_update",
        "webhooks_endpoints_sent_list",
        "webhooks_test",
        "webhooks_replay",
        "webhooks_rotate_secret",
        "webhooks_endpoints_remove",
    ),
    "imports_create": _by_id("imports_retrieve", "imports_answer", "imports_act", "imports_file"),
    "clients_create": {
        "clients_retrieve": {
            "operationId": "clients_retrieve",
            "parameters": {"code": "$response.body#/code"},
        }
    },
    "projects_create": {
        "projects_retrieve": {
            "operationId": "projects_retrieve",
            "parameters": {"code": "$response.body#/code"},
        }
    },
    "open_seats_create": _by_number(
        "open_seats_retrieve",
        "open_seats_update",
        "open_seats_close",
        "open_seats_candidates",
        "open_seats_offer",
        "open_seats_interest",
    ),
    "open_seats_offer": _by_number("candidacies_retrieve", "candidacies_act"),
    "open_seats_interest": _by_number("candidacies_retrieve", "candidacies_act"),
    "approvals_create": _by_number("approvals_retrieve", "approvals_approve", "approvals_send_back"),
    "calendars_days_create": _by_number("calendars_days_forget"),
    "reassessments_create": _by_number("reassessments_retrieve", "reassessments_decide"),
}
_ALWAYS: Final = (400, 401, 403, 404, 406, 429)
_WITH_BODY: Final = (409, 413, 415, 422)
_OPERATIONS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name the refusals of every operation in a generated schema, what every answer carries, and what follows what."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {f"Problem{code}": _response(code) for code in (*_ALWAYS, *_WITH_BODY, 412)}
    components["headers"] = HEADERS
    for closed in ("ImportOptionsRequest", "NewUploadRequest"):
        components["schemas"][closed]["additionalProperties"] = False
    for methods in result["paths"].values():
        for method, operation in methods.items():
            if method in _OPERATIONS:
                _complete(operation, method=method)
    return result


def _complete(operation: dict[str, Any], *, method: str) -> None:
    for code, response in operation["responses"].items():
        if code.startswith("2") and "$ref" not in response:
            _exemplify(response)
            response.setdefault("headers", {}).update(_REFERENCES[: None if method == "get" else -1])
            response.setdefault("links", {}).update(LINKS.get(operation["operationId"], {}))
            if not response["links"]:
                del response["links"]
    if method == "get":
        operation["responses"].setdefault("304", {"description": "You hold it already: nothing has changed."})
    is_guarded = any(each["name"] == "If-Match" for each in operation.get("parameters", []))
    _add(operation, codes=(412,) if is_guarded else ())
    _add(operation, codes=_ALWAYS + (_WITH_BODY if method in {"post", "put", "patch"} else ()))


def _exemplify(response: dict[str, Any]) -> None:
    """Show an answer as it might be."""
    content = response.get("content", {}).get("application/json")
    example = example_for(content["schema"]) if content else None
    if content and example is not None:
        content["example"] = example


def _add(operation: dict[str, Any], *, codes: tuple[int, ...]) -> None:
    for code in codes:
        reference = {"$ref": f"#/components/responses/Problem{code}"}
        operation["responses"].setdefault(str(code), reference)


def _response(code: int) -> Mapping[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[code], "content": content}
