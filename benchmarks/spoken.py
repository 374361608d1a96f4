"""Names that are said: by voices of espeak-ng, in a quiet room or in noise.

A half for tuning and a half for measuring share nothing: neither names, nor voices, nor the speech that babbles behind.

Conventions
-----------
- Samples are mono at 16 kHz, float32 in [-1, 1].
- The ratio of speech to noise (SNR) is of mean powers, that of speech where somebody speaks.
"""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.held_out import DATA
from ml.data.audio_files import excerpt

Floats = NDArray[np.float32]
RATE = 16_000
#: Of a catalogue.
NAMES = 2_000
#: Accents and throats that measure, and those that tune.
VOICES = (
    *("en-us", "en-us+f2", "en-us+m3", "en-gb", "en-gb+f4", "en-gb+m7"),
    *("en-gb-scotland", "en-gb-scotland+f2", "en-029", "en-029+f4"),
)
TUNING_VOICES = (
    *("en-us-nyc", "en-us-nyc+f1", "en-us-nyc+m2", "en-gb-x-rp", "en-gb-x-rp+f3", "en-gb-x-rp+m4"),
    *("en-gb-x-gbclan", "en-gb-x-gbclan+f5", "en-gb-x-gbcwmd", "en-gb-x-gbcwmd+m5"),
)
#: A quiet room, a room with an even noise, and one in which others talk; noise in dB below speech.
CONDITIONS = (*(("clean", None), ("clean", None), ("pink", 20), ("babble", 20), ("pink", 15), ("babble", 15)),)
#: What is said before a name, where it is not said alone.
CARRIERS = ("play", "find", "songs by", "search for")
_BABBLERS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One query.

    Parameters
    ----------
    name : str
        That was meant.
    text : str
        That was said.
    voice, noise : str
    snr_db : int or None
    seed : int
    """

    name: str
    text: str
    voice: str
    noise: str
    snr_db: int | None
    seed: int

    def samples(self, *, tuning: bool = False) -> Floats:
        """Say it."""
        rng = np.random.default_rng(self.seed)
        speech = spoken(self.text, self.voice, rate=int(rng.integers(140, 171)))
        quiet = (rng.integers(1_600, 8_000), rng.integers(1_600, 8_000))
        whole = np.pad(speech * np.float32(rng.uniform(0.2, 0.9)), quiet)
        level = float(np.sqrt(np.mean(whole[quiet[0] : -quiet[1]] ** 2)))
        # A room is never quite still: 45 dB below speech.
        snr = 45 if self.snr_db is None else self.snr_db
        noise = babble(len(whole), rng, tuning=tuning) if self.noise == "babble" else pink(len(whole), rng)
        return np.clip(whole + noise * np.float32(level * 10 ** (-snr / 20)), -1, 1).astype(np.float32)


def catalogues() -> tuple[list[str], list[str], list[str]]:
    """Give the 2,000 artists of HetRec that most people hear, the 2,000 after them, for tuning, and 2,000 strangers."""
    lines = (DATA / "lastfm_hetrec2011" / "artists.dat").read_text(encoding="utf-8").splitlines()[1:]
    names = {int(line.split("\t")[0]): line.split("\t")[1] for line in lines}
    heard = pl.read_csv(DATA / "lastfm_hetrec2011" / "user_artists.dat", separator="\t", quote_char=None)
    counts = heard.group_by("artistID").len().sort("len", "artistID", descending=[True, False])
    ordered = [names[key] for key in counts["artistID"].to_list() if key in names]
    return ordered[:NAMES], ordered[NAMES : 2 * NAMES], ordered[2 * NAMES : 3 * NAMES]


def queries(names: Sequence[str], count: int, *, seed: int, tuning: bool = False) -> list[Said]:
    """Draw queries, conditions and voices equally often; a quarter of names said in a sentence."""
    rng = random.Random(seed)
    voices = TUNING_VOICES if tuning else VOICES
    sayable = [name for name in names if _latin(name)]
    drawn = []
    for place, name in enumerate(rng.sample(sayable, count)):
        noise, snr = CONDITIONS[place % len(CONDITIONS)]
        text = f"{rng.choice(CARRIERS)} {name}" if rng.random() < 0.25 else name
        drawn.append(Said(name, text, voices[place // len(CONDITIONS) % len(voices)], noise, snr, seed + place))
    return drawn


def strangers(names: Sequence[str], count: int, *, seed: int, tuning: bool = False) -> list[Said]:
    """Draw what is no name of the catalogue: names of others, and sentences, English and foreign."""
    half = count // 2
    others = [replace(said, name="") for said in queries(names, half, seed=seed, tuning=tuning)]
    rng = random.Random(seed + 1)
    sentences = list(_SENTENCES[tuning])
    drawn = []
    for place in range(count - half):
        voice, text = sentences[place % len(sentences)]
        noise, snr = CONDITIONS[place % len(CONDITIONS)]
        voices = TUNING_VOICES if tuning else VOICES
        drawn.append(Said("", text, voice or rng.choice(voices), noise, snr, seed + 10_000 + place))
    return others + drawn


def _latin(name: str) -> bool:
    """Tell whether an English voice can read a name."""
    letters = [sign for sign in name if sign.isalpha()]
    return len(letters) >= 2 and all(ord(sign) < 0x250 for sign in letters)


@cache
def spoken(text: str, voice: str, rate: int = 155) -> Floats:
    """Say a text by espeak-ng [shape=(n_samples,)]."""
    command = ["espeak-ng", "--stdout", "-v", voice, "-s", str(rate), "--", text]
    sound = subprocess.run(command, check=True, capture_output=True).stdout
    return excerpt(io.BytesIO(sound), RATE, most_s=60.0)


def pink(count: int, rng: np.random.Generator) -> Floats:
    """Make noise whose power falls with frequency, of mean power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return _even(np.fft.irfft(spectrum, count))


