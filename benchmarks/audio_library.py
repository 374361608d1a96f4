"""What a large library feels like: looking up excerpts, duplicates and versions among thousands of songs of 210 s.

The songs are made of what is known of rendered ones: their spectral peaks in blocks of ten seconds, drawn anew, moved
by some bins and shaken by some frames, and turns of three to five chords. A workspace holds their fingerprints and
analyses as a scan has stored them. Every fiftieth song is there a second time, a second later, with two thirds of the
peaks.

All times are processor time of one core: `index_ms_per_song` for the index of fingerprints, `identify_ms` for an
excerpt of 10 s of which a third of the peaks is left among as many of noise, from its landmarks to the answer, and
`identify_whole_ms` where every landmark is looked up; `identified` and `identified_whole` are the shares that are
found. `duplicates_ms_per_song` is for one of the library's songs, `duplicates_found` the share of planted ones.
`versions_first_ms_per_song` is for reading the chords of analyses once, `versions_ms` for a query after that.
"""

from __future__ import annotations

import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import orjson
from sqlalchemy import insert
from threadpoolctl import threadpool_limits

from ml.audio_analysis.library.chords import known_chords
from ml.audio_analysis.library.duplicates import find_duplicates
from ml.audio_analysis.library.recordings import open_index, peaks_of_sounds
from ml.audio_analysis.library.version import analysis_version
from ml.audio_analysis.versions import ranked_among
from ml.data.demo.sound import corpus, render
from ml.data.schema import audio_analyses, audio_fingerprints, scanned_files
from ml.data.workspace import REAL, Workspace
from ml.features.audio.fingerprint import PEAKS_VERSION, Peaks, Query, landmarks, peaks_of
from ml.features.audio.fingerprint.landmarks import ASKED_PAIRS
from ml.features.audio.fingerprint.peaks import HIGHEST, LOWEST
from ml.features.keys import NAMES

SONGS, QUERIES, TWIN_OF = 4_000, 40, 50
RATE, BLOCK, N_BLOCKS = 22_050, 430, 21
_PAGE = 250
Block = tuple[Any, Any]


def run(quick: bool) -> dict[str, float]:
    rng = np.random.default_rng(11)
    n = 200 if quick else SONGS
    with threadpool_limits(1), tempfile.TemporaryDirectory() as home:
        workspace = Workspace.at(Path(home))
        _fill(workspace, n, rng)
        try:
            return {"songs": n, **_recordings(workspace, n, rng), **_versions(workspace)}
        finally:
            workspace.close()


def _fill(workspace: Workspace, n: int, rng: np.random.Generator) -> None:
    """Store what a scan would have stored of so many songs."""
    blocks = list(_blocks())
    workspace.mark(REAL)
    for begin in range(0, n, _PAGE):
        names = [f"{number:032x}" for number in range(begin, min(n, begin + _PAGE))]
        prints: list[dict[str, Any]] = []
        for number, name in enumerate(names, begin):
            peaks = _drawn(blocks, rng) if number % TWIN_OF else _twin_of(prints[-1] if prints else None, blocks, rng)
            prints.append({"content_hash": name, "version": PEAKS_VERSION, "peaks": _text(peaks)})
        about = {"size_bytes": 1, "modified_ns": 1, "scanned_at": 1}
        files = [{"path": f"/music/{name}.mp3", "content_hash": name, **about} for name in names]
        version = {"version": analysis_version(), "analysed_at": 1}
        documents = [{"content_hash": name, **version, "document": _document(rng)} for name in names]
        with workspace.store.write(durable=False) as connection:
            connection.execute(insert(audio_fingerprints), prints)
            connection.execute(insert(scanned_files), files)
            connection.execute(insert(audio_analyses), documents)


def _blocks() -> Iterator[Block]:
    for song in corpus(24, duration_s=40.0, seed=5):
        peaks = peaks_of(render(song, rate=RATE).samples.mean(axis=1).astype(np.float32))
        for begin in range(0, peaks.n_frames - BLOCK, BLOCK):
            here = (peaks.frames >= begin) & (peaks.frames < begin + BLOCK)
            yield peaks.frames[here] - begin, peaks.bins[here]


def _drawn(blocks: list[Block], rng: np.random.Generator) -> Peaks:
    frames, bins = [], []
    for place in range(N_BLOCKS):
        some, those = blocks[int(rng.integers(len(blocks)))]
        moved = those + int(rng.integers(-40, 41))
        here = (moved >= LOWEST) & (moved < HIGHEST)
        shaken = np.clip(some[here] + rng.integers(-2, 3, here.sum()), 0, BLOCK - 1)
        frames.append(shaken + place * BLOCK)
        bins.append(moved[here])
    return _in_order(np.concatenate(frames), np.concatenate(bins), N_BLOCKS * BLOCK)


