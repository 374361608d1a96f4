"""The verbs about the catalogue, the audio library and covers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ml.client.asking import delete, get, post, read, send
from ml.client.verbs import Many, Nothing, One, Raw, Verbs


class Curating(Verbs[One, Many, Raw, Nothing]):
    """What is asked about what there is."""

    def list_merges(self, *, below: float = 1.01, count: int = 50, after: str | None = None) -> Many:
        """List items that count as another, the least certain first."""
        return self._many(get("/merges", below=below, count=count, after=after))

    def merge_items(self, one: str, other: str) -> One:
        """Let one item count as another."""
        return self._one(post("/merges", body={"one": one, "other": other}))

    def split_item(self, item_id: str) -> One:
        """Let a merged item stand for itself again."""
        return self._one(post("/merges/split", body={"item_id": item_id}))

    def forget_tuning(self, *, kind: Literal["track", "artist"] | None = None) -> One:
        """Let the default settings of models hold again."""
        return self._one(delete("/tuning", kind=kind))

    def list_library(self, *, count: int = 50, after: str | None = None, analysis: bool = False) -> Many:
        """List the files that were scanned, by path."""
        return self._many(get("/audio/library", count=count, after=after, analysis=analysis))

    def correct_audio(
        self,
        content_hash: str,
        *,
        tempo_bpm: float | None = None,
        key: str | None = None,
        mode: Literal["major", "minor"] | None = None,
        time_signature: str | None = None,
        take_back: Sequence[str] = (),
    ) -> One:
        """Say what is right of a sound, whatever the analysis says; what is None stays as it is."""
        said = {"tempo_bpm": tempo_bpm, "key": key, "mode": mode, "time_signature": time_signature}
        return self._one(read("/audio/corrections", {"content_hash": content_hash, "take_back": take_back, **said}))

    def audio_versions(self, file: Path | bytes, *, count: int = 10) -> Many:
        """Rank the library by how alike its chords are to those of a song."""
        return self._many(send("/audio/versions", file, count=count))

    def covers_by_colour(self, colour: str, *, count: int = 10) -> Many:
        """List the albums whose covers have most of a colour."""
        return self._many(get("/search/covers/colour", colour=colour, count=count))

    def covers_by_mood(self, mood: str, *, count: int = 10) -> Many:
        """List the albums whose covers' colours make a mood."""
        return self._many(get("/search/covers/mood", mood=mood, count=count))

    def covers_alike(self, file: Path | bytes, *, count: int = 10) -> Many:
        """List the albums whose covers mean the same as a picture."""
        return self._many(send("/search/covers/alike", file, count=count))