def babble(count: int, rng: np.random.Generator, *, tuning: bool = False) -> Floats:
    """Let several voices talk at once, of mean power 1."""
    parts = []
    for _ in range(_BABBLERS):
        voices = _TALKERS[tuning]
        talk = _even(spoken(_TALK[tuning], voices[rng.integers(len(voices))]).astype(np.float64))
        start = int(rng.integers(len(talk)))
        parts.append(np.resize(np.roll(talk, -start), count))
    return _even(np.sum(parts, axis=0))


def _even(sound: NDArray[np.floating]) -> Floats:
    return (sound / np.sqrt(np.mean(sound**2))).astype(np.float32)


_TALKERS = {
    False: ("en-us+m1", "en-gb+f1", "en-us+f5", "en-gb+m6"),
    True: ("en-gb-x-rp+m8", "en-us-nyc+f2", "en-us-nyc"),
}
_TALK = {
    False: "We met at the corner and walked down to the harbour, where the boats come in before it gets dark. Nobody "
    "had thought of bringing an umbrella, so when the rain began we stood under the roof of the old fish market and "
    "waited, and somebody told the story of the dog again, which everybody knows and everybody likes.",
    True: "The train was late once more, and the people on the platform had begun to talk about the weather and their "
    "holidays. A woman with a red suitcase asked whether the next one stopped in town. It did, said the man, but it "
    "would be full, and there was a bus from the square that took no longer at this time of the day.",
}
#: A voice, or none for any of those that speak English, and what it says.
_SENTENCES = {
    False: (
        ("es", "¿Dónde está la estación de trenes, por favor?"),
        ("", "What time does the supermarket close today"),
        ("it", "Vorrei un caffè e un bicchiere d'acqua"),
        ("", "I think I left my keys in the other coat"),
        ("sv", "Vi ses i morgon klockan åtta"),
        ("", "Please remind me to water the plants"),
        ("pt", "Hoje vai chover muito à tarde"),
        ("", "It is going to be colder tomorrow morning"),
        ("nl", "Kun je het raam even dichtdoen"),
        ("", "How far is it from here to the airport"),
    ),
    True: (
        ("de", "Heute Abend gehen wir noch in die Stadt"),
        ("", "Could you turn the light off in the kitchen"),
        ("fr", "Je voudrais réserver une table pour deux personnes"),
        ("", "My brother is coming over for dinner tonight"),
        ("pl", "Gdzie jest najbliższy przystanek autobusowy"),
        ("", "There is no milk left in the fridge"),
        ("da", "Jeg kommer lidt senere i dag"),
        ("", "Set an alarm for half past six"),
        ("ro", "Nu mai avem timp pentru asta"),
        ("", "Did you hear what happened last week"),
    ),
}
