"""The verbs about music and those who listen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Unpack

from ml.client.asked import (
    BatchAsked,
    EventTold,
    ExplanationAsked,
    FeedbackTold,
    OnboardingAsked,
    PlaylistAsked,
    RecommendationsAsked,
    SearchAsked,
    StrangerAsked,
    Tongue,
)
from ml.client.asking import delete, get, post, read, send, told
from ml.client.verbs import Many, Nothing, One, Raw, Verbs


class Listening(Verbs[One, Many, Raw, Nothing]):
    """What is asked for listeners."""

    def recommend(self, **asked: Unpack[RecommendationsAsked]) -> One:
        """Recommend to one listener, with reasons."""
        return self._one(read("/recommendations", asked))

    def recommend_batch(self, **asked: Unpack[BatchAsked]) -> Many:
        """Recommend to several listeners, in their order."""
        return self._many(read("/recommendations/batch", asked))

    def recommend_stranger(self, **asked: Unpack[StrangerAsked]) -> One:
        """Recommend to somebody of whom nothing is stored, from what they say of themselves."""
        return self._one(read("/recommendations/stranger", asked))

    def onboard(self, **asked: Unpack[OnboardingAsked]) -> One:
        """Ask a stranger about the next artists, and recommend by the answers so far."""
        return self._one(read("/onboarding", asked))

    def explain(self, **asked: Unpack[ExplanationAsked]) -> One:
        """Say why an item stands where it stands for a listener."""
        return self._one(read("/explanations", asked))

    def main_parameters(self, *, language: Tongue | None = None) -> One:
        """State by what recommendations are ranked, and where a listener can change it."""
        return self._one(get("/recommendations/parameters", language=language))

    def similar(self, item_id: str, *, count: int = 10, kind: Literal["track", "artist"] | None = None) -> One:
        """Find what goes with a track or an artist."""
        return self._one(get("/similar", item_id=item_id, count=count, kind=kind))

    def record_event(self, **event: Unpack[EventTold]) -> One:
        """Store a play, a skip or a seek; sent twice, it is one."""
        return self._one(told("/events", event))

    def record_feedback(self, **event: Unpack[FeedbackTold]) -> One:
        """Store what a listener says about an item; sent twice, it is one."""
        return self._one(told("/feedback", event))

    def undo_event(self, event_id: int, *, user_id: str | None = None) -> One:
        """Take back an event."""
        return self._one(delete("/events/{}", event_id, user_id=user_id))

    def history_state(self, *, user_id: str | None = None) -> One:
        """Tell whether what a listener plays is kept."""
        return self._one(get("/history", user_id=user_id))

    def list_listens(self, *, user_id: str | None = None, count: int = 25) -> One:
        """Give the last tracks that a listener heard."""
        return self._one(get("/listens", user_id=user_id, count=count))

    def pause_history(self, *, user_id: str | None = None) -> One:
        """Keep nothing of what a listener plays from now on."""
        return self._one(post("/history/pause", user_id=user_id))

    def resume_history(self, *, user_id: str | None = None) -> One:
        """Keep what a listener plays again."""
        return self._one(post("/history/resume", user_id=user_id))

    def search(self, text: str = "", **asked: Unpack[SearchAsked]) -> One:
        """Search artists, albums and tracks."""
        return self._one(read("/search", {**asked, "text": text}))

    def suggest(self, text: str, *, count: int = 8) -> One:
        """Search while somebody types."""
        return self._one(get("/search/suggest", text=text, count=count))

    def search_audio(
        self,
        file: Path | bytes,
        *,
        how: Literal["auto", "identify", "similar", "hum"] = "auto",
        count: int = 10,
        language: Tongue = "en",
    ) -> One:
        """Find tracks by a recording: an excerpt, something alike, or a hummed melody."""
        return self._one(send("/search/audio", file, how=how, count=count, language=language))

    def search_voice(self, file: Path | bytes, *, count: int = 10, language: Tongue = "en") -> One:
        """Find a name of the catalogue that somebody says."""
        return self._one(send("/search/voice", file, count=count, language=language))

    def search_image(self, file: Path | bytes, *, count: int = 5) -> One:
        """Say which album a photograph or a screenshot shows."""
        return self._one(send("/search/image", file, count=count))

    def analyze_audio(self, file: Path | bytes) -> One:
        """Say what a sound sounds like; nothing of it is kept."""
        return self._one(send("/audio/analyze", file))

    def identify_audio(self, file: Path | bytes) -> One:
        """Say which recording of the library an excerpt is of."""
        return self._one(send("/audio/identify", file))

    def library_map(
        self,
        *,
        by: Literal["listening", "sound"] | None = None,
        kind: Literal["track", "artist"] | None = None,
        count: int = 100_000,
    ) -> One:
        """Give the library as a map, column by column, the most played points first."""
        return self._one(get("/map", by=by, kind=kind, count=count))

    def generate_playlist(self, **asked: Unpack[PlaylistAsked]) -> One:
        """Make a playlist whose constraints hold, with reasons."""
        return self._one(read("/playlists/generate", asked))

    def playlist_path(self, start: str, end: str, *, count: int = 10, language: Tongue | None = None) -> One:
        """Make a list that leads from one track to another."""
        return self._one(read("/playlists/path", {"start": start, "end": end, "count": count, "language": language}))

    def reorder_playlist(
        self, tracks: Sequence[str], *, arc: str | Sequence[float] | None = None, language: Tongue | None = None
    ) -> One:
        """Put tracks in the order in which they lead to each other best."""
        return self._one(read("/playlists/reorder", {"tracks": tracks, "arc": arc, "language": language}))

    def export_playlist(
        self, playlist: PlaylistAsked, *, title: str, form: Literal["m3u8", "xspf", "jspf", "csv"] = "m3u8"
    ) -> Raw:
        """Make a playlist, and give it as a file that players read."""
        return self._raw(read("/playlists/export", {"playlist": playlist, "title": title, "form": form}))
