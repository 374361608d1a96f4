"""The routes of ListenBrainz that players use: telling listens, and asking for one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response

from ml.app import App
from ml.data.exporters.recent import Stretch
from ml.data.importers.listenbrainz import listens_frame
from ml.foundation.errors import Forbidden, UnknownId
from ml.service.answers import Answer
from ml.service.gate import Caller, caller_of
from ml.service.listenbrainz import ListenBrainzRoute, TokenRoute, invalid, listen_of, read_submission
from ml.service.state import state_of

router = APIRouter(route_class=ListenBrainzRoute)
tokens = APIRouter(route_class=TokenRoute)
R = TypeVar("R")
Seconds = Annotated[int | None, Query(description="seconds since 1970, not included")]


@tokens.get("/1/validate-token")
async def validate_token(request: Request) -> Response:
    """Tell whether a token is good for telling listens, and whose."""
    user = caller_of(request).listener_if_any(None)
    if user is None:
        return Answer(invalid("Token invalid: it is of no listener."))
    return Answer({"code": 200, "message": "Token valid.", "valid": True, "user_name": user})


@router.post("/1/submit-listens")
async def submit_listens(request: Request) -> Response:
    """Store listens, all or none; what is just playing is checked and let go."""
    service, listener = state_of(request), caller_of(request).listener_if_any(None)
    if listener is None:
        raise Forbidden(
            "this token is of no listener, and the protocol names none",
            "use a key that belongs to the listener: ml access add-key --role listener",
        )
    await service.run(_take, service.app, listener, await request.body())
    return Answer({"status": "ok"})


@router.get("/1/user/{user_name:path}/listens")
async def user_listens(
    request: Request,
    user_name: str,
    max_ts: Seconds = None,
    min_ts: Seconds = None,
    count: Annotated[int, Query(ge=0)] = 25,
) -> Response:
    """Give a listener's listens, newest first."""
    service, caller = state_of(request), caller_of(request)
    user = caller.listener(user_name)
    # Whole seconds: "after 7" begins with 8, "before 7" ends with 6.
    since, before = (None if min_ts is None else (min_ts + 1) * 1000), (None if max_ts is None else max_ts * 1000)
    read = partial(service.app.listens_between, user, since=since, before=before, most=min(count, 1000))
    found = await service.run(_stored, caller, read) or Stretch((), None, None)
    rows = [listen_of(row, user) for row in found.listens]
    ends = {"latest_listen_ts": found.latest_at, "oldest_listen_ts": found.oldest_at}
    payload = {"user_id": user, "count": len(rows), "listens": rows}
    return Answer({"payload": payload | {name: (at or 0) // 1000 for name, at in ends.items()}})


@router.get("/1/user/{user_name:path}/listen-count")
async def user_listen_count(request: Request, user_name: str) -> Response:
    """Count a listener's listens."""
    service, caller = state_of(request), caller_of(request)
    read = partial(service.app.count_listens, caller.listener(user_name))
    counted = await service.run(_stored, caller, read)
    return Answer({"payload": {"count": counted or 0}})


def _stored(caller: Caller, read: Callable[[], R]) -> R | None:
    """Read what is stored of a listener; None where it is the listener who asks, and nothing is stored yet."""
    try:
        return read()
    except UnknownId:
        if caller.bound:
            return None
        raise


def _take(app: App, listener: str, body: bytes) -> None:
    submission = read_submission(body)
    if submission.listen_type != "playing_now":
        app.scrobble(listener, listens_frame(submission.listens, listener))
