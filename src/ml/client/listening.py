"""The verbs about music and those who listen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Unpack

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

    def export_listener(self, *, user_id: str | None = None) -> Raw:
        """Give all that is stored of a listener, as JSON."""
        return self._raw(get("/listeners/export", user_id=user_id))

    def erase_listener(self, *, confirm: str, user_id: str | None = None) -> One:
        """Delete all that is stored of a listener; ``confirm`` is their id once more, in full."""
        return self._one(delete("/listeners", user_id=user_id, confirm=confirm))

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

    def track(self, item_id: str) -> One:
        """Say what is known of a track."""
        return self._one(get("/tracks", item_id=item_id))

    def track_similar(self, item_id: str, *, count: int = 10) -> One:
        """Find what sounds like a track, or what the same people listen to."""
        return self._one(get("/tracks/similar", item_id=item_id, count=count))

    def track_analysis(self, item_id: str, *, columns: int = 1_600) -> One:
        """Say what is known of the sound of a track, with its waveform in at most so many columns."""
        return self._one(get("/tracks/analysis", item_id=item_id, columns=columns))

    def track_spectrogram(self, item_id: str) -> Raw:
        """Give the mel spectrogram of a track, a PNG."""
        return self._raw(get("/tracks/spectrogram", item_id=item_id))

    def track_audio(self, item_id: str) -> Raw:
        """Give the sound of a track, as a file that browsers play."""
        return self._raw(get("/tracks/audio", item_id=item_id))

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
        self,
        playlist: PlaylistAsked | None = None,
        *,
        title: str,
        form: Literal["m3u8", "xspf", "jspf", "csv"] = "m3u8",
        tracks: Sequence[str] | None = None,
    ) -> Raw:
        """Make a playlist, or take tracks in their order, and give it as a file that players read."""
        asked = {"playlist": playlist, "tracks": tracks, "title": title, "form": form}
        return self._raw(read("/playlists/export", asked))

    def playlist_choices(self, *, language: Tongue = "en") -> One:
        """Tell what a playlist can be asked for."""
        return self._one(get("/playlists/choices", language=language))

    def show_playlist(self, playlist: Mapping[str, Any]) -> One:
        """Say of a list as it stands how it flows, and which of its constraints hold."""
        return self._one(read("/playlists/show", {"playlist": playlist}))

    def edit_playlist(
        self,
        playlist: Mapping[str, Any],
        *,
        pin: Mapping[int, str] | None = None,
        remove: Sequence[str] | None = None,
        keep: Sequence[str] | None = None,
        seed: int | None = None,
    ) -> One:
        """Pin, remove and keep tracks of a list, and make the rest anew."""
        asked = {"playlist": playlist, "pin": pin, "remove": remove, "keep": keep, "seed": seed}
        return self._one(read("/playlists/edit", asked))

    def resize_playlist(
        self,
        playlist: Mapping[str, Any],
        *,
        minutes: float | None = None,
        count: int | None = None,
        played: int | None = None,
    ) -> One:
        """Make a list longer or shorter; what was played of it stays."""
        asked = {"playlist": playlist, "minutes": minutes, "count": count, "played": played}
        return self._one(read("/playlists/resize", asked))

    def extend_playlist(
        self,
        playlist: Mapping[str, Any] | str,
        *,
        minutes: float | None = None,
        count: int | None = None,
        threshold: float | None = None,
        asked: PlaylistAsked | None = None,
    ) -> One:
        """Find tracks to go on with behind a list, or behind a stored one."""
        how = {"minutes": minutes, "count": count, "threshold": threshold, "asked": asked}
        return self._one(read("/playlists/extend", {"playlist": playlist, **how}))

    def append_playlist(self, playlist_id: str, tracks: Sequence[str], *, name: str | None = None) -> One:
        """Write tracks behind a stored list, or the whole under another name."""
        asked = {"playlist_id": playlist_id, "tracks": tracks, "name": name}
        return self._one(post("/playlists/append", body=asked))
