"""What is told of listeners."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ml.service.bodies.base import Body, Moment, Name, Tongue, shown


class Told(Body):
    """What happened, to whom, with what."""

    user_id: Name | None = None
    item_id: Name
    at: Moment = Field(None, description="when, with time zone; now if left out")
    language: Tongue | None = None


class EventTold(Told):
    """What somebody heard."""

    model_config = shown({"user_id": "demo:user_10000", "item_id": "demo:track/1", "event": "play"})

    event: Literal["play", "skip", "seek"] = "play"
    ms_played: int | None = Field(None, ge=0)
    to_ms: int | None = Field(None, ge=0)
    device: Name | None = None
    activity: Name | None = None


class FeedbackTold(Told):
    """What somebody says about an item."""

    model_config = shown({"user_id": "demo:user_10000", "item_id": "demo:track/1", "event": "like"})

    event: Literal["like", "dislike", "not_now", "add_to_playlist", "block", "unblock", "hide_artist", "show_artist"]
    until: Moment = Field(None, description="of not_now: when the item may come back")
