"""Ask librosa for tempi; run by the interpreter of the peers' own environment, which knows nothing of `ml`.

``python tempo_librosa.py SOUNDS.npy RATE``: sounds are float32 [shape=(n_songs, n_samples)], mono. The tempo of each
in BPM, by `librosa.beat.beat_track` with its defaults, goes to standard output as JSON, with the version.
"""

from __future__ import annotations

import json
import sys

import librosa
import numpy as np


def main(path: str, rate: str) -> dict[str, object]:
    sounds = np.load(path, mmap_mode="r")
    tempi = [librosa.beat.beat_track(y=np.array(sound), sr=int(rate))[0] for sound in sounds]
    return {"tempo_bpm": [float(np.atleast_1d(tempo)[0]) for tempo in tempi], "version": librosa.__version__}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
