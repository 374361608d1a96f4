"""A found list as a result: names, constraints and what came of them, reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.data.identity import outside_ids
from ml.features.keys import camelot
from ml.foundation.phrase import Language, Phrase, spoken
from ml.playlist_generator.asking import Asked
from ml.playlist_generator.composing import Composition
from ml.playlist_generator.demand_names import demand_name, relaxed, unmet, word
from ml.playlist_generator.flow.arcs import along, middles
from ml.playlist_generator.flow.harmony import KEY_COSTS
from ml.playlist_generator.flow.transitions import transition_costs, transition_parts
from ml.playlist_generator.holding.conflicts import Conflict, Relaxation
from ml.playlist_generator.holding.demands import Cap, Count, Demand, Gap, Given, Have, Length, Only, Pin, Share
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Constraint, Playlist, PlaylistTrack
from ml.playlist_generator.words import say

Rows = NDArray[np.int64]

#: Reasons of one track, at most; and a part that speaks less for it than this is none.
_MOST_REASONS, _LEAST = 3, 0.5
#: Differences that are not mentioned: of tempo in BPM, of energy.
_SAME_BPM, _SAME_ENERGY = 1.5, 0.08
#: As far from half or double, in octaves, as a pitch fader bridges: 6 %.
_SAME_OCTAVES = 0.084


def tell(
    connection: Connection,
    tracks: Tracks,
    request: PlaylistRequest,
    asked: Asked,
    found: Composition,
    notices: tuple[str, ...],
) -> Playlist:
    """Put a list into words and numbers."""
    ids = track_ids(connection, tracks, found.rows)
    sounds = tracks.sounds.take(found.rows)
    steps = np.diagonal(transition_costs(sounds, sounds, request.weights), 1)
    fit = asked.fit.whole(len(tracks))
    reasons = _Reasons(tracks, asked, found.rows)
    shown = []
    for place, row in enumerate(found.rows.tolist()):
        label = tracks.labels.row(row, named=True)
        key = int(tracks.sounds.key[row])
        shown.append(
            PlaylistTrack(
                track_id=ids[row],
                title=label["title"],
                artist=label["artist"],
                album=label["album"],
                duration_s=round(int(tracks.ground.duration_ms[row]) / 1000, 3),
                tempo_bpm=_number(tracks.features["tempo_bpm"][row], 1),
                camelot=camelot(key) if key >= 0 else None,
                energy=_number(tracks.features["energy"][row], 3),
                loudness_lufs=_number(tracks.features["loudness_lufs"][row], 1),
                path=label["path"],
                isrc=label["isrc"],
                mbid=label["mbid"],
                fit=round(float(fit[row]), 4),
                transition_cost=None if place == 0 else round(float(steps[place - 1]), 4),
                why=reasons.why(row, place),
                why_here=reasons.why_here(place),
                playable=label["path"] is not None,
                energy_wanted=None if reasons.wanted is None else round(float(reasons.wanted[place]), 3),
            )
        )
    return Playlist(
        tracks=tuple(shown),
        duration_s=round(int(tracks.ground.duration_ms[found.rows].sum()) / 1000, 3),
        cost=round(found.cost, 5),
        bound=None if found.bound is None else round(found.bound, 5),
        constraints=tuple(
            replace(each, said=spoken(unmet(each), request.language))
            for each in (_constraint(demand, tracks, found.rows) for demand in asked.demands)
        ),
        conflicts=tuple(_in_words(conflict, request.language) for conflict in found.conflicts),
        considered=found.considered,
        allowed=found.allowed,
        notices=tuple(spoken(each, request.language) for each in (*notices, *_about(tracks, found))),
        request=request.to_dict(),
        understood=asked.understood,
    )


def _in_words(conflict: Conflict, language: Language) -> Conflict:
    def said(ways: tuple[Relaxation, ...]) -> tuple[Relaxation, ...]:
        return tuple(replace(way, said=spoken(relaxed(way), language)) for way in ways)

    return replace(conflict, relaxations=said(conflict.relaxations), together=said(conflict.together))


def track_ids(connection: Connection, tracks: Tracks, rows: Rows) -> dict[int, str]:
    """Give the outside ids of tracks by row."""
    keys = {row: int(tracks.keys[row]) for row in rows.tolist()}
    named = outside_ids(connection, "item", [key for key in keys.values() if key >= 0])
    return {row: named[key] if key >= 0 else f"file:{tracks.labels['content_hash'][row]}" for row, key in keys.items()}


def _about(tracks: Tracks, found: Composition) -> list[str]:
    said: list[str] = []
    if found.undecided:
        said.append(say("undecided"))
    for conflict in found.conflicts:
        name = "impossible" if len(conflict.names) > 1 else "impossible_one"
        said.append(say(name, names=tuple(map(demand_name, conflict.names))))
    if found.gave:
        said.append(say("gave", names=tuple(map(demand_name, found.gave))))
    unheard = int((~tracks.has_sound[found.rows]).sum())
    if unheard:
        said.append(say("unheard_transitions", n=unheard))
    return said


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def _constraint(demand: Demand, tracks: Tracks, rows: Rows) -> Constraint:
    ground, n = tracks.ground, len(rows)
    got: Any
    match demand:
        case Length():
            total = int(ground.duration_ms[rows].sum())
            got, met = {"minutes": round(total / 60_000, 2)}, demand.low_ms <= total <= demand.high_ms
        case Count():
            got, met = n, demand.least <= n <= demand.most
        case Cap():
            got = int(np.unique(ground.credited[rows], return_counts=True)[1].max()) if n else 0
            met = got <= demand.most
        case Gap():
            got = _least_gap(ground.credited[rows] if demand.between == "artist" else ground.album[rows, None])
            met = got is None or got >= demand.tracks
        case Share():
            share = float(demand.of[rows].mean()) if n else 0.0
            got, met = round(share, 4), demand.least - 1e-9 <= share <= demand.most + 1e-9
        case Only():
            wrong = int((~demand.of[rows]).sum())
            got, met = {"tracks": n - wrong, "without": wrong}, wrong == 0
        case Have():
            met = demand.track in rows
            got = met
        case Pin():
            places = np.flatnonzero(rows == demand.track)
            got = int(places[0]) + 1 if len(places) else None
            met = got == demand.position + 1
        case Given():
            got = sum(at < n and int(rows[at]) == track for at, track in demand.places.items())
            met = got == len(demand.places)
    return Constraint(demand.name, demand.asked, got, bool(met))


def _least_gap(codes: NDArray[np.int64]) -> int | None:
    """Give the fewest others between two of the same code; None where none comes twice.

    >>> [_least_gap(np.array(codes)) for codes in ([[1], [2], [1], [3]], [[1, 5], [2, 1]], [[1], [2]])]
    [1, 0, None]
    """
    last: dict[int, int] = {}
    least: int | None = None
    for place, each in enumerate(codes.tolist()):
        for code in each:
            if code in last:
                between = place - last[code] - 1
                least = between if least is None else min(least, between)
        last.update(dict.fromkeys(each, place))
    return least


class _Reasons:
    """Why tracks are in a list, and why where they are."""

    def __init__(self, tracks: Tracks, asked: Asked, rows: Rows) -> None:
        self.tracks, self.request, self.asked, self.rows = tracks, asked.request, asked, rows
        request = asked.request
        sounds = tracks.sounds.take(rows)
        self.parts = {name: np.diagonal(part, 1) for name, part in transition_parts(sounds, sounds).items()}
        self.wanted = None if request.arc is None else along(request.arc, middles(len(rows)))
        self.energy = tracks.features["energy"][rows]

    def why(self, row: int, place: int) -> str:
        said: list[str] = []
        for demand in self.asked.demands:
            if isinstance(demand, Pin) and demand.position == place and demand.track == row:
                said.append(say("pinned", n=place + 1))
            elif isinstance(demand, Have) and demand.track == row:
                said.append(say("wanted"))
            elif isinstance(demand, Given) and demand.places.get(place) == row and not said:
                said.append(say(demand.name))
        for name, value in self.asked.fit.strongest(row):
            if len(said) < _MOST_REASONS and value >= _LEAST:
                said.append(self._part(name, value))
        if self.asked.known is not None and len(said) < _MOST_REASONS:
            said.append(say("known" if self.asked.known[row] else "new"))
        keeps = all(only.of[row] for only in self.asked.demands.of(Only))
        return _joined(said or [say("nothing_asked" if keeps else "nearest")], self.request.language)

    def _part(self, name: str, value: float) -> Phrase:
        share = _share(value)
        match name:
            case "genres" | "tags":
                return say(name, names=tuple(map(word, getattr(self.request, name))), share=share)
            case "seeds" | "away":
                called = tuple(self.asked.labels.get(text, text) for text in getattr(self.request, name))
                return say(name, names=called, share=share)
            case "taste" | "list" | "group":
                return say(name, share=share)
            case _:
                return say(name, word=word(str(getattr(self.request, name))), share=share)

    def why_here(self, place: int) -> str:
        said: list[str] = []
        if place == 0:
            said.append(say("opens"))
        else:
            said += [each for each in (self._tempo(place), self._key(place), self._energy(place)) if each is not None]
            if not said and self.parts["timbre"][place - 1] < 0.25:
                said.append(say("similar_sound"))
        if self.wanted is not None and np.isfinite(self.energy[place]):
            # An arc goes from the calmest track here to the most energetic; it is told on the scale of the tracks.
            low, high = float(np.nanmin(self.energy)), float(np.nanmax(self.energy))
            wants = low + float(self.wanted[place]) * (high - low)
            got, wanted = (round(100 * value) for value in (float(self.energy[place]), wants))
            said.append(say("arc_place", got=got, wanted=wanted))
        return _joined(said, self.request.language)

    def _tempo(self, place: int) -> Phrase | None:
        before, after = (float(self.tracks.features["tempo_bpm"][self.rows[place + step]]) for step in (-1, 0))
        if not (np.isfinite(before) and np.isfinite(after)):
            return None
        if abs(after - before) <= _SAME_BPM:
            return say("tempo_same")
        if abs(abs(np.log2(after / before)) - 1) < _SAME_OCTAVES:
            return say("tempo_double" if after > before else "tempo_half")
        return say("tempo_up" if after > before else "tempo_down", n=round(abs(after - before)))

    def _key(self, place: int) -> Phrase | None:
        before, after = (int(self.tracks.sounds.key[self.rows[place + step]]) for step in (-1, 0))
        if before < 0 or after < 0:
            return None
        if before == after:
            return say("key_same")
        cost, name = float(KEY_COSTS[before, after]), camelot(after)
        relative = camelot(before)[:-1] == name[:-1]
        kind = "relative" if relative else "neighbour" if cost <= 0.3 and not _lifts(before, after) else "far"
        return say("key_lift" if _lifts(before, after) else f"key_{kind}", key=name)

    def _energy(self, place: int) -> Phrase | None:
        before, after = (float(self.tracks.features["energy"][self.rows[place + step]]) for step in (-1, 0))
        if not abs(after - before) > _SAME_ENERGY:
            return None
        return say("energy_up" if after > before else "energy_down")


def _lifts(before: int, after: int) -> bool:
    return (before >= 12) == (after >= 12) and (after - before) % 12 in {1, 2}


def _share(value: float) -> str:
    return f"{round(100 * value)} %"


def _joined(said: list[str], language: Language) -> str:
    return ", ".join(spoken(each, language) for each in said)
