"""Follow the pitch of hums with librosa's pYIN; run by the peers' interpreter, which knows nothing of `ml`.

``python pitch_pyin.py FILE``: an ``.npz`` of mono sounds at 22,050 Hz, named 0, 1, …. MIDI numbers in steps of 20 ms,
null where there is no pitch, go to standard output as JSON, with the processor seconds of all; compilation is not
counted.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

RATE, HOP = 22_050, 441


def main(file: str) -> dict[str, Any]:
    import librosa
    import numpy as np

    def follow(samples: Any) -> Any:
        return librosa.pyin(samples, fmin=75, fmax=2_700, sr=RATE, frame_length=2_048, hop_length=HOP)[0]

    with np.load(file) as archive:
        sounds = [archive[str(place)] for place in range(len(archive.files))]
    follow(sounds[0][:RATE])
    begin = time.process_time()
    found = [follow(one) for one in sounds]
    spent = time.process_time() - begin
    pitch = [[None if np.isnan(hz) else float(69 + 12 * np.log2(hz / 440)) for hz in one] for one in found]
    return {"pitch": pitch, "frames_per_s": RATE / HOP, "spent_s": spent}


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout)
