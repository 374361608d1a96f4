"""Learn how letters sound from PocketSphinx's dictionary: ``python -m benchmarks.training.letter_sounds``.

Each letter of a word makes none, one or two phones. Which, is found by expectation maximisation over all alignments
(Jiampojamarn et al. 2007 without chunks of letters). Counted are then sequences of letters with their phones, whose
model is a joint n-gram (Bisani and Ney 2008). Every twentieth word is left out, and judges: the share of words whose
first, or any of three, pronunciations is one that the dictionary has.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.intelligent_search.voice.letters import LETTERS, ORDER, Letters, packed
from ml.intelligent_search.voice.sphinx import dictionary

TARGET = Path("src/ml/intelligent_search/voice/letters.npz")
_ROUNDS, _RARE = 12, 5
#: Sequences of so many letters and more are kept if they were seen as often.
_LEAST_SEEN = {4: 2, 5: 2, 6: 3}
Chunk = tuple[int, tuple[str, ...]]
Pair = tuple[str, tuple[str, ...]]


def main() -> None:
    pairs = [(word, phones) for word, each in sorted(dictionary().items()) for phones in each if _plain(word, phones)]
    judges = [pair for pair in pairs if zlib.crc32(pair[0].encode()) % 20 == 0]
    taught = [pair for pair in pairs if zlib.crc32(pair[0].encode()) % 20]
    sequences = aligned(taught)
    chunks, counts = counted(sequences)
    np.savez_compressed(TARGET, **packed(chunks, counts))
    model = Letters.open(TARGET)
    known: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for word, phones in judges:
        known[word].add(phones)
    said = model.pronounce(sorted(known), 3)
    first = np.mean([said[word][0][0] in known[word] for word in known])
    any_of = np.mean([any(phones in known[word] for phones, _ in said[word]) for word in known])
    print(f"{len(known)} words: first {first:.3f}, of three {any_of:.3f}; {TARGET.stat().st_size / 1024:.0f} KiB")


def _plain(word: str, phones: tuple[str, ...]) -> bool:
    return set(word) <= set(LETTERS) and 2 <= len(word) <= 18 and len(phones) <= 2 * len(word)


def aligned(pairs: list[Pair]) -> list[list[Chunk]]:
    """Give each word as letters and what each makes."""
    phones = sorted({phone for _, said in pairs for phone in said})
    number = {phone: place for place, phone in enumerate(phones)}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, (word, said) in enumerate(pairs):
        groups[len(word), len(said)].append(place)
    batches = [
        (
            rows,
            np.array([[LETTERS.index(sign) for sign in pairs[row][0]] for row in rows]),
            np.array([[number[one] for one in pairs[row][1]] for row in rows]),
        )
        for rows in groups.values()
    ]
    many = len(phones)
    none = np.full(len(LETTERS), 0.1)
    one = np.full((len(LETTERS), many), 0.1)
    two = np.full((len(LETTERS), many, many), 0.001)
    for _ in range(_ROUNDS):
        sums = [np.full_like(table, 1e-6) for table in (none, one, two)]
        for _, letters, said in batches:
            _expect(letters, said, (none, one, two), sums)
        total = sums[0] + sums[1].sum(axis=1) + sums[2].sum(axis=(1, 2))
        none, one, two = sums[0] / total, sums[1] / total[:, None], sums[2] / total[:, None, None]
    found: list[list[Chunk]] = [[] for _ in pairs]
    for rows, letters, said in batches:
        for row, steps in zip(rows, _best(letters, said, (none, one, two)), strict=True):
            place = 0
            for letter, step in zip(pairs[row][0], steps, strict=True):
                found[row].append((LETTERS.index(letter), pairs[row][1][place : place + step]))
                place += step
    return found


Tables = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _steps(letters: NDArray[np.int64], said: NDArray[np.int64], tables: Tables) -> list[NDArray[np.float64]]:
    """Give the probability of each letter with each none, one and two phones that begin at each place."""
    n, far = said.shape
    none = np.repeat(tables[0][letters][:, :, None], far + 1, axis=2)
    one = tables[1][letters[:, :, None], said[:, None, :]]
    two = tables[2][letters[:, :, None], said[:, None, :-1], said[:, None, 1:]] if far > 1 else np.zeros((n, 1, 0))
    return [none, one, two]


def _expect(
    letters: NDArray[np.int64], said: NDArray[np.int64], tables: Tables, sums: list[NDArray[np.float64]]
) -> None:
    none, one, two = _steps(letters, said, tables)
    (n, long), far = letters.shape, said.shape[1]
    forward = np.zeros((long + 1, n, far + 1))
    backward = np.zeros_like(forward)
    forward[0, :, 0] = backward[long, :, far] = 1
    for place in range(long):
        before = forward[place]
        now = before * none[:, place]
        now[:, 1:] += before[:, :-1] * one[:, place]
        if far > 1:
            now[:, 2:] += before[:, :-2] * two[:, place]
        forward[place + 1] = now
    for place in range(long - 1, -1, -1):
        after = backward[place + 1]
        now = after * none[:, place]
        now[:, :-1] += after[:, 1:] * one[:, place]
        if far > 1:
            now[:, :-2] += after[:, 2:] * two[:, place]
        backward[place] = now
    total = np.maximum(forward[long, :, far], 1e-300)[:, None]
    for place in range(long):
        before, after, sign = forward[place] / total, backward[place + 1], letters[:, place]
        np.add.at(sums[0], sign, (before * none[:, place] * after).sum(axis=1))
        np.add.at(sums[1], (sign[:, None], said), before[:, :-1] * one[:, place] * after[:, 1:])
        if far > 1:
            share = before[:, :-2] * two[:, place] * after[:, 2:]
            np.add.at(sums[2], (sign[:, None], said[:, :-1], said[:, 1:]), share)


def _best(letters: NDArray[np.int64], said: NDArray[np.int64], tables: Tables) -> NDArray[np.int64]:
    """Give how many phones each letter makes on the best way [shape=(n, n_letters)]."""
    none, one, two = _steps(letters, said, tables)
    (n, long), far = letters.shape, said.shape[1]
    score = np.full((n, far + 1), -np.inf)
    score[:, 0] = 0
    came = np.zeros((long, n, far + 1), np.int64)
    for place in range(long):
        ways = np.full((3, n, far + 1), -np.inf)
        ways[0] = score + np.log(none[:, place])
        ways[1, :, 1:] = score[:, :-1] + np.log(one[:, place])
        if far > 1:
            ways[2, :, 2:] = score[:, :-2] + np.log(two[:, place])
        came[place], score = ways.argmax(axis=0), ways.max(axis=0)
    steps = np.zeros((n, long), np.int64)
    at = np.full(n, far)
    for place in range(long - 1, -1, -1):
        steps[:, place] = came[place, np.arange(n), at]
        at = at - steps[:, place]
    return steps


def counted(sequences: list[list[Chunk]]) -> tuple[list[Chunk], list[tuple[NDArray[np.uint64], NDArray[np.int64]]]]:
    """Give the chunks, and for each order how often which sequence of them was seen, rare ones left out."""
    seen: dict[Chunk, int] = defaultdict(int)
    for sequence in sequences:
        for chunk in sequence:
            seen[chunk] += 1
    chunks = sorted(chunk for chunk, count in seen.items() if count >= _RARE)
    number = {chunk: place + 1 for place, chunk in enumerate(chunks)}
    end = len(chunks) + 1
    kept = [[number[one] for one in sequence] for sequence in sequences if all(one in number for one in sequence)]
    flat = np.concatenate([np.array([0] * (ORDER - 1) + one + [end]) for one in kept]).astype(np.uint64)
    grams = np.lib.stride_tricks.sliding_window_view(flat, ORDER)
    grams = grams[grams[:, -1] > 0]
    keys = np.zeros(len(grams), np.uint64)
    for column in range(ORDER):
        keys = keys * np.uint64(end + 1) + grams[:, column]
    counts: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
    whole, times = np.unique(keys, return_counts=True)
    base = np.uint64(end + 1)
    for order in range(ORDER, 0, -1):
        least = _LEAST_SEEN.get(order, 1)
        counts.append((whole[times >= least], times[times >= least]))
        # Of a shorter sequence it counts after how many different chunks it was seen (Kneser and Ney 1995).
        shorter = whole % base ** np.uint64(order - 1)
        whole, times = np.unique(shorter, return_counts=True)
    return chunks, counts[::-1]


if __name__ == "__main__":
    main()
