"""Work that is asked for in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from ml.service.bodies.base import Body, shown


class JobAsked(Body):
    """A job; imports and scans come with what they read: POST /imports, or `ml jobs`."""

    model_config = shown({"kind": "train", "arguments": {"judge": False}})

    kind: Literal["train", "evaluate", "tune", "index", "snapshot"]
    arguments: Mapping[str, Any] = Field(default_factory=dict, description="as `ml jobs kinds` lists them")
