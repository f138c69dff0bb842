"""What the generated schema cannot know by itself: every operation may be refused, and how a refusal looks."""

from collections.abc import Mapping
from typing import Any, Final

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
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "about:blank",
        "title": TITLES[422],
        "status": 422,
        "detail": "“Why, in words contractors may read?” has no answer.",
        "errors": [{"field": "why", "message": "“Why, in words contractors may read?” has no answer."}],
    },
}
_ALWAYS: Final = (400, 401, 403, 404, 406, 429)
_WITH_BODY: Final = (409, 413, 415, 422)
_OPERATIONS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name the refusals of every operation in a generated schema."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {f"Problem{code}": _response(code) for code in (*_ALWAYS, *_WITH_BODY)}
    for methods in result["paths"].values():
        for method, operation in methods.items():
            if method in _OPERATIONS:
                _add(operation, codes=_ALWAYS + (_WITH_BODY if method == "post" else ()))
    return result


def _add(operation: dict[str, Any], *, codes: tuple[int, ...]) -> None:
    for code in codes:
        reference = {"$ref": f"#/components/responses/Problem{code}"}
        operation["responses"].setdefault(str(code), reference)


def _response(code: int) -> Mapping[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[code], "content": content}
