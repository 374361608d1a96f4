"""Genres, emotions and similarity on 275 real songs of Emotify, with no artist on both sides.

`ml audio train-heads` learns from vectors of what `AudioAnalyzer` hears of each file; tags are not read. Genre: the
four classes of `tracks.csv`. Emotion: the mean of what listeners felt on the nine scales of GEMS (`ratings.csv`), from
the sound alone. Both by nested cross-validation: five folds grouped by artist, dealt anew by five seeds; settings and
calibration are chosen within the training artists of each fold. `…_low` and `…_high` are the ends of 95 % bootstrap
intervals over artists, `…_worst` and `…_best` the seeds. `recall_x` is the share of songs of a genre that are told so,
`confusion_x_y` how many songs of x are called y, on average over the seeds. `genre_ece` is the expected calibration
error of the probabilities.

`…_baseline` is a support vector machine (RBF, scikit-learn's defaults) on means and deviations of 20 MFCC, in the same
folds. `genre_random_split` is our head with artists on both sides: what a split at random would have claimed.

`same_artist_first` is the share of songs, of artists with several, whose nearest neighbour is by the same artist, and
`same_genre_ten` the share of their genre among the ten nearest songs of other artists; `…_by_chance` are those of
vectors drawn at random. `vector_ms` is what the vector costs on one core for a minute of a song, beside what is heard
anyway.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.target import Target
from ml.audio_analysis.heads.judging import judge
from ml.audio_analysis.heads.labelled import Labelled
from ml.audio_analysis.hearing import BLOCK_S, Ear, Heard
from ml.data.audio_files import AudioReader
from ml.features.audio.chroma import chroma_of
from ml.features.audio.embedding import BLOCKS, track_embedding
from ml.models.retrieval import VectorIndex, standardising

TARGETS = {
    "genre_accuracy": Target(at_least=0.74),
    "emotion_r": Target(at_least=0.52),
}
ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ML_REALDATA") or ROOT.parent / "shared" / "data") / "emotify"
SCALES = ["amazement", "solemnity", "tenderness", "nostalgia", "calmness"]
SCALES += ["power", "joyful_activation", "tension", "sadness"]
Vectors = NDArray[np.float32]


def run(quick: bool) -> dict[str, float]:
    with (DATA / "tracks.csv").open(encoding="utf-8") as file:
        tracks = list(csv.DictReader(file))[:: 4 if quick else 1]
    with threadpool_limits(1):
        vectors, cepstra, vector_ms = heard(tracks)
        groups = np.unique([one["artist"] for one in tracks], return_inverse=True)[1]
        genres, classes = np.unique([one["genre"] for one in tracks], return_inverse=True)
        blocks = list(BLOCKS.values())
        genre = Labelled("classes", genres.tolist(), vectors, np.eye(len(genres))[classes], groups, blocks)
        emotion = Labelled("scales", SCALES, vectors, ratings(tracks), groups, blocks)
        seeds = 1 if quick else 5
        numbers = {"songs": len(tracks), "artists": int(groups.max()) + 1}
        numbers |= genre_numbers(genre, cepstra, seeds) | emotion_numbers(emotion, cepstra, seeds)
        numbers |= neighbours(vectors, groups, classes) | {"vector_ms": vector_ms}
    return numbers


def heard(tracks: list[dict[str, str]]) -> tuple[Vectors, Vectors, float]:
    """Listen to every song once: vectors, the baseline's MFCC, and what a minute of vectors costs."""
    vectors, cepstra, spent_s, sound_s = [], [], 0.0, 0.0
    for track in tracks:
        one, seconds = listen(DATA / track["file"])
        chroma = chroma_of(one.pitches)
        begin = process_time()
        vector = track_embedding(one.curves, chroma, one.rhythm)
        spent_s, sound_s = spent_s + process_time() - begin, sound_s + seconds
        if vector is None:
            raise ValueError(f"{track['file']}: no vector")
        mfcc = one.curves.mfcc()
        vectors.append(vector)
        cepstra.append(np.concatenate((mfcc.mean(axis=0), mfcc.std(axis=0))))
    return np.array(vectors), np.array(cepstra), 60_000 * spent_s / sound_s


