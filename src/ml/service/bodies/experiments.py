"""What is tried out, and on how many."""

from __future__ import annotations

from pydantic import Field

from ml.service.bodies.base import Body, Moment, Name, shown


class ShareAsked(Body):
    """A share of the listeners."""

    model_config = shown({"share": 0.1})

    share: float = Field(1.0, ge=0, le=1)


class OutcomeTold(Body):
    """What a listener did that is no listen, such as a click."""

    model_config = shown({"user_id": "demo:user_10000", "event": "click", "item_id": "demo:track/1"})

    user_id: Name | None = None
    event: Name
    item_id: Name | None = None
    value: float = 1.0
    at: Moment = None
