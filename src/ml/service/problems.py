"""Problem documents: what is wrong, and what to do (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from ml.data.access import SecondFactorNeeded
from ml.foundation.errors import MissingExtra, MLError, NotAuthenticated, StoreError
from ml.foundation.log import logger
from ml.foundation.outcomes import outcome_of
from ml.service.answers import encode

MEDIA_TYPE = "application/problem+json"
#: After so many seconds it may be worth another try.
RETRY_S = 1
#: By status, where no kind of error has one of its own.
TITLES = {
    404: "There is nothing here",
    405: "This cannot be done here",
    413: "The request is too large",
    415: "The body is of a wrong kind",
    421: "This service has another name",
    422: "The request is not understood",
    429: "Too many requests",
    500: "A fault of the service",
    503: "The service is busy",
}


def problem(
    status: int,
    title: str | None = None,
    *,
    detail: str = "",
    hint: str = "",
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
    headers : mapping of str to str, optional
    **more
        Further members.
    """
    document = {"type": "about:blank", "title": title or TITLES.get(status, "This cannot be done"), "status": status}
    said = {"detail": detail, "hint": hint, **more}
    body = encode(document | {name: value for name, value in said.items() if value})
    sent = {"Cache-Control": "no-store"} | dict(headers or {})
    return Response(body, status, sent, media_type=MEDIA_TYPE)


def words_of(error: MLError, scope: Scope) -> tuple[str, str]:
    """Give what is wrong, and what to do about it, as whoever asked may know it.

    What is wrong with the service itself names folders and servers: that is for the log of whoever runs it.
    """
    outcome = outcome_of(error)
    if outcome.status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, MissingExtra):
        return error.message, error.hint
    logger.error("request %s: %s", scope.get("ml.request_id", ""), error)
    return outcome.title, "whoever runs the service finds more in its log"


def of_error(error: MLError, scope: Scope) -> Response:
    """Turn an error that somebody can mend into a problem document."""
    outcome = outcome_of(error)
    detail, hint = words_of(error, scope)
    headers: dict[str, str] = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="ml"'
    if isinstance(error, StoreError):
        headers["Retry-After"] = str(RETRY_S)
    code = isinstance(error, SecondFactorNeeded)
    return problem(outcome.status, outcome.title, detail=detail, hint=hint, headers=headers, second_factor=code)


def add_to(application: FastAPI) -> None:
    """Let errors of an application become problem documents; faults do in :mod:`ml.service.envelope`."""
    application.add_exception_handler(MLError, _mendable)
    application.add_exception_handler(RequestValidationError, _not_understood)
    application.add_exception_handler(HTTPException, _http)


async def _mendable(request: Request, error: Exception) -> Response:
    assert isinstance(error, MLError)
    return of_error(error, request.scope)


async def _not_understood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [{"field": _place(each["loc"]), "message": each["msg"]} for each in error.errors()]
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in fields[:3])
    return problem(422, detail=detail, fields=fields)


def _place(parts: Sequence[Any]) -> str:
    """Name a field as whoever sent it knows it: ``context.activity``."""
    names = [str(part) for part in parts]
    return ".".join(names[1:] or names)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # Starlette's own words for a status repeat its title.
    said = "" if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail)
    return problem(error.status_code, detail=said, headers=error.headers)


def fault(scope: Scope, error: Exception) -> Response:
    """Say that something was not meant to happen, and log what."""
    number = scope.get("ml.request_id", "")
    # The error's own words may hold what was asked: they are for the log of whoever runs the service, nobody else.
    logger.error("request %s failed", number, exc_info=error)
    return problem(500, detail="this was not meant to happen; the log knows more", request_id=number)