def _twin_of(row: dict[str, Any] | None, blocks: list[Block], rng: np.random.Generator) -> Peaks:
    """Give the song before it once more, a second later, with a third of the peaks missing."""
    if row is None:
        return _drawn(blocks, rng)
    peaks = Peaks.from_bytes(b64decode(row["peaks"]))
    kept = rng.random(len(peaks.frames)) < 2 / 3
    return Peaks(peaks.frames[kept] + 43, peaks.bins[kept], peaks.n_frames + 43)


def _in_order(frames: Any, bins: Any, n_frames: int) -> Peaks:
    order = np.lexsort((bins, frames))
    return Peaks(frames[order], bins[order], n_frames)


def _text(peaks: Peaks) -> str:
    return b64encode(peaks.to_bytes()).decode()


def _document(rng: np.random.Generator) -> str:
    turn = [f"{NAMES[int(one)]}:{('maj', 'min')[int(rng.random() < 0.4)]}" for one in rng.integers(0, 12, 4)]
    turn = turn[: int(rng.integers(3, 5))]
    spans = [{"start_s": 2.0 * k, "end_s": 2.0 * k + 2, "chord": turn[k % len(turn)]} for k in range(105)]
    beats = [0.5 * k for k in range(420)]
    curves = {
        "onsets": [round(0.25 * k, 4) for k in range(840)],
        "waveform": {"low": [-0.5] * 800, "high": [0.5] * 800},
    }
    return orjson.dumps({"chords": spans, "beats": beats, "duration_s": 210.0, "problems": [], **curves}).decode()


def _recordings(workspace: Workspace, n: int, rng: np.random.Generator) -> dict[str, float]:
    store = workspace.store
    begin = process_time()
    index, files = open_index(workspace)
    made = process_time() - begin

    def peaks(names: Any) -> Iterator[tuple[str, Peaks]]:
        return peaks_of_sounds(store, list(names))

    picked = [number for number in rng.permutation(n).tolist() if number % TWIN_OF not in {0, TWIN_OF - 1}][:QUERIES]
    asked = [(name, _excerpt(one, rng)) for name, one in peaks([f"{number:032x}" for number in picked])]
    thin, found = _timed(asked, lambda query: index.evidence(query, peaks=peaks))
    whole, found_whole = _timed(asked, index.evidence)
    twins = {f"{number:032x}": files[f"{number:032x}"] for number in range(n) if number % TWIN_OF in {0, TWIN_OF - 1}}
    del twins[f"{0:032x}"]  # it has no song before it
    begin = process_time()
    groups = find_duplicates(store, index, twins)
    spent = process_time() - begin
    planted = sum(f"{number:032x}" in twins for number in range(TWIN_OF, n, TWIN_OF) if number % _PAGE)
    return {
        "index_ms_per_song": 1_000 * made / n,
        "identify_ms": thin,
        "identify_whole_ms": whole,
        "identified": found,
        "identified_whole": found_whole,
        "duplicates_ms_per_song": 1_000 * spent / len(twins),
        "duplicates_found": len(groups) / max(1, planted),
    }


def _excerpt(peaks: Peaks, rng: np.random.Generator) -> Query:
    begin = int(rng.integers(0, peaks.n_frames - BLOCK))
    here = (peaks.frames >= begin) & (peaks.frames < begin + BLOCK) & (rng.random(len(peaks.frames)) < 1 / 3)
    n_noise = int(here.sum())
    frames = np.concatenate((peaks.frames[here] - begin, rng.integers(0, BLOCK, n_noise)))
    bins = np.concatenate((peaks.bins[here], rng.integers(LOWEST, HIGHEST, n_noise)))
    hashes, at = landmarks(_in_order(frames, bins, BLOCK), ASKED_PAIRS)
    _, first = np.unique((hashes << 20) | at, return_index=True)
    return Query(hashes[first], at[first], np.zeros(len(first), dtype=np.int64), BLOCK)


def _timed(asked: list[tuple[str, Query]], search: Callable[[Query], Any]) -> tuple[float, float]:
    spent, right = [], []
    for name, query in asked:
        begin = process_time()
        found = search(query)
        spent.append(process_time() - begin)
        right.append(bool(found) and found[0][0].track == name and found[0][0].probability >= 0.5)
    return 1_000 * float(np.mean(spent)), float(np.mean(right))


def _versions(workspace: Workspace) -> dict[str, float]:
    begin = process_time()
    index = known_chords(workspace)
    first = process_time() - begin
    begin = process_time()
    index = known_chords(workspace)
    ranked_among(index.sequence(0), index.ids, index.shares, index.sequence, 10)
    return {
        "versions_first_ms_per_song": 1_000 * first / len(index.ids),
        "versions_ms": 1_000 * (process_time() - begin),
    }
