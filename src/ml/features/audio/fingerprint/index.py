"""The index: segments in memory or in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from ml.features.audio.fingerprint.matching import Evidence, Match, candidates
from ml.features.audio.fingerprint.peaks import Peaks
from ml.features.audio.fingerprint.query import Query
from ml.features.audio.fingerprint.segment import Segment
from ml.features.audio.framing import Floats

#: Tracks a segment: some 600 MB for songs of three and a half minutes.
MOST_TRACKS = 4_096
#: From here on an excerpt counts as known.
KNOWN = 0.5
#: Entries that a search looks at, where it may choose the landmarks.
MOST_HITS = 2_000_000
#: Tracks that are compared as a whole, for each that is wanted.
_COMPARED = 4
_SUFFIX = ".mlfp"
#: From names of tracks to names and peaks.
PeaksOf = Callable[[Sequence[str]], Iterable[tuple[str, Peaks]]]


class FingerprintIndex:
    """Knows recordings by their landmarks.

    Parameters
    ----------
    segments : sequence of Segment

    Examples
    --------
    >>> import numpy as np
    >>> from ml.features.audio.fingerprint import peaks_of
    >>> rng = np.random.default_rng(0)
    >>> songs = {name: rng.normal(0, 0.1, 15 * 22050).astype(np.float32) for name in ("a", "b", "c")}
    >>> index = FingerprintIndex().with_tracks((name, peaks_of(songs[name])) for name in ("a", "b"))
    >>> match = index.identify(songs["b"][100_000:210_000])[0]
    >>> match.track, abs(match.offset_s - 100_000 / 22_050) < 0.015
    ('b', True)
    >>> index.identify(songs["c"][100_000:210_000])
    ()
    """

    def __init__(self, segments: Sequence[Segment] = ()) -> None:
        self.segments = tuple(segments)

    @classmethod
    def open(cls, folder: Path) -> FingerprintIndex:
        """Map the index in a folder into memory.

        Raises
        ------
        ValueError
            If a file of it is none, is cut short, or is of another version.
        OSError
            If one cannot be read.
        """
        return cls([Segment.read(file) for file in sorted(folder.glob(f"*{_SUFFIX}"))])

    def write(
        self, folder: Path, *, without: Iterable[str] = (), tracks: Iterable[tuple[str, Peaks]] = ()
    ) -> FingerprintIndex:
        """Write it to an empty folder, a file a segment, and give what was written, mapped.

        Parameters
        ----------
        folder : Path
        without : iterable of str
            Tracks that are left out.
        tracks : iterable of (str, Peaks)
            Those that are added. One segment is in memory at a time; those that stay as they are are not copied.
        """
        written = []
        for number, segment in enumerate(self._changed(set(without), tracks)):
            file = folder / f"{number:06}{_SUFFIX}"
            segment.write(file)
            written.append(Segment.read(file))
        return FingerprintIndex(written)

    @property
    def tracks(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(name for segment in self.segments for name in segment.tracks)

    @property
    def n_landmarks(self) -> int:
        """How many landmarks it knows, eight bytes each."""
        return sum(len(segment.entries) for segment in self.segments)

    def with_tracks(self, tracks: Iterable[tuple[str, Peaks]]) -> FingerprintIndex:
        """Give an index with more tracks; those of a name that is there already are not looked for."""
        return FingerprintIndex(list(self._changed(set(), tracks)))

    def without(self, tracks: Iterable[str]) -> FingerprintIndex:
        """Give an index without some tracks."""
        return FingerprintIndex(list(self._changed(set(tracks), ())))

    def _changed(self, gone: set[str], tracks: Iterable[tuple[str, Peaks]]) -> Iterator[Segment]:
        """Give segments without some tracks and with others: the last one is filled up, the rest lie behind it."""
        last: Segment | None = None
        for part in self.segments:
            left = part if gone.isdisjoint(part.tracks) else part.without(gone)
            if left.tracks:
                if last is not None:
                    yield last
                last = left
        waiting = iter(tracks)
        if last is not None:
            more = list(islice(waiting, MOST_TRACKS - len(last.tracks)))
            yield last.with_those_of(Segment.of(more)) if more else last
        while more := list(islice(waiting, MOST_TRACKS)):
            yield Segment.of(more)

    def identify(
        self, samples: Floats, *, at_least: float = KNOWN, most: int = 5, peaks: PeaksOf | None = None
    ) -> tuple[Match, ...]:
        """Say which track an excerpt is from.

        Parameters
        ----------
        samples : float32 [shape=(n,)]
            Mono, at 22,050 Hz.
        at_least : float in [0, 1]
            Of less likely tracks nothing is said.
        most : int
        peaks : callable, optional
            As of :meth:`evidence`.

        Returns
        -------
        tuple of Match
            The likeliest first; more than one where a recording is there twice. Empty where it is unknown.
        """
        found = self.evidence(Query.of(samples), most, peaks=peaks)
        return tuple(match for match, _ in found if match.probability >= at_least)

    def evidence(
        self, query: Query, most: int = 5, *, peaks: PeaksOf | None = None, hits: int = MOST_HITS, least: float = 0.0
    ) -> list[tuple[Match, Evidence]]:
        """Give the likeliest tracks, and what speaks for each, however unlikely.

        Parameters
        ----------
        query : Query
        most : int
        peaks : callable, optional
            Gives the peaks of tracks by their names. With it, a search takes as long in a large index as in a small
            one: the rarest landmarks are looked up, as many as have :attr:`hits` entries together, and the tracks
            that most of them agree on are then compared with the whole excerpt.
        hits : int
        least : float in [0, 1]
            Tracks that agree in a smaller share of the moments of what is looked up are not compared.
        """
        thin = query if peaks is None else self.thinned(query, hits)
        if peaks is None or thin is query:
            return self._searched(query, most)
        enough = least * len(np.unique(thin.frames))
        names = [match.track for match, _ in self._searched(thin, _COMPARED * most) if match.moments >= enough]
        if not names:
            return []
        found = candidates(Segment.of(list(peaks(names))), query, self._places(), most)
        return sorted(found, key=_by_likelihood)[:most]

    def thinned(self, query: Query, hits: int) -> Query:
        """Keep the rarest landmarks of an excerpt, as many as occur so often together; all, if they do not."""
        counts = np.zeros(len(query.hashes), dtype=np.int64)
        for segment in self.segments:
            counts += segment.counts(query.hashes)
        if counts.sum() <= hits:
            return query
        rarest = np.argsort(counts, kind="stable")
        return query.at(np.sort(rarest[np.cumsum(counts[rarest]) <= hits]))

    def _searched(self, query: Query, most: int) -> list[tuple[Match, Evidence]]:
        places = self._places()
        found = [one for segment in self.segments for one in candidates(segment, query, places, most)]
        return sorted(found, key=_by_likelihood)[:most]

    def _places(self) -> float:
        return float(sum(int(segment.lengths.sum()) for segment in self.segments)) + 1.0


def _by_likelihood(one: tuple[Match, Evidence]) -> tuple[float, int]:
    return -one[0].probability, -one[1].landmarks
