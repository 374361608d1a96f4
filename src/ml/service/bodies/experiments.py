"""What is tried out, and on how many."""

from __future__ import annotations

from pydantic import Field

from ml.service.bodies.base import Body, Moment, Name


class ShareAsked(Body):
    """A share of the listeners."""

    share: float = Field(1.0, ge=0, le=1)


class OutcomeTold(Body):
    """What a listener did that is no listen, such as a click."""

    user_id: Name | None = None
    event: Name
    item_id: Name | None = None
    value: float = 1.0
    at: Moment = None
