"""The audit log, read and verified."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ml.app.audits import audit_key_file
from ml.data.audit import Key, Verification, Wanted, last, verify
from ml.data.identity import find_user
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.results import Result
from ml.service.answers import PAGED, Answer, following
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["audit"])
#: Records of one moment, at most.
_SAME_MOMENT = 1000
Text = Annotated[Name | None, Query()]


@dataclass(frozen=True, slots=True)
class Records(Result):
    """Records of the log, the newest first."""

    records: tuple[dict[str, Any], ...]


@router.get("/audit", response_model=Records, responses=PAGED)
async def read_audit(
    request: Request,
    who: Text = None,
    what: Text = None,
    user_id: Annotated[Name | None, Query(description="a listener, whom records know by a pseudonym")] = None,
    result: Text = None,
    since: Text = None,
    until: Text = None,
    count: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Give the last records: who did what, when, on whom, with what result."""
    service = state_of(request)
    if user_id is not None:
        caller_of(request).regarding(user_id)
    asked = Wanted(who=who, what=what, result=result, since=since, until=until)
    found = await service.run(_records, service, user_id, count + _SAME_MOMENT, asked)
    end = count
    # The next page is asked for by moment: what happened in the same one stays together.
    while end < len(found) and found[end]["at"] == found[end - 1]["at"]:
        end += 1
    headers = {} if end >= len(found) else {"Link": following(request, until=found[end - 1]["at"])}
    return Answer(Records(found[:end]), headers=headers)


def _records(service: ServiceState, user_id: str | None, count: int, asked: Wanted) -> tuple[dict[str, Any], ...]:
    log = service.audit
    if log is None:
        raise EmptyWorkspace("the audit log is off", "switch it on: audit.on = true", code="audit_off")
    whom = None
    if user_id is not None:
        with service.app.workspace.store.read() as connection:
            whom = log.pseudonym(find_user(connection, user_id))
    return tuple(last(log.folder, replace(asked, whom=whom), count))


@router.get("/audit/verification", response_model=Verification)
async def verify_audit(request: Request) -> Response:
    """Read every record, and tell what was changed, removed, inserted or cut off."""
    service = state_of(request)
    return Answer(await service.run(_verified, service))


def _verified(service: ServiceState) -> Verification:
    file = audit_key_file(service.app.settings, service.app.workspace.home)
    return verify(service.app.workspace.audit, keys=[Key.kept(file)] if file.exists() else [])
