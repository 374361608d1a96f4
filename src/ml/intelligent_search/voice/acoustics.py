"""The acoustic model that comes with PocketSphinx: how well each frame suits each piece of a sound.

Conventions
-----------
- *Phones* are those of CMU's dictionary, and silence; a phone in its context, and its place in the word, has three
  *senones*, one after another.
- All scores are natural logarithms of likelihoods.
- The model is *phonetically tied*: each phone has 128 Gaussians a stream, and a senone weighs those of its phone.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import BadInput
from ml.intelligent_search.voice.cepstra import Floats

SILENCE = "SIL"
#: The logarithm that weights are kept in: 1.0001, in steps of 1,024.
_WEIGHT_STEP = 1_024 * float(np.log(1.0001))
_LEAST_VARIANCE = 1e-4
#: Where in a word a phone stands, as the model numbers it.
_INSIDE, _FIRST, _LAST, _ALONE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class AcousticModel:
    """How sounds are scored.

    Parameters
    ----------
    phones : tuple of str
    means, precisions : float32 [shape=(n_phones, 3, 128, 13)]
        Precisions are halves of inverse variances.
    constants : float32 [shape=(n_phones, 3, 128)]
    weights : float32 [shape=(3, 128, n_senones)]
        Of Gaussians, not logarithms.
    owners : int64 [shape=(n_senones,)]
        The phone of each senone.
    contexts : mapping
        From place, phone, the one before and the one after to a row of ``triples``.
    triples : int64 [shape=(n, 3)]
        Senones.
    """

    phones: tuple[str, ...]
    means: Floats
    precisions: Floats
    constants: Floats
    weights: Floats
    owners: NDArray[np.int64]
    contexts: dict[tuple[int, int, int, int], int]
    triples: NDArray[np.int64]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read a model's folder.

        Raises
        ------
        BadInput
            If it holds no phonetically tied model.
        """
        try:
            phones, owners, contexts, triples = _read_definition((folder / "mdef").read_bytes())
            means = _read_gaussians(folder / "means")
            variances = np.maximum(_read_gaussians(folder / "variances"), np.float32(_LEAST_VARIANCE))
            weights = _read_weights((folder / "sendump").read_bytes(), means.shape[1], means.shape[2], len(owners))
        except (OSError, ValueError, IndexError, struct.error) as error:
            raise BadInput(
                f"{folder}: no acoustic model ({error})", "install it again: pip install --force-reinstall pocketsphinx"
            ) from error
        constants = -0.5 * np.log(2 * np.pi * variances).sum(axis=-1)
        constants = constants.astype(np.float32)
        precisions = np.asarray(0.5 / variances, np.float32)
        return cls(phones, means, precisions, constants, weights, owners, contexts, triples)

    def scores(self, features: Floats) -> Floats:
        """Score each frame by each senone [shape=(n_frames, n_senones)]."""
        n_frames = features.shape[1]
        total = np.zeros((n_frames, len(self.owners)), np.float32)
        for stream, frames in enumerate(features):
            squared = frames**2
            for phone in range(len(self.phones)):
                mean, precision = self.means[phone, stream], self.precisions[phone, stream]
                exponents = 2 * frames @ (mean * precision).T - squared @ precision.T
                exponents += self.constants[phone, stream] - (precision * mean**2).sum(axis=1)
                best = exponents.max(axis=1, keepdims=True)
                ours = self.owners == phone
                mixed = np.exp(exponents - best) @ self.weights[stream][:, ours]
                total[:, ours] += np.log(np.maximum(mixed, 1e-30)) + best
        return total

    def senones(self, words: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Give the senones of words that are said in one go, in their order [shape=(3 * n_phones,)]."""
        silence = self.phones.index(SILENCE)
        placed = [
            (_ALONE if len(word) == 1 else _FIRST if not place else _LAST if place == len(word) - 1 else _INSIDE, phone)
            for word in words
            for place, phone in enumerate(word)
        ]
        numbers = [silence, *(self.phones.index(phone) for _, phone in placed), silence]
        around = zip(placed, numbers[1:-1], numbers[:-2], numbers[2:], strict=True)
        return self.triples[[self._row(where, *near) for (where, _), *near in around]].ravel()

    def _row(self, where: int, phone: int, before: int, after: int) -> int:
        for place in (where, _INSIDE, _FIRST, _LAST, _ALONE):
            row = self.contexts.get((place, phone, before, after))
            if row is not None:
                return row
        return phone


def _read_definition(
    data: bytes,
) -> tuple[tuple[str, ...], NDArray[np.int64], dict[tuple[int, int, int, int], int], NDArray[np.int64]]:
    """Read phones, whose each senone is, contexts and their senones; rows of phones alone come first."""
    if data[:4] != b"BMDF":
        raise ValueError("mdef is not binary")
    (described,) = struct.unpack_from("<i", data, 8)
    place = 12 + described
    n_phones, n_contexts, n_states, _, n_senones, _, n_sequences, _, n_tree, _ = struct.unpack_from("<10i", data, place)
    place += 40
    names = []
    for _ in range(n_phones):
        end = data.index(b"\0", place)
        names.append(data[place:end].decode("ascii"))
        place = end + 1
    place += -place % 4 + 8 * n_tree
    rows = np.frombuffer(data, np.dtype([("sequence", "<i4"), ("moves", "<i4"), ("where", "u1", 4)]), n_contexts, place)
    place += rows.nbytes + 4
    sequences = np.frombuffer(data, "<u2", n_sequences * n_states, place).reshape(n_sequences, n_states)
    triples = sequences[rows["sequence"]].astype(np.int64)
    contexts = {
        (int(one[0]), int(one[1]), int(one[2]), int(one[3])): row
        for row, one in enumerate(rows["where"][n_phones:], n_phones)
    }
    owners = np.zeros(n_senones, np.int64)
    owners[triples[n_phones:]] = rows["where"][n_phones:, 1][:, None]
    owners[triples[:n_phones]] = np.arange(n_phones)[:, None]
    return tuple(names), owners, contexts, triples


def _read_gaussians(file: Path) -> Floats:
    data = file.read_bytes()
    place = data.index(b"endhdr\n") + 7
    magic, n_phones, n_streams, n_gaussians = struct.unpack_from("<4i", data, place)
    if magic != 0x11223344:
        raise ValueError(f"{file.name} is of another byte order")
    place += 16
    lengths = struct.unpack_from(f"<{n_streams}i", data, place)
    place += 4 * n_streams + 4
    shape = (n_phones, n_streams, n_gaussians, lengths[0])
    return np.frombuffer(data, "<f4", int(np.prod(shape)), place).reshape(shape)


def _read_weights(data: bytes, n_streams: int, n_gaussians: int, n_senones: int) -> Floats:
    place = 0
    while length := struct.unpack_from("<i", data, place)[0]:
        place += 4 + length
    place += 12
    quantised = np.frombuffer(data, np.uint8, n_streams * n_gaussians * n_senones, place)
    shape = (n_streams, n_gaussians, n_senones)
    return np.asarray(np.exp(np.float32(-_WEIGHT_STEP) * quantised.astype(np.float32)), np.float32).reshape(shape)
