"""Let librosa hear the rhythm of sounds, and `mir_eval` judge it and ours; run by the peers' interpreter.

``python rhythm.py SOUNDS.npy RATE KNOWN.json``: sounds are float32 [shape=(n_songs, n_samples)], mono. The other file
has a list of objects ``truth`` and ``ours`` of ``beats``, ``downbeats`` and ``onsets`` in seconds. Tempi of librosa's
`beat_track` and scores, one for each sound, go to standard output as JSON. Beats are judged over the whole sound and,
as `mir_eval` trims by default, from the fifth second on.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import mir_eval
import numpy as np

Times = Mapping[str, Sequence[float]]


def main(path: str, rate: str, known: str) -> dict[str, object]:
    rows = json.loads(Path(known).read_text(encoding="utf-8"))
    theirs = [_heard(np.array(sound), int(rate)) for sound in np.load(path, mmap_mode="r")]
    return {
        "tempo_bpm": [tempo for tempo, _ in theirs],
        "ours": _judged([row["truth"] for row in rows], [row["ours"] for row in rows]),
        "librosa": _judged([row["truth"] for row in rows], [found for _, found in theirs]),
    }


def _heard(sound: np.ndarray, rate: int) -> tuple[float, Times]:
    import librosa

    tempo, beats = librosa.beat.beat_track(y=sound, sr=rate, units="time")
    onsets = librosa.onset.onset_detect(y=sound, sr=rate, units="time")
    return float(np.atleast_1d(tempo)[0]), {"beats": beats.tolist(), "onsets": onsets.tolist()}


def _judged(truth: Sequence[Times], found: Sequence[Times]) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = {}
    for true, one in zip(truth, found, strict=True):
        beats, heard = (np.array(side["beats"], dtype=float) for side in (true, one))
        late, late_heard = mir_eval.beat.trim_beats(beats), mir_eval.beat.trim_beats(heard)
        row = {
            "beat_f": mir_eval.beat.f_measure(beats, heard),
            "beat_f_from_5s": mir_eval.beat.f_measure(late, late_heard),
            "onset_f": mir_eval.onset.f_measure(np.array(true["onsets"]), np.array(one["onsets"]))[0],
        }
        _, cmlt, _, amlt = mir_eval.beat.continuity(beats, heard)
        row |= {"beat_cmlt": cmlt, "beat_amlt": amlt}
        if "downbeats" in one:
            row["downbeat_f"] = mir_eval.beat.f_measure(np.array(true["downbeats"]), np.array(one["downbeats"]))
        for name, value in row.items():
            scores.setdefault(name, []).append(float(value))
    return scores


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of sounds without any beat
    print(json.dumps(main(*sys.argv[1:])))
