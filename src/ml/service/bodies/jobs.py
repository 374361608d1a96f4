"""Work that is asked for in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field

from ml.service.bodies.base import Body


class JobAsked(Body):
    """A job; imports and scans come with what they read: POST /imports, or `ml jobs`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "train", "arguments": {"judge": False}}]}
    )

    kind: Literal["train", "evaluate", "tune", "index", "snapshot"]
    arguments: Mapping[str, Any] = Field(default_factory=dict, description="as `ml jobs kinds` lists them")
