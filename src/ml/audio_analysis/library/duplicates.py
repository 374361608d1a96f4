"""The same recording in several files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ml.audio_analysis.library.identification import DuplicateFile, Duplicates
from ml.audio_analysis.library.recordings import peaks_of_sounds
from ml.data.store import Store
from ml.features.audio.fingerprint import FingerprintIndex, Peaks, Query
from ml.features.audio.fingerprint.peaks import FRAMING
from ml.foundation.progress import progress

#: The share of the middle 30 s whose moments agree from which on two sounds are the same recording.
ALIKE = 0.2
_MOST = 20
#: Entries of the index that are looked at for each sound.
_HITS = 200_000
#: A share of moments that those which are looked up agree in, from which on two sounds are compared as a whole.
_WORTH_IT = ALIKE / 4
_SECONDS = FRAMING.hop / FRAMING.rate


def find_duplicates(
    store: Store, index: FingerprintIndex, files: dict[str, list[str]], *, watched: bool = False
) -> list[Duplicates]:
    """Group the files of a library by recording; those that are alone are left out."""
    group = {one: one for one in files}
    members = {one: [one] for one in files}
    place = dict.fromkeys(files, 0.0)
    agreement = dict.fromkeys(files, 1.0)

    def join(one: str, other: str, later_s: float) -> None:
        """Put two groups together; places are kept relative to the first of a group."""
        root, gone = group[one], group[other]
        if root == gone:
            return
        shift = place[one] + later_s - place[other]
        for member in members[gone]:
            group[member] = root
            place[member] += shift
        members[root] += members.pop(gone)

    def peaks_of(names: Sequence[str]) -> Iterator[tuple[str, Peaks]]:
        return peaks_of_sounds(store, names)

    every = peaks_of(sorted(files))
    bar = progress(total=len(files), label="comparing")
    for one, peaks in bar.over(every) if watched else every:
        query = Query.of_track(peaks)
        n_moments = len(set(query.frames.tolist()))
        found = index.evidence(query, _MOST, peaks=peaks_of, hits=_HITS, least=_WORTH_IT)
        for match, evidence in found:
            share = evidence.moments / max(1, n_moments)
            if match.track != one and match.track in group and match.probability >= 0.99 and share >= ALIKE:
                for each in (one, match.track):
                    agreement[each] = min(agreement[each], share)
                join(one, match.track, match.offset_s - query.begin * _SECONDS)
    told = [_told(those, files, place, agreement) for those in members.values()]
    return sorted((one for one in told if len(one.files) > 1), key=lambda one: one.files[0].path)


def _told(
    sounds: Iterable[str], files: dict[str, list[str]], place: dict[str, float], agreement: dict[str, float]
) -> Duplicates:
    listed = sorted((path, sound) for sound in sounds for path in files[sound])
    first = place[listed[0][1]]
    kinds = {sound for _, sound in listed}
    return Duplicates(
        tuple(DuplicateFile(path, sound, round(place[sound] - first, 3)) for path, sound in listed),
        exact=len(kinds) == 1,
        agreement=1.0 if len(kinds) == 1 else min(agreement[sound] for sound in kinds),
    )