def listen(path: Path) -> tuple[Heard, float]:
    with AudioReader(path) as reader:
        ear = Ear(reader.rate, reader.n_channels)
        for block in reader.blocks(BLOCK_S):
            ear.push(block)
        one = ear.finish()
        return one, one.n_samples / reader.rate


def ratings(tracks: list[dict[str, str]]) -> NDArray[np.float64]:
    felt: dict[str, list[list[float]]] = defaultdict(list)
    with (DATA / "ratings.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            felt[row["track id"]].append([float(row[scale]) for scale in SCALES])
    return np.array([np.mean(felt[one["track_id"]], axis=0) for one in tracks])


def genre_numbers(data: Labelled, cepstra: Vectors, seeds: int) -> dict[str, float]:
    told = judge(data, seeds=seeds)
    plain = judge(with_vectors(data, cepstra), seeds=seeds, learner=machine)
    alone = Labelled(data.kind, data.labels, data.vectors, data.targets, np.arange(len(data)), data.blocks)
    numbers = {f"genre_{name}": told[name] for name in ("accuracy", "accuracy_low", "accuracy_high", "ece", "log_loss")}
    numbers |= {"genre_worst": min(told["accuracy_by_seed"]), "genre_best": max(told["accuracy_by_seed"])}
    numbers |= {"genre_baseline": plain["accuracy"], "genre_random_split": judge(alone, seeds=1)["accuracy"]}
    for label, row in zip(data.labels, told["confusion"]["counts"], strict=True):
        numbers[f"recall_{label}"] = told["recall"][label]
        numbers |= {f"confusion_{label}_{other}": n for other, n in zip(data.labels, row, strict=True)}
    return numbers


def emotion_numbers(data: Labelled, cepstra: Vectors, seeds: int) -> dict[str, float]:
    told = judge(data, seeds=seeds)
    plain = judge(with_vectors(data, cepstra), seeds=seeds, learner=regressor)
    numbers = {"emotion_r": told["pearson_r"], "emotion_r_low": told["pearson_r_low"]}
    numbers |= {"emotion_r_high": told["pearson_r_high"], "emotion_r_baseline": plain["pearson_r"]}
    numbers |= {"emotion_r_worst": min(told["pearson_r_by_seed"]), "emotion_r_best": max(told["pearson_r_by_seed"])}
    return numbers | {f"r_{scale}": value for scale, value in told["pearson_r_by_scale"].items()}


def with_vectors(data: Labelled, vectors: Vectors) -> Labelled:
    return Labelled(data.kind, data.labels, vectors, data.targets, data.groups, [slice(0, vectors.shape[1])])


def machine(data: Labelled, vectors: Vectors, _: Any) -> NDArray[np.float64]:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    said = make_pipeline(StandardScaler(), SVC()).fit(data.vectors, data.classes()).predict(vectors)
    return np.eye(len(data.labels))[said]


def regressor(data: Labelled, vectors: Vectors, _: Any) -> NDArray[np.float64]:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVR

    fits = [make_pipeline(StandardScaler(), SVR()).fit(data.vectors, column) for column in data.targets.T]
    return np.stack([fit.predict(vectors) for fit in fits], axis=1)


def neighbours(vectors: Vectors, groups: NDArray[np.intp], classes: NDArray[np.intp]) -> dict[str, float]:
    mean, scale = standardising(vectors)
    ours = near(np.clip((vectors - mean) * scale, -4.0, 4.0), groups, classes)
    chance = near(np.random.default_rng(0).normal(size=vectors.shape).astype(np.float32), groups, classes)
    return ours | {f"{name}_by_chance": value for name, value in chance.items()}


def near(vectors: Vectors, groups: NDArray[np.intp], classes: NDArray[np.intp]) -> dict[str, float]:
    index = VectorIndex("benchmark", vectors.shape[1])
    index.add([str(row) for row in range(len(vectors))], vectors)
    artist, genre = [], []
    for row, vector in enumerate(vectors):
        order = np.array([int(one.id) for one in index.search(vector, len(vectors)) if one.id != str(row)])
        if (groups == groups[row]).sum() > 1:
            artist.append(groups[order[0]] == groups[row])
        others = order[groups[order] != groups[row]][:10]
        genre.append((classes[others] == classes[row]).mean())
    return {"same_artist_first": float(np.mean(artist)), "same_genre_ten": float(np.mean(genre))}
