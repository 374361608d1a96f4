"""Work that is asked for in the background."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ml.service.bodies.base import Body, Loose, shown


class JobAsked(Body):
    """A job; imports and scans come with what they read: POST /imports, or `ml jobs`."""

    model_config = shown({"kind": "train", "arguments": {"judge": False}})

    kind: Literal["train", "evaluate", "tune", "exposure", "index", "heads", "duplicates", "snapshot", "map"]
    arguments: Loose = Field(default_factory=dict, description="as `ml jobs kinds` lists them")
