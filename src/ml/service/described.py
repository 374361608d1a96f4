"""What the OpenAPI document says of every operation alike: who may call it, and how it refuses."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ml.foundation.outcomes import OUTCOMES
from ml.service.cookies import PLAIN
from ml.service.policy import RULES
from ml.service.problems import KINDS, MEDIA_TYPE

_TEXT = {"type": "string"}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong, and what to do (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "about:blank: the status and the title say it all"},
        "title": {"type": "string", "description": "the same for all problems of a kind"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "names what is wrong for programs, the same in every language"},
        "detail": {"type": "string", "description": "what is wrong, and where"},
        "hint": {"type": "string", "description": "what to do about it"},
        "fields": {
            "type": "array",
            "description": "of what is not understood: field by field",
            "items": {"type": "object", "properties": {"field": _TEXT, "message": _TEXT}},
        },
        "more": {"type": "integer", "description": "of so many further fields nothing is said"},
        "second_factor": {"type": "boolean", "description": "of a log-in: whether it is a code that is missing"},
        "request_id": {"type": "string", "description": "of a fault: the log knows it by this"},
    },
}
_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a key, as `ml access add-key` makes it"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": PLAIN,
        "description": "of a browser; what changes something also needs the header X-CSRF-Token",
    },
}
_RETRY = {"Retry-After": {"description": "seconds after which to ask again", "schema": {"type": "integer"}}}
_UNCHANGED = {
    "name": "If-None-Match",
    "in": "header",
    "description": "marks of the answers that are there already, from ETag",
    "schema": _TEXT,
}


def name_of(route: APIRoute) -> str:
    """Give an operation the name that the policy knows it by."""
    return route.name


def describe(service: FastAPI) -> None:
    """Complete the OpenAPI document of an application, once it is asked for."""
    made = service.openapi

    @cache
    def complete() -> dict[str, Any]:
        return _completed(made())

    service.openapi = complete  # type: ignore[method-assign]


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    parts = document["components"]
    # What FastAPI says of what is not understood, we say as problems.
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["schemas"]["Problem"] = _PROBLEM
    parts["securitySchemes"] = _SCHEMES
    parts["responses"] = {f"Problem{status}": _refusal(status, title) for status, title in _refusals().items()}
    for methods in document["paths"].values():
        for operation in methods.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    guarded = RULES[operation["operationId"]].roles
    operation["security"] = [{name: []} for name in _SCHEMES] if guarded else []
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _refusals():
        own = responses.get(str(status))
        if own is None:
            responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
        else:
            own["content"] = own.get("content", {}) | _CONTENT
    if "304" in responses:
        operation.setdefault("parameters", []).append(_UNCHANGED)


_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _refusal(status: int, title: str) -> dict[str, Any]:
    headers = {"headers": _RETRY} if status in {429, 503} else {}
    return {"description": title, "content": _CONTENT} | headers


@cache
def _refusals() -> dict[int, str]:
    """Give what every operation may answer instead: the statuses of the errors, and those of what is no question."""
    of_errors = {outcome.status: outcome.title for outcome in reversed(list(OUTCOMES.values()))}
    of_requests = {status: title for status, (title, _code) in KINDS.items() if status not in {404, 405, 415}}
    return dict(sorted((of_errors | of_requests).items()))
