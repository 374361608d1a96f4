"""A request put to the tracks there are: what it demands of a list, and how well each track suits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.identity import find_user
from ml.data.schema import items, listens
from ml.features.keys import camelot
from ml.features.language.languages import LANGUAGES
from ml.features.vocabulary import ACTIVITIES, MOODS, TIMES_OF_DAY
from ml.foundation.errors import BadInput, NotTrained, UnknownId, did_you_mean
from ml.playlist_generator.demand_names import demand_name
from ml.playlist_generator.demand_names import word as word_of
from ml.playlist_generator.holding.demands import Cap, Count, Demand, Demands, Gap, Have, Length, Only, Pin, Share
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.naming import all_named, anything_named, track_named
from ml.playlist_generator.parts import GeneratorParts, Scores
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.suiting.continuing import continuation
from ml.playlist_generator.suiting.fit import Fit
from ml.playlist_generator.suiting.likeness import likeness, ranks
from ml.playlist_generator.suiting.words import suits_word, unknown_features
from ml.playlist_generator.theme import changed, themed
from ml.playlist_generator.words import say

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: A track is of a genre that is heard in it where that is as likely as not, or the likeliest of all.
_LIKELY = 0.5
#: From here on a track counts as sung, or as instrumental.
_INSTRUMENTAL = 0.5
#: How near the share of what the listener knows has to come to the one asked for.
_DIAL = 0.1
#: Tracks that a notice names, at most.
_NAMED = 3
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Asked:
    """What a request comes to.

    Parameters
    ----------
    request : PlaylistRequest
        With what its theme says.
    demands : Demands
    fit : Fit
    notices : tuple of str
    known : bool [shape=(n,)] or None
        Which tracks the listener knows, where one was named.
    understood : tuple of str
        What was understood of the theme, piece by piece.
    labels : mapping of str to str
        What seeds are called that were named by an id.
    """

    request: PlaylistRequest
    demands: Demands
    fit: Fit
    notices: tuple[str, ...] = ()
    known: Mask | None = None
    understood: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def put(connection: Connection, parts: GeneratorParts, tracks: Tracks, request: PlaylistRequest) -> Asked:
    """Put a request to the tracks.

    Raises
    ------
    UnknownId, AmbiguousId, BadInput
        If something that is named is not there.
    """
    theme = themed(request, tracks)
    asking = _Asking(connection, parts, tracks, theme.request, theme.changes)
    asking.notices += theme.notices
    asking.length()
    asking.words()
    asking.bounds()
    asking.catalogue()
    asking.order()
    asking.listener()
    asking.seeds()
    asking.shares()
    return Asked(
        theme.request,
        Demands(tuple(asking.demands)),
        Fit(asking.fit),
        tuple(asking.notices),
        asking.known,
        theme.understood,
        asking.labels,
    )


@dataclass
class _Asking:
    connection: Connection
    parts: GeneratorParts
    tracks: Tracks
    request: PlaylistRequest
    changes: Mapping[str, int]
    demands: list[Demand] = field(default_factory=list)
    fit: dict[str, Floats] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    known: Mask | None = None
    heard: Mask | None = None
    labels: dict[str, str] = field(default_factory=dict)

    def only(self, name: str, asked: Any, of: Mask) -> None:
        self.demands.append(Only(name, asked, of))

    def length(self) -> None:
        request, durations = self.request, self.tracks.ground.duration_ms
        if request.count is not None:
            self.demands.append(Count(request.count, request.count, request.count))
            return
        assert request.minutes is not None
        whole, tolerance = request.minutes * 60_000, request.tolerance_s * 1000
        asked = {"minutes": request.minutes, "tolerance_s": request.tolerance_s}
        self.demands.append(Length(round(whole - tolerance), round(whole + tolerance), asked))
        if not durations.all():
            self.notices.append(say("no_duration", n=int((durations == 0).sum())))
            self.only("known_duration", True, durations > 0)

    def words(self) -> None:
        for name, table in (("mood", MOODS), ("activity", ACTIVITIES), ("time_of_day", TIMES_OF_DAY)):
            asked = getattr(self.request, name)
            if asked is None:
                continue
            word = table[asked]
            if word.region is None and name != "mood":
                self.notices.append(say("no_region", word=word_of(asked)))
                continue
            suited = suits_word(self.tracks, word)
            missing = unknown_features(self.tracks, word)
            if missing:
                self.notices.append(say("unknown_features", word=word_of(asked), features=tuple(map(word_of, missing))))
            unknown = ~np.isfinite(suited)
            if unknown.all():
                raise BadInput(
                    f"{name} = {asked!r}: nothing is known of how any track sounds", _HOW_TO_HEAR, code="sound_unknown"
                )
            if unknown.any():
                self.notices.append(say("unheard", n=int(unknown.sum()), word=word_of(asked)))
                self.only(f"known_for_{name}", asked, ~unknown)
            self.fit[name] = np.nan_to_num(suited)

    def bounds(self) -> None:
        request, features = self.request, self.tracks.features
        for name, column in (("bpm", "tempo_bpm"), ("energy", "energy"), ("loudness_lufs", "loudness_lufs")):
            ends = getattr(request, name)
            if ends is not None:
                values = features[column]
                self._said_unknown(name, np.isfinite(values))
                inside = _inside(values, ends)
                if name == "bpm" and self.tracks.octave_bpm is not None:
                    more = _inside(self.tracks.octave_bpm, ends) & ~inside
                    if more.any():
                        self.notices.append(say("octave", n=int(more.sum())))
                    inside |= more
                self.only(name, list(ends), inside)
        if request.keys:
            keys = self.tracks.sounds.key
            self._said_unknown("keys", keys >= 0)
            self.only("keys", [camelot(key) for key in request.keys], np.isin(keys, request.keys))
        if request.instrumental is not None:
            values = features["instrumentalness"]
            self._said_unknown("instrumental", np.isfinite(values))
            sung = values < _INSTRUMENTAL
            tagged = np.zeros(len(self.tracks), dtype=np.bool_)
            tagged[self.tracks.of_tag("instrumental")] = True
            wanted = (values >= _INSTRUMENTAL) | tagged if request.instrumental else sung & ~tagged
            self.only("instrumental", request.instrumental, wanted)

    def _said_unknown(self, name: str, known: Mask) -> None:
        if not known.all():
            self.notices.append(say("unknown_value", n=int((~known).sum()), name=demand_name(name)))

    def catalogue(self) -> None:
        request, tracks = self.request, self.tracks
        if request.genres:
            much = np.stack([self._genre(genre) for genre in request.genres])
            self.only("genres", list(request.genres), np.asarray((much > 0).any(axis=0)))
            self.fit["genres"] = much.max(axis=0)
        if request.not_genres:
            much = np.stack([self._genre(genre, missing_is_fine=True) for genre in request.not_genres])
            self.only("not_genres", list(request.not_genres), np.asarray(~(much > 0).any(axis=0)))
        if request.tags:
            has = np.stack([self._tagged(tag) for tag in request.tags])
            self.only("tags", list(request.tags), np.asarray(has.any(axis=0)))
            self.fit["tags"] = has.mean(axis=0, dtype=np.float32)
        if request.not_tags:
            has = np.stack([self._tagged(tag, missing_is_fine=True) for tag in request.not_tags])
            self.only("not_tags", list(request.not_tags), np.asarray(~has.any(axis=0)))
        if request.years is not None:
            self._said_unknown("years", tracks.years > 0)
            self.only("years", list(request.years), _between(tracks.years, *request.years))
        if request.languages:
            asked = [self._language(language) for language in request.languages]
            self._said_unknown("languages", tracks.languages != "")
            self.only("languages", list(request.languages), np.isin(tracks.languages, asked))
        if request.explicit is False:
            self.only("explicit", False, ~tracks.explicit)
        if request.files_only:
            self.only("files_only", True, tracks.has_file)

    def _language(self, text: str) -> str:
        """Give the code of a language by its code or name; one that no track has is refused."""
        code = LANGUAGES.match(text, strict=False) or text.lower()
        if not (self.tracks.languages == code).any():
            known = sorted(set(self.tracks.languages.tolist()) - {""})
            hint = f"languages here: {', '.join(known)}" if known else "no track has a language; import them: ml import"
            raise BadInput(f"no track is sung in {text!r}", hint, code="no_such_language", values={"text": text})
        return code

    def _genre(self, genre: str, *, missing_is_fine: bool = False) -> Floats:
        """Tell how much each track is of a genre; 0 where it is not one of it."""
        much = self.tracks.of_genre(genre)
        heard = [np.asarray(each) for each in self.tracks.heard_genres.values()]
        likeliest = much >= np.max(heard, axis=0) if heard else np.zeros(len(much), dtype=np.bool_)
        much = np.where((much >= _LIKELY) | ((much > 0) & likeliest), much, np.float32(0))
        if not much.any() and not missing_is_fine:
            known = self.tracks.genres
            how = "no track has genres; import tags (ml import PATH), or train a head (ml audio train-heads)"
            raise BadInput(
                f"no track is of the genre {genre!r}",
                did_you_mean(genre.lower(), known) if known else how,
                code="no_such_genre",
                values={"genre": genre},
            )
        return much

    def _tagged(self, tag: str, *, missing_is_fine: bool = False) -> Mask:
        has = np.zeros(len(self.tracks), dtype=np.bool_)
        has[self.tracks.of_tag(tag)] = True
        if not has.any() and not missing_is_fine:
            often = sorted(self.tracks.tags, key=lambda one: -len(self.tracks.tags[one]))[:200]
            hint = did_you_mean(tag.lower(), often) if often else "no track has tags; import some: ml import PATH"
            raise BadInput(
                f"no track has the tag {tag!r}",
                hint if len(hint) < 300 else "see: ml export tags",
                code="no_such_tag",
                values={"tag": tag},
            )
        return has

    def order(self) -> None:
        request = self.request
        if request.artist_gap:
            self.demands.append(Gap("artist", request.artist_gap))
        if request.album_gap:
            self.demands.append(Gap("album", request.album_gap))
        if request.max_per_artist is not None:
            self.demands.append(Cap(request.max_per_artist))
        taken: set[int] = set()
        for position, text in sorted(request.pins.items()):
            named = track_named(self.connection, self.tracks, text)
            row = int(named.rows[0])
            if row in taken:
                raise BadInput(f"pin {position}: {named.label!r} is pinned elsewhere too", "a track comes once")
            taken.add(row)
            self.demands.append(Pin(position - 1, row, named.label))
        for text in request.include:
            named = track_named(self.connection, self.tracks, text)
            if int(named.rows[0]) not in taken:
                taken.add(int(named.rows[0]))
                self.demands.append(Have(int(named.rows[0]), named.label))
        if request.exclude:
            out = np.zeros(len(self.tracks), dtype=np.bool_)
            for named in all_named(self.connection, self.tracks, request.exclude):
                out[named.rows] = True
            self.only("exclude", list(request.exclude), ~out)

    def listener(self) -> None:
        request = self.request
        if request.not_played_days is not None:
            self.only("not_played_days", request.not_played_days, ~self._played(request.not_played_days))
        if request.user_id is None:
            self._listeners()
            return
        scores = self._asked(lambda: self.parts.tastes.taste(str(request.user_id)))
        if scores is None:
            if not self.notices or "models" not in self.notices[-1]:
                self.notices.append(say("stranger", user_id=request.user_id))
        else:
            values, heard = self._of_tracks(scores)
            self.fit["taste"] = ranks(values)
            self.known = self.heard = heard
            blocked = np.isnan(scores.scores)
            out = np.zeros(len(self.tracks), dtype=np.bool_)
            rows = self.tracks.rows_of(scores.keys[blocked])
            out[rows[rows >= 0]] = True
            if out.any():
                self.only("not_blocked", True, ~out)
            self._familiar(heard)

    def _listeners(self) -> None:
        """Find out what any of several listeners knows, where it is asked for; the list is shared elsewhere."""
        request = self.request
        if not request.user_ids or (request.familiar_ratio is None and "new" not in request.shares):
            return
        try:
            tastes = [self.parts.tastes.taste(user_id) for user_id in request.user_ids]
        except NotTrained:
            return  # it is said where their tastes are asked for
        heard = [self._of_tracks(one)[1] for one in tastes if one is not None]
        if heard:
            self.heard = np.logical_or.reduce(heard)
            self._familiar(self.heard)

    def _familiar(self, heard: Mask) -> None:
        ratio = self.request.familiar_ratio
        if ratio is not None:
            least, most = max(0.0, ratio - _DIAL), min(1.0, ratio + _DIAL)
            self.demands.append(Share("familiar_ratio", ratio, heard, least, most))

    def _asked(self, ask: Callable[[], Scores | None]) -> Scores | None:
        """Ask a recommender; without models its part is left out, and it is said."""
        try:
            return ask()
        except NotTrained as error:
            self.notices.append(say("no_models", how=error.hint))
            return None

    def _of_tracks(self, scores: Scores) -> tuple[Floats, Mask]:
        values = np.full(len(self.tracks), np.nan, dtype=np.float32)
        heard = np.zeros(len(self.tracks), dtype=np.bool_)
        rows = self.tracks.rows_of(scores.keys)
        values[rows[rows >= 0]] = scores.scores[rows >= 0]
        heard[rows[rows >= 0]] = scores.heard[rows >= 0]
        return values, heard

    def _played(self, days: float) -> Mask:
        """Tell what the listener, or any of several, played in the last so many days."""
        played = np.zeros(len(self.tracks), dtype=np.bool_)
        users = []
        for user_id in self.request.user_ids or (str(self.request.user_id),):
            with suppress(UnknownId):
                users.append(find_user(self.connection, user_id))
        root = func.coalesce(items.c.same_as, items.c.key)
        since = self.parts.clock() - round(days * _DAY_MS)
        statement = select(root).join_from(listens, items, items.c.key == listens.c.item_key)
        statement = statement.where(listens.c.user_key.in_(users), listens.c.listened_at >= since).distinct()
        rows = self.tracks.rows_of(np.array(self.connection.execute(statement).scalars().all(), dtype=np.int64))
        played[rows[rows >= 0]] = True
        return played

    def seeds(self) -> None:
        if self.changes and not self.request.seeds:
            self.notices.append(say("no_seed"))
        rows_of: dict[str, NDArray[np.int64]] = {}
        for name, texts in (("seeds", self.request.seeds), ("away", self.request.away)):
            if not texts:
                continue
            named = [anything_named(self.connection, self.tracks, text) for text in texts]
            self.labels |= {text: each.label for text, each in zip(texts, named, strict=True)}
            rows = np.unique(np.concatenate([each.rows for each in named]))
            if not len(rows):
                raise BadInput(
                    f"{name}: no track of {', '.join(map(repr, texts))} is here",
                    "name others",
                    code="none_of_these",
                    values={"texts": ", ".join(texts)},
                )
            rows_of[name] = rows
            listened = self._listened(rows)
            if name == "seeds":
                self.fit[name] = continuation(self.tracks, rows, listened)
            else:
                self.fit[name] = 1 - likeness(self.tracks, rows, listened)
            if name == "away":
                left = np.ones(len(self.tracks), dtype=np.bool_)
                left[rows] = False
                self.only("away", list(texts), left)
            if name == "seeds" and self.changes:
                self._changed(rows)
        both = np.intersect1d(rows_of.get("seeds", []), rows_of.get("away", []))
        if len(both):
            titles = self.tracks.labels["title"]
            self.notices.append(say("like_and_unlike", names=tuple(titles[int(row)] for row in both[:_NAMED])))

    def _changed(self, seeds: NDArray[np.int64]) -> None:
        """Keep to what has more or less of something than the seeds."""
        found = changed(self.tracks, seeds, self.changes)
        for feature, of in found.items():
            self.only(f"{'more' if self.changes[feature] > 0 else 'less'} {feature}", True, of)
        unknown = tuple(feature for feature in self.changes if feature not in found)
        if unknown:
            self.notices.append(say("no_change", features=tuple(map(word_of, unknown))))

    def _listened(self, rows: NDArray[np.int64]) -> Floats | None:
        keys = self.tracks.keys[rows]
        if not (keys >= 0).any():
            return None
        scores = self._asked(lambda: self.parts.tastes.beside(keys[keys >= 0].tolist()))
        return None if scores is None else self._of_tracks(scores)[0]

    def shares(self) -> None:
        for sort, (least, most) in self.request.shares.items():
            kind, _, what = sort.partition(":")
            of = self._sort(kind, what.strip())
            self.demands.append(Share(f"share {sort}", [least, most], of, least, most))

    def _sort(self, kind: str, what: str) -> Mask:
        match kind:
            case "genre":
                return self._genre(what) > 0
            case "language":
                return np.asarray(self.tracks.languages == self._language(what))
            case "tag":
                return self._tagged(what)
            case "years":
                first, _, last = what.partition("-")
                if not (first.isdecimal() and (last or first).isdecimal()):
                    raise BadInput(f"share of 'years:{what}'", "write years:1990-1999")
                return _between(self.tracks.years, int(first), int(last or first))
            case _:
                if self.heard is None:
                    raise BadInput("share of 'new': nobody is known to whom it would be new", "say whose: user_id=…")
                return ~self.heard


def _inside(values: Floats, ends: tuple[float, float]) -> Mask:
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= ends[0]) & (values <= ends[1]))


def _between(years: NDArray[np.integer], first: int, last: int) -> Mask:
    return np.asarray((years >= first) & (years <= last))


#: What to do where no track has been listened to.
_HOW_TO_HEAR = "analyse your files: ml audio scan FOLDER; or import features"
