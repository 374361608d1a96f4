"""Names of artists that are said, among the 2,000 of HetRec that most people hear: is what was meant heard?

Voices of espeak-ng with American, British, Scottish and Caribbean accents say 300 names, a quarter of them after
"play", "find", "songs by" or "search for"; a third in a quiet room, the others in even (pink) noise or with four
people talking, 20 or 15 dB below the voice. Names, voices and talk are others than those that anything was tuned on.

`top3` is the share of queries whose name is among the first three (`top3_low`, `top3_high`: 95 % interval over
queries), `top1` that of those whose name is the first, `answered_top3` that of those that are not refused besides;
`top3_clean`, `top3_pink_20`, … by condition, `top3_said_alone` and `top3_in_a_sentence`. In the same run, on the
first 100 of these queries: `dictation_top3`, PocketSphinx's free dictation, whose transcript, without the words
before the name, is looked for by the fuzzy search among the same names; `above_dictation` is the difference, with its
interval.

Of 120 that are no name of the catalogue, half names of other artists and half sentences, English and foreign, in the
same rooms: `other_names_refused` and `sentences_refused` are the shares that are refused, `refused` that of the 300
queries above. `confidence_ece` is the calibration error of the confidence of the first name over all, in ten bins.
`query_ms` is processor time a query, on one core, `grammar_s` that of making the grammar.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import polars as pl

from benchmarks.spoken import RATE, Said, catalogues, queries, strangers
from benchmarks.target import Target
from ml.data.identity import normalise
from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, gather
from ml.intelligent_search.speaking import REFUSED
from ml.intelligent_search.voice import Guess, Recogniser, VoiceRequest
from ml.intelligent_search.voice.cepstra import Floats
from ml.intelligent_search.voice.recognising import CARRIERS
from ml.metrics.significance import bootstrap_mean

TARGETS = {"top3": Target(at_least=0.8), "above_dictation_low": Target(at_least=0.0)}
QUERIES, DICTATED, STRANGERS, SEED = 300, 100, 120, 2026


def run(quick: bool) -> dict[str, float]:
    from threadpoolctl import threadpool_limits

    names, _, others = catalogues()
    said = queries(names, 30 if quick else QUERIES, seed=SEED)
    foreign = strangers(others[1_000:], 12 if quick else STRANGERS, seed=SEED)
    sounds = [VoiceRequest.of((one.samples(), RATE)).samples for one in [*said, *foreign]]
    with threadpool_limits(1):
        begin = process_time()
        recogniser = Recogniser(names)
        made = process_time() - begin
        begin = process_time()
        heard = [recogniser.hear(sound) for sound in sounds]
        spent = process_time() - begin
        dictated = _dictation(names, sounds[: min(len(said), DICTATED)])
    return {
        "catalogue": float(len(names)),
        "queries": float(len(said)),
        **_shares(said, heard, dictated),
        **_refusals(said, foreign, heard),
        "query_ms": 1_000 * spent / len(sounds),
        "grammar_s": made,
    }


def _shares(said: Sequence[Said], heard: Sequence[list[Guess]], dictated: Sequence[list[str]]) -> dict[str, float]:
    ranks = [_rank(one.name, [guess.name for guess in found]) for one, found in zip(said, heard, strict=False)]
    top3 = np.array([rank < 3 for rank in ranks], float)
    peer = np.array([_rank(one.name, found) < 3 for one, found in zip(said, dictated, strict=False)], float)
    groups: dict[str, list[float]] = defaultdict(list)
    for one, hit in zip(said, top3, strict=True):
        groups["clean" if one.snr_db is None else f"{one.noise}_{one.snr_db}"].append(hit)
        groups["said_alone" if one.text == one.name else "in_a_sentence"].append(hit)
    sure = np.array([found[0].probability >= REFUSED for found in heard[: len(said)]])
    numbers = {"top1": float(np.mean([rank < 1 for rank in ranks])), "answered_top3": float(np.mean(top3 * sure))}
    for name, values in (("top3", top3), ("dictation_top3", peer), ("above_dictation", top3[: len(peer)] - peer)):
        interval = bootstrap_mean(values, rng=np.random.default_rng(SEED))
        numbers |= {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return numbers | {f"top3_{name}": float(np.mean(hits)) for name, hits in sorted(groups.items())}


def _rank(name: str, found: Sequence[str]) -> int:
    """Give the place of a name, however it is spelt, and a far one where it is not there."""
    places = [place for place, one in enumerate(found) if normalise(one) == normalise(name)]
    return places[0] if places else 99


def _refusals(said: Sequence[Said], foreign: Sequence[Said], heard: Sequence[list[Guess]]) -> dict[str, float]:
    sure = np.array([found[0].probability for found in heard])
    right = np.array([found[0].name == one.name for one, found in zip([*said, *foreign], heard, strict=True)])
    refused = sure < REFUSED
    bins = np.minimum((sure * 10).astype(int), 9)
    half = len(said) + len(foreign) // 2
    return {
        "refused": float(refused[: len(said)].mean()),
        "other_names_refused": float(refused[len(said) : half].mean()),
        "sentences_refused": float(refused[half:].mean()),
        "confidence_ece": float(
            sum(abs(right[bins == one].mean() - sure[bins == one].mean()) * (bins == one).mean() for one in set(bins))
        ),
    }


def _dictation(names: Sequence[str], sounds: Sequence[Floats]) -> list[list[str]]:
    """Write down what is said, and look for it among the names."""
    import pocketsphinx

    decoder = pocketsphinx.Decoder(samprate=RATE, loglevel="FATAL", cmn="batch")
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.refresh(_documents(names))
        return [_found(index, _dictated(decoder, sound)) for sound in sounds]


def _documents(names: Sequence[str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [{"uid": f"a{place}", "kind": "artist", "name": name, "plays": 0} for place, name in enumerate(names)]
    )
    return frame.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in frame.columns
    ).select(
        pl.col(name).cast(dtype).fill_null([]) if isinstance(dtype, pl.List) else pl.col(name).cast(dtype)
        for name, dtype in SCHEMA.items()
    )


def _dictated(decoder: Any, sound: Floats) -> str:
    decoder.start_utt()
    decoder.process_raw((sound * 32_767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return "" if found is None else found.hypstr


def _found(index: LexicalIndex, text: str) -> list[str]:
    for carrier in sorted(CARRIERS, key=len, reverse=True):
        text = text.removeprefix(f"{carrier} ")
    return [one.shown.name for one in gather(index, Asked(text), count=3).candidates[:3]] if text else []
