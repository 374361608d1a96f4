"""What counts as the same, and what is right of a sound."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from ml.service.bodies.base import Body, Name, shown

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,128}$")]


class MergeAsked(Body):
    """Two items that are one."""

    model_config = shown({"one": "demo:track/1", "other": "demo:track/12"})

    one: Name = Field(description="the item that stays")
    other: Name = Field(description="the item that counts as it from now on")


class SplitAsked(Body):
    """An item that stands for itself again."""

    model_config = shown({"item_id": "demo:track/12"})

    item_id: Name


class CorrectionAsked(Body):
    """What is right of a sound; what is left out stays as it is."""

    model_config = shown({"content_hash": "00" * 16, "tempo_bpm": 120, "take_back": ["key"]})

    content_hash: Hash = Field(description="of the sound, as the library lists it")
    tempo_bpm: float | None = Field(None, ge=10, le=500)
    key: Name | None = None
    mode: Literal["major", "minor"] | None = None
    time_signature: Name | None = None
    take_back: list[Literal["tempo_bpm", "key", "mode", "time_signature"]] = Field(
        default_factory=list, max_length=4, description="fields whose corrections hold no longer"
    )

    def fields(self) -> dict[str, Any]:
        """Give what is said, None for what is taken back."""
        said = self.model_dump(exclude={"content_hash", "take_back"}, exclude_none=True)
        return dict.fromkeys(self.take_back) | said
