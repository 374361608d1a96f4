"""Fields of a form: one that nobody reads is refused, as one of a JSON body is; who sends it meant another."""

from __future__ import annotations

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from ml.foundation.errors import did_you_mean

#: Like pydantic's word for the same of a JSON body.
UNKNOWN = "extra_forbidden"


async def known_only(request: Request) -> None:
    """Refuse a form with a field that its route does not know.

    Raises
    ------
    fastapi.exceptions.RequestValidationError
        Which names each such field, and the known ones.
    """
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = _fields(route.dependant)
    if not known:
        return
    # Starlette keeps a form that was read; the route's own fields are of this one.
    sent = dict.fromkeys((await request.form()).keys())
    strange = [name for name in sent if name not in known]
    if strange:
        raise RequestValidationError([_error(name, known) for name in strange])


def _fields(dependant: Dependant) -> set[str]:
    """Give the names of the fields of a body, with those of what it depends on."""
    own = {field.alias for field in dependant.body_params}
    return own.union(*map(_fields, dependant.dependencies))


def _error(name: str, known: set[str]) -> dict[str, object]:
    near, listed = did_you_mean(name, known), f"known: {', '.join(sorted(known))}"
    hint = near if near == listed else f"{near} ({listed})"
    context = {"known": sorted(known)}
    return {"type": UNKNOWN, "loc": ("body", name), "msg": f"no such field; {hint}", "input": None, "ctx": context}
