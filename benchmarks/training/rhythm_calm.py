"""How sure the network may be of patterns that it has not learnt: the constant ``CALM`` of the tempo.

``python -m benchmarks.training.rhythm_calm FOLDER EPOCHS`` trains without ten of the 22 open patterns, lets that
network hear songs with these patterns, as they are, and finds the factor of its log probabilities under which they are
calibrated (temperature scaling, Guo et al., 2017). The half that is held out has no part in it. A network that has
learnt all patterns may be surer than that: ``rhythm_choices`` lets it hear others, and is where the constants are from.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training.rhythm_network import Sounds, save, train
from ml.features.audio.rhythm.network import Network
from ml.features.audio.rhythm.rhythm import conclude, find_rhythm, hear
from ml.features.audio.rhythm.tempo import tempo_candidates

LEFT_OUT = frozenset(
    ("boom bap", "funk", "swing", "country", "one drop", "electro", "ballad", "slow three", "jig", "dembow")
)


def sources(pattern: str) -> frozenset[str]:
    """Give the open patterns that a song's was made from.

    >>> sorted(sources("12: funk + rock + funk")), sources("")
    (['funk', 'rock'], frozenset())
    """
    return frozenset(pattern.rpartition(": ")[2].split(" + ")) - {""}


def main(folder: str, epochs: str, path: str = "") -> None:
    sounds = Sounds(folder)
    made_of = [sources(pattern) for pattern in sounds.rows["pattern"]]
    known = np.array([i for i, names in enumerate(made_of) if not names & LEFT_OUT])
    unknown = [i for i, pattern in enumerate(sounds.rows["pattern"]) if pattern in LEFT_OUT]
    path = path or str(Path(folder) / "left_out.npz")
    save(train(sounds, known, int(epochs)), path)
    judge(sounds, unknown, Network(path))


def judge(sounds: Sounds, chosen: Any, network: Network) -> None:
    """Print, for factors, accuracy and how far the confidence is from it."""
    said, right, second = [], [], []
    for i in chosen:
        mels, semitones = (np.exp(sounds.rows[name][i].astype(np.float32)) for name in ("mels", "semitones"))
        tempo, _, _ = conclude(network, hear(network, mels, semitones))
        found = find_rhythm(mels, semitones, network)
        truth = sounds.rows["tempo"][i]
        said.append(tempo)
        right.append(found.tempo_bpm is not None and abs(found.tempo_bpm / truth - 1) <= 0.04)
        second.append(any(abs((found.tempo_bpm or 1) / truth / k - 1) <= 0.04 for k in (1, 2, 3, 1 / 2, 1 / 3)))
    print(f"{len(said)} songs, Acc1 {np.mean(right):.3f}, Acc2 {np.mean(second):.3f}")
    hit = np.array(right, dtype=float)
    for calm in np.arange(0.2, 1.25, 0.1):
        sure = np.array([tempo_candidates(tempo, calm)[0].probability for tempo in said])
        likely = -np.mean(hit * np.log(sure + 1e-6) + (1 - hit) * np.log(1 - sure + 1e-6))
        print(f"calm {calm:.1f}: mean confidence {sure.mean():.3f}, log loss {likely:.4f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
