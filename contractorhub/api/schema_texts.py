"""What every field of text refuses and a generated schema does not say: no NUL, and not white space alone."""

from collections.abc import Iterator
from typing import Any, Final

# What `str.strip` takes for white space, spelt out: what `\s` means differs from one reader of a schema to the next.
_BLANK: Final = r"\x09-\x0d\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
VISIBLE: Final = rf"^[^\x00]*[^\x00{_BLANK}][^\x00]*$"
NO_NUL: Final = r"^[^\x00]*$"
_TOLD_ALREADY: Final = ("enum", "const", "format", "pattern")


def tell_of_texts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the pattern of every text that is asked for, in a body or in a query."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("Request"):
            for part in schema.get("properties", {}).values():
                _tell(part)
    for operation in _operations(result):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                _tell(parameter["schema"])
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in result["paths"].values():
        yield from (operation for operation in methods.values() if isinstance(operation, dict))


def _tell(schema: Any) -> None:
    if not isinstance(schema, dict):
        return
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        _tell(inner)
    is_text = schema.get("type") in ("string", ["string", "null"])
    if is_text and not any(key in schema for key in _TOLD_ALREADY) and schema.get("maxLength") != 0:
        schema["pattern"] = VISIBLE if schema.get("minLength") else NO_NUL
