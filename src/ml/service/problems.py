"""Problem documents: what is wrong, and what to do (RFC 9457).

Conventions
-----------
- A document says what is wrong in the language that whoever asks prefers, English unless told otherwise.
- ``code`` names it for programs: that of the error where it has one, else that of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from ml.data.access import SecondFactorNeeded
from ml.foundation.errors import MissingExtra, MLError, NotAuthenticated, StoreError, meant
from ml.foundation.log import logger
from ml.foundation.outcomes import outcome_of
from ml.foundation.phrase import Language, Phrase, spoken
from ml.service.answers import encode
from ml.service.misread import misread
from ml.service.words import hint_of, language_in, message_of, trouble

Texts = Mapping[Language, str]
MEDIA_TYPE = "application/problem+json"
#: After so many seconds it may be worth another try.
RETRY_S = 1


def _says(english: str, german: str) -> Phrase:
    return Phrase({"en": english, "de": german})


#: By status, where no kind of error has one of its own: the title, and the code.
KINDS: Mapping[int, tuple[Phrase, str]] = {
    404: (_says("There is nothing here", "Hier ist nichts"), "path_unknown"),
    405: (_says("This cannot be done here", "Das geht hier nicht"), "method_not_allowed"),
    413: (_says("The request is too large", "Die Anfrage ist zu groß"), "too_large"),
    415: (_says("The body is of a wrong kind", "Der Body ist von falscher Art"), "wrong_content_type"),
    421: (_says("This service has another name", "Dieser Dienst heißt anders"), "misdirected"),
    422: (_says("The request is not understood", "Die Anfrage wird nicht verstanden"), "not_understood"),
    429: (_says("Too many requests", "Zu viele Anfragen"), "too_many"),
    500: (_says("A fault of the service", "Ein Fehler des Dienstes"), "fault"),
    503: (_says("The service is busy", "Der Dienst ist beschäftigt"), "busy"),
}
_NO_KIND = (_says("This cannot be done", "Das geht nicht"), "failed")
_FAULT = _says("this was not meant to happen; the log knows more", "das sollte nicht geschehen; das Log weiß mehr")
_REPORT = _says(
    "try it again; if it stays, give this number to whoever runs the service",
    "versuche es noch einmal; wenn es bleibt, gib diese Nummer dem, der den Dienst betreibt",
)
_LOOK_UP = _says("/api/v1/openapi.json lists all paths", "/api/v1/openapi.json nennt alle Pfade")


def problem(
    status: int,
    title: str | None = None,
    *,
    detail: str = "",
    hint: str = "",
    code: str = "",
    language: Language = "en",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """Make a problem document.

    Parameters
    ----------
    status : int
    title : str, optional
        The same for all problems of a kind.
    detail : str
        What is wrong, and where.
    hint : str
        What to do about it.
    code : str
        Names it for programs; else that of the status.
    language : Language
        In which phrases are said.
    headers : mapping of str to str, optional
    **more
        Further members.
    """
    of_kind, its_code = KINDS.get(status, _NO_KIND)
    document = {"type": "about:blank", "title": spoken(title or of_kind, language), "status": status}
    said = {"code": code or its_code, "detail": spoken(detail, language), "hint": spoken(hint, language), **more}
    body = encode(document | {name: value for name, value in said.items() if value})
    sent = {"Cache-Control": "no-store", "Content-Language": language} | dict(headers or {})
    return Response(body, status, sent, media_type=MEDIA_TYPE)


def words_of(error: MLError, scope: Scope) -> tuple[str, str]:
    """Give what is wrong, and what to do about it, as whoever asked may know it, in the language they like best.

    What is wrong with the service itself names folders and servers: that is for the log of whoever runs it.
    """
    outcome, language = outcome_of(error), language_in(scope)
    if outcome.status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, MissingExtra):
        return message_of(error, language), hint_of(error, language)
    logger.error("request %s: %s", scope.get("ml.request_id", ""), error)
    return spoken(outcome.title, language), spoken(trouble(outcome.code), language)


def of_error(error: MLError, scope: Scope) -> Response:
    """Turn an error that somebody can mend into a problem document."""
    outcome = outcome_of(error)
    detail, hint = words_of(error, scope)
    headers: dict[str, str] = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="ml"'
    if isinstance(error, StoreError):
        headers["Retry-After"] = str(RETRY_S)
    said: dict[str, Any] = {"code": error.code or outcome.code, "language": language_in(scope)}
    said |= {"second_factor": isinstance(error, SecondFactorNeeded)}
    return problem(outcome.status, outcome.title, detail=detail, hint=hint, headers=headers, **said)


def add_to(application: FastAPI) -> None:
    """Let errors of an application become problem documents; faults do in :mod:`ml.service.envelope`."""
    application.add_exception_handler(MLError, _mendable)
    application.add_exception_handler(RequestValidationError, _not_understood)
    application.add_exception_handler(HTTPException, of_http)


async def _mendable(request: Request, error: Exception) -> Response:
    assert isinstance(error, MLError)
    return of_error(error, request.scope)


async def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found, language = misread(request, error), language_in(request.scope)
    fields = [{"field": field, "message": spoken(said, language)} for field, said in found.fields]
    said: dict[str, Any] = {"code": found.code, "language": language, "fields": fields, "more": found.more}
    return problem(found.status, detail=found.detail, hint=found.hint, **said)


async def of_http(request: Request, error: Exception) -> Response:
    """Turn what the framework refuses into a problem document."""
    assert isinstance(error, HTTPException)
    language, status = language_in(request.scope), error.status_code
    # Starlette's own words for a status repeat its title.
    said = "" if error.detail == HTTPStatus(status).phrase else error.detail
    hint, headers = "", dict(error.headers or {})
    if status == HTTPStatus.NOT_FOUND and not said:
        said, hint = Phrase(_NO_PATH, {"path": request.url.path[:200]}), _nearest(request)
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_methods(request)) or headers.get("allow", "")
        said, hint, headers["Allow"] = (
            Phrase(_NO_METHOD, {"method": request.method[:20]}),
            Phrase(_ALLOWED, {"methods": allowed}),
            allowed,
        )
        headers.pop("allow", None)
    elif status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        hint = SMALLER
    elif status == HTTPStatus.BAD_REQUEST:
        return problem(status, detail=said, hint=_FORM, code="body_broken", language=language, headers=headers)
    return problem(status, detail=said, hint=hint, language=language, headers=headers)


_NO_PATH: Texts = {"en": "there is no {path}", "de": "{path} gibt es nicht"}
_NO_METHOD: Texts = {"en": "{method} is not among what this path knows", "de": "{method} kennt dieser Pfad nicht"}
_ALLOWED: Texts = {
    "en": "it knows {methods}; /api/v1/openapi.json says what each does",
    "de": "er kennt {methods}; /api/v1/openapi.json sagt, was sie tun",
}
_NEAR: Texts = {
    "en": "{near} /api/v1/openapi.json lists all paths",
    "de": "{near} /api/v1/openapi.json nennt alle Pfade",
}
_FORM = _says(
    "is the body complete, and of the kind that its header says?",
    "ist der Body vollständig und so, wie sein Header sagt?",
)
SMALLER = _says("send less at once", "sende weniger auf einmal")


def _nearest(request: Request) -> str:
    """Name the paths that are spelt most like the one that was asked for."""
    near = get_close_matches(request.url.path[:200], sorted(request.app.state.paths), n=2, cutoff=0.75)
    return Phrase(_NEAR, {"near": meant(near)}) if near else _LOOK_UP


def _methods(request: Request) -> list[str]:
    """Give the methods that any route of a path takes; the framework names those of one route."""
    known: Mapping[str, frozenset[str]] = request.app.state.paths
    asked = request.url.path
    return sorted({each for path, methods in known.items() if compile_path(path)[0].match(asked) for each in methods})


def fault(scope: Scope, error: Exception) -> Response:
    """Say that something was not meant to happen, and log what."""
    number = scope.get("ml.request_id", "")
    # The error's own words may hold what was asked: they are for the log of whoever runs the service, nobody else.
    logger.error("request %s failed", number, exc_info=error)
    return problem(500, detail=_FAULT, hint=_REPORT, language=language_in(scope), request_id=number)
