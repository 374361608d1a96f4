"""A theme in words, as the fields of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.identity import normalise
from ml.features.keys import key_number
from ml.features.language import Parse, Range, parse
from ml.features.vocabulary import energy_of
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Phrase
from ml.playlist_generator.demand_names import word
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.request import DEFAULT_MINUTES, PlaylistRequest
from ml.playlist_generator.situations import HALF_LEVEL
from ml.playlist_generator.words import say

#: How much more or less than the seeds "calmer", "slower", … ask for, in the feature's unit; of the tempo as a share.
_STEPS = {"energy": 0.08, "loudness_lufs": 2.0}
_STEP, _TEMPO_SHARE = 0.1, 0.92
#: What the grammar compares, by the name that tracks have it under.
_COMPARED = {"tempo": "tempo_bpm", "loudness": "loudness_lufs", "vocals": "instrumentalness"}
_FIRST_YEAR, _LAST_YEAR = 1, 9999


@dataclass(frozen=True)
class Theme:
    """What a theme comes to.

    Parameters
    ----------
    request : PlaylistRequest
        What was asked, with what the theme adds; what was asked besides the theme comes first.
    notices : tuple of Phrase
        What was understood, and what of it has no say.
    changes : mapping of str to int
        By feature: more, 1, or less, -1, of it than the seeds have.
    understood : tuple of str
        What was understood, piece by piece, in the language of the request.
    """

    request: PlaylistRequest
    notices: tuple[Phrase, ...]
    changes: dict[str, int] = field(default_factory=dict)
    understood: tuple[str, ...] = ()


def themed(request: PlaylistRequest, tracks: Tracks) -> Theme:
    """Take the theme of a request in.

    Raises
    ------
    BadInput
        If nothing of it is understood.
    """
    if request.theme is None:
        return Theme(request, ())
    found = parse(request.theme)
    fields, notices = _fields(found, tracks)
    if not fields and not found.changes:
        raise BadInput(
            f"nothing of the theme {request.theme!r} is understood",
            "say a mood, an activity, a genre, an era, a language, a tempo: 'calm jazz for dinner, 1960s'",
            code="theme_not_understood",
            values={"theme": request.theme},
        )
    default = PlaylistRequest()
    named = {name for name in fields if getattr(request, name) != getattr(default, name)}
    if request.count is not None or request.minutes is not None:
        named |= {"minutes", "count"}
    elif not {"minutes", "count"} & set(fields):
        fields["minutes"] = DEFAULT_MINUTES
    elif "count" in fields:
        fields.pop("minutes", None)
    wanted = {name: value for name, value in fields.items() if name not in named}
    pieces = found.pieces(request.language)
    understood = say("understood", words="; ".join(pieces))
    return Theme(replace(request, **wanted), (understood, *notices), dict(found.changes), pieces)


def _fields(found: Parse, tracks: Tracks) -> tuple[dict[str, Any], list[Phrase]]:
    fields: dict[str, Any] = {}
    notices: list[Phrase] = []
    for name in ("mood", "activity", "time_of_day"):
        values = [value for value in found.of(name) if isinstance(value, str)]
        if values:
            fields[name] = values[0]
            notices += [say("one_only", word=word(other)) for other in values[1:]]
    fields |= _tagged(found, tracks, notices)
    fields |= _ranges(found)
    fields |= _languages(found, tracks, notices)
    if found.explicit is False:
        fields["explicit"] = False
    if len(found.of("vocals")) > 1:
        notices.append(say("one_only", word=say("other_vocals")))
    if found.vocals is not None:
        fields["instrumental"] = not found.vocals
    keys = [key_number(*str(value).split(" ", 1)) for value in found.of("key")]
    if keys:
        fields["keys"] = tuple(key for key in keys if key is not None)
    if found.likes:
        fields["seeds"] = found.likes
    if found.unlikes:
        fields["away"] = found.unlikes
    if found.count is not None:
        fields["count"] = found.count
    return fields, notices


def _languages(found: Parse, tracks: Tracks, notices: list[Phrase]) -> dict[str, Any]:
    languages = tuple(str(language) for language in found.of("language"))
    here = tuple(language for language in languages if (tracks.languages == language).any())
    if len(here) < len(languages):
        notices.append(say("no_say", words=tuple(language for language in languages if language not in here)))
    return {"languages": here} if here else {}


def _tagged(found: Parse, tracks: Tracks, notices: list[Phrase]) -> dict[str, Any]:
    """Take genres, instruments, tags and words that are tags here; what no track has is said to have no say."""
    genres = [str(genre) for genre in found.of("genre")]
    words = [str(word) for kind in ("instrument", "tag") for word in found.of(kind)]
    words += [term.text for term in found.rest if term.wanted]
    fields: dict[str, Any] = {}
    there = tuple(genre for genre in genres if tracks.of_genre(genre).any())
    if there:
        fields["genres"] = there
    missing = [genre for genre in genres if genre not in there]
    known = tuple(word for word in words if normalise(word) in tracks.tags)
    if known:
        fields["tags"] = known
    missing += [word for word in words if word not in known]
    if missing:
        notices.append(say("no_say", words=tuple(map(word, missing))))
    unwanted = tuple(str(genre) for genre in found.of("genre", wanted=False))
    if unwanted:
        fields["not_genres"] = unwanted
    others = [str(word) for kind in ("instrument", "tag") for word in found.of(kind, wanted=False)]
    if others:
        fields["not_tags"] = tuple(others)
    return fields


def _ranges(found: Parse) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if found.years:
        # Several eras are one stretch from the first to the last: a list may be of any of them.
        lows = [_FIRST_YEAR if years.low is None else int(years.low) for years in found.years]
        highs = [_LAST_YEAR if years.high is None else int(years.high) for years in found.years]
        fields["years"] = (min(lows), max(highs))
    if found.tempo_bpm is not None:
        fields["bpm"] = _ends(found.tempo_bpm, 1.0, 1000.0)
    level = next((str(value) for value in found.of("energy_level")), None)
    if level is not None:
        middle = energy_of(level)
        fields["energy"] = (max(0.0, middle - HALF_LEVEL), min(1.0, middle + HALF_LEVEL))
    if found.duration_s is not None:
        low, high = found.duration_s.low, found.duration_s.high
        ends = [end for end in (low, high) if end is not None]
        fields["minutes"] = sum(ends) / len(ends) / 60
    return fields


def _ends(found: Range, least: float, most: float) -> tuple[float, float]:
    return (least if found.low is None else float(found.low), most if found.high is None else float(found.high))


def changed(tracks: Tracks, seeds: NDArray[np.int64], changes: Mapping[str, int]) -> dict[str, NDArray[np.bool_]]:
    """Tell, by feature, which tracks have more or less of it than the seeds; what is not known of these is left out."""
    found = {}
    for feature, direction in changes.items():
        name, sign = _COMPARED.get(feature, feature), -direction if feature == "vocals" else direction
        values = tracks.years.astype(np.float32) if feature == "year" else tracks.features.get(name)
        if values is None or not np.isfinite(values[seeds]).any():
            continue
        middle = float(np.nanmedian(values[seeds]))
        end = middle + sign * _STEPS.get(name, 0.0 if feature == "year" else _STEP)
        if name == "tempo_bpm":
            end = middle / _TEMPO_SHARE if sign > 0 else middle * _TEMPO_SHARE
        with np.errstate(invalid="ignore"):
            found[feature] = values >= end if sign > 0 else values <= end
    return found
