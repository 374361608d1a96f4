"""Hums of what was heard in mixes: 20 rendered songs of 40 s whose melody is known, held-out sounds and singers.

`voice_pitch` is the share of moments in which a note of a hum sounds whose pitch is right to 0.8 semitones, by
`pitch_of_voice`, over 6 hums, one of each singer; `pyin_pitch` the same of librosa's pYIN on the same hums,
`…_ms_per_s` the processor time of each for a second of sound. `voice_octave` and `pyin_octave` count other octaves as
right.

`lead_pitch` is the same share of the melody's notes in the mixes, to 0.6 semitones, by `pitch_of_lead`, `lead_octave`
with other octaves; `lead_extra` the share of moments without melody in which it follows something all the same.

`mix_top1` and `mix_top3` are the shares of 40 hums whose song comes first, or among the first three, of the 20, by
warping the hum onto what stands out of each mix (`MixIndex`), as `ml search --audio` does; `mix_top3_low` is the lower
end of the 95 % interval over hums. `followed_top1` and `followed_top3` are with the melodies that `pitch_of_lead`
follows (`MelodyIndex`), `written_top1` and `written_top3` with the melodies as they are written, the most that could be
reached. `first_of_chance` is what guessing has. `look_ms_per_min` is processor time for a minute of a mix that a hum is
looked for in, `listen_ms_per_min` for what is kept of it, `stored_bytes_per_s` what that takes.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.peer import PEERS, lacks
from ml.data.demo.sound import SINGERS, Hum, Melody, corpus, hum, melody_of, render
from ml.features.audio.melody import (
    SALIENCE_RATE,
    PitchTrack,
    contour_of,
    contour_of_notes,
    lead_salience,
    line_of,
    pitch_of_lead,
    pitch_of_voice,
)
from ml.metrics.significance import bootstrap_mean
from ml.models.retrieval.melodies import MelodyIndex, MixIndex

TARGETS: dict[str, Any] = {}
SONGS, SECONDS, RATE, SEED, FEWEST = 20, 40.0, 22_050, 2027, 12
PEER_HUMS = 6
SCRIPT = Path(__file__).parent / "peers" / "pitch_pyin.py"


def run(quick: bool) -> dict[str, float]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        mixes, melodies = _rendered(4 if quick else SONGS)
        singers = [one for one in SINGERS if one.held_out]
        hums = []
        for place, melody in enumerate(melodies):
            for turn in range(2):
                singer = singers[(2 * place + turn) % len(singers)]
                hums.append((place, hum(melody, singer, np.random.default_rng([SEED, place, turn]))))
        numbers = _leads(mixes, melodies) | _found(mixes, melodies, hums)
        return numbers | _voices([one for _, one in hums[: 2 if quick else PEER_HUMS]])


def _rendered(n: int) -> tuple[list[Any], list[Melody]]:
    mixes: list[Any] = []
    melodies: list[Melody] = []
    for song in corpus(100 * n, duration_s=SECONDS, seed=SEED, held_out=True):
        if len(melody_of(song)) >= FEWEST and len(mixes) < n:
            rendered = render(song, rate=RATE)
            mixes.append(rendered.samples.mean(axis=1))
            melodies.append(rendered.truth.melody)
        if len(mixes) == n:
            break
    return mixes, melodies


def _leads(mixes: list[Any], melodies: list[Melody]) -> dict[str, float]:
    rows = [judged(pitch_of_lead(mix), melody, near=0.6) for mix, melody in zip(mixes, melodies, strict=True)]
    return dict(zip(("lead_pitch", "lead_octave", "lead_extra"), np.mean(rows, axis=0).tolist(), strict=True))


def judged(track: PitchTrack, melody: Melody, *, near: float, inside_s: float = 0.0) -> tuple[float, float, float]:
    """Give the shares of right pitches, of right classes, and of what is followed where there is no note."""
    time = np.arange(len(track.pitch)) / track.frames_per_s
    truth = np.full(len(time), np.nan)
    for begin, end, hertz in zip(melody.start_s, melody.end_s, melody.f0_hz, strict=True):
        truth[(time >= begin + inside_s) & (time < end)] = 69 + 12 * np.log2(hertz / 440)
    sounds = np.isfinite(truth)
    off = track.pitch[sounds] - truth[sounds]
    right, octave = np.abs(off) < near, np.abs((off + 6) % 12 - 6) < near
    return float(right.mean()), float(octave.mean()), float(track.voiced[~sounds].mean())


def _found(mixes: list[Any], melodies: list[Melody], hums: list[tuple[int, Hum]]) -> dict[str, float]:
    begin = process_time()
    saliences = {str(place): lead_salience(mix) for place, mix in enumerate(mixes)}
    listened = process_time() - begin
    index = MixIndex(saliences)
    followed = MelodyIndex({str(place): contour_of(pitch_of_lead(mix)) for place, mix in enumerate(mixes)})
    written = MelodyIndex(
        {str(place): contour_of_notes(one.start_s, one.end_s, one.pitch) for place, one in enumerate(melodies)}
    )
    ranks: dict[str, list[float]] = {"mix": [], "followed": [], "written": []}
    looked = 0.0
    for place, one in hums:
        track = pitch_of_voice(one.samples)
        begin = process_time()
        by_mix = index.search(line_of(track, SALIENCE_RATE), len(mixes))
        looked += process_time() - begin
        contour = contour_of(track)
        found = {"mix": by_mix, "followed": followed.search(contour, 99), "written": written.search(contour, 99)}
        for name, listed in found.items():
            ids = [each.id for each in listed]
            ranks[name].append(ids.index(str(place)) if str(place) in ids else np.inf)
    minutes = sum(map(len, mixes)) / RATE / 60
    hits = np.array(ranks["mix"]) < 3
    numbers = {f"{name}_top{k}": float(np.mean(np.array(values) < k)) for name, values in ranks.items() for k in (1, 3)}
    return numbers | {
        "hums": float(len(hums)),
        "first_of_chance": 1 / len(mixes),
        "mix_top3_low": bootstrap_mean(hits.astype(float), rng=np.random.default_rng(SEED)).low,
        "look_ms_per_min": 1_000 * looked / len(hums) / minutes,
        "listen_ms_per_min": 1_000 * listened / minutes,
        "stored_bytes_per_s": sum(one.nbytes for one in saliences.values()) / minutes / 60,
    }


def _voices(hums: list[Hum]) -> dict[str, float]:
    begin = process_time()
    tracks = [pitch_of_voice(one.samples) for one in hums]
    spent = process_time() - begin
    seconds = sum(len(one.samples) for one in hums) / RATE
    numbers = _pitches("voice", tracks, hums) | {"voice_ms_per_s": 1_000 * spent / seconds}
    if why := lacks("librosa"):
        print(why)
        return numbers
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hums.npz"
        np.savez(file, **{str(place): one.samples for place, one in enumerate(hums)})
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
        done = subprocess.run([PEERS, SCRIPT, file], check=True, stdout=subprocess.PIPE, env={**os.environ, **threads})
    said = json.loads(done.stdout)
    peers = [PitchTrack(said["frames_per_s"], np.array(one, dtype=np.float32)) for one in said["pitch"]]
    return numbers | _pitches("pyin", peers, hums) | {"pyin_ms_per_s": 1_000 * said["spent_s"] / seconds}


def _pitches(name: str, tracks: list[PitchTrack], hums: list[Hum]) -> dict[str, float]:
    # The first 60 ms of a note are a glide from the one before.
    rows = [judged(track, one.sung, near=0.8, inside_s=0.06) for track, one in zip(tracks, hums, strict=True)]
    pitch, octave, _ = np.mean(rows, axis=0).tolist()
    return {f"{name}_pitch": pitch, f"{name}_octave": octave}
