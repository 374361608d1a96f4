"""Train the network of :mod:`ml.features.audio.rhythm` on what ``rhythm_sounds`` wrote.

``python -m benchmarks.training.rhythm_network FOLDER WEIGHTS.npz EPOCHS [START.npz]`` needs torch. It learns attacks,
beats, first beats, tempo, metre and whether there is a rhythm at all together: each helps the others (Böck, Davies and
Knees, 2019).
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.training.rhythm_sounds import read
from ml.features.audio.rhythm.bands import LONG, SHORT
from ml.features.audio.rhythm.inputs import attacks, harmonic_moves, loudness_of
from ml.features.audio.rhythm.network import BINS_BPM

FRONT, WIDTH, POOLED, BLOCKS, KERNEL = 24, 32, 32, 8, 5
BATCH, RATE, SHORTEST = 16, 3e-3, 340


class Network(nn.Module):
    """Two convolutions on short frames, then dilated ones on long frames (Bai et al., 2018), then means over time."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv1d(80, 32, 3, padding=1)
        self.second = nn.Conv1d(32, FRONT, 3, padding=1)
        self.onset = nn.Conv1d(FRONT, 1, 3, padding=1)
        self.down = nn.Conv1d(FRONT, FRONT, 5, stride=2, padding=2)
        self.mix = nn.Conv1d(FRONT + 6, WIDTH, 1)
        self.wide = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, KERNEL, dilation=2**i, padding=2 * 2**i) for i in range(BLOCKS)
        )
        self.back = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 1) for _ in range(BLOCKS))
        self.skip = nn.ModuleList(nn.Conv1d(WIDTH, POOLED, 1, bias=i == 0) for i in range(BLOCKS))
        self.beat = nn.Conv1d(WIDTH, 2, 1)
        self.hidden = nn.Linear(3 * POOLED, 64)
        self.last = nn.Linear(64, len(BINS_BPM) + 6)
        self.drop = nn.Dropout(0.1)

    def forward(self, short: Tensor, long: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give log odds of attacks and of beats, and what is concluded of the whole."""
        x = functional.relu(self.second(functional.relu(self.first(short))))
        onset = self.onset(x)[:, 0]
        x = functional.relu(self.down(x))
        x = functional.relu(self.mix(torch.cat((x, long), 1)))
        pooled: Any = 0
        for wide, back, skip in zip(self.wide, self.back, self.skip, strict=True):
            h = functional.relu(wide(x))
            pooled = pooled + skip(h)
            x = x + self.drop(back(h))
        beat = self.beat(functional.relu(x))
        pooled = functional.relu(pooled)
        share = torch.sigmoid(beat)
        means = [pooled.mean(2)]
        for i in (0, 1):
            weight = share[:, i : i + 1]
            means.append((pooled * weight).sum(2) / (weight.sum(2) + 1.0))
        last = self.last(self.drop(functional.relu(self.hidden(torch.cat(means, 1)))))
        return onset, beat, last


def pulses(times_s: Any, n: int, framing: Any) -> Any:
    """Give targets that are 1 at a time and 0 from one and a half frames on."""
    found = np.zeros(n, dtype=np.float32)
    at = np.asarray(times_s, dtype=np.float64) * framing.frames_per_s
    for step in range(-2, 3):
        frame = np.rint(at).astype(int) + step
        inside = (frame >= 0) & (frame < n)
        np.maximum.at(found, frame[inside], np.maximum(0, 1 - np.abs(frame - at)[inside] / 1.5).astype(np.float32))
    return found


class Sounds:
    """All rows, and batches of them, a little different every time."""

    def __init__(self, folder: str) -> None:
        self.rows = read(folder)
        self.n = len(self.rows["tempo"])
        log_bins = np.log(BINS_BPM)
        self.targets = []
        for i in range(self.n):
            n_short, n_long = len(self.rows["mels"][i]), len(self.rows["semitones"][i])
            beats, positions = self.rows["beats"][i], self.rows["positions"][i]
            tempo = max(self.rows["tempo"][i], 1.0)
            near = np.exp(-0.5 * ((log_bins - np.log(tempo)) / 0.015) ** 2)
            self.targets.append((
                pulses(self.rows["onsets"][i], n_short, SHORT),
                np.stack((pulses(beats, n_long, LONG), pulses(beats[positions == 1], n_long, LONG))),
                (near / max(near.sum(), 1e-9)).astype(np.float32),
            ))  # fmt: skip

    def row(self, i: int, rng: np.random.Generator | None) -> tuple[Any, Any]:
        """Give what is heard of a sound; with a generator, of other kits, in noise, through a narrow band."""
        mels = np.exp(self.rows["mels"][i].astype(np.float32))
        semitones = np.exp(self.rows["semitones"][i].astype(np.float32))
        if rng is not None:
            shift = int(rng.integers(-2, 3))
            if shift:
                mels = np.roll(mels, shift, axis=1)
                edge = mels[:, shift : shift + 1] if shift > 0 else mels[:, shift - 1 : shift]
                if shift > 0:
                    mels[:, :shift] = edge
                else:
                    mels[:, shift:] = edge
            if rng.random() < 0.3:  # a noise below
                level = 10 ** (-rng.uniform(1.0, 4.0)) * mels.mean(0).max()
                tone = np.exp(rng.normal(0, 0.7, mels.shape[1]).cumsum() * 0.5)
                mels = mels + (level * tone / tone.mean() * rng.gamma(4, 0.25, mels.shape)).astype(np.float32)
            if rng.random() < 0.25:  # a narrow band
                low, high = int(rng.integers(0, 6)), int(rng.integers(26, 40))
                mels[:, :low] *= 1e-4
                mels[:, high:] *= 1e-4
            mels = mels ** np.float32(rng.uniform(0.8, 1.15))
        return attacks(mels, loudness_of(mels)), harmonic_moves(semitones)

    def batch(self, chosen: Any, rng: np.random.Generator | None) -> tuple[Tensor, ...]:
        """Give the chosen rows; with a generator, a part of each, all equally long."""
        n_long = min(len(self.rows["semitones"][i]) for i in chosen)
        length = n_long if rng is None else int(rng.integers(SHORTEST, n_long + 1))
        columns: list[list[Any]] = [[] for _ in range(7)]
        for i in chosen:
            short, long = self.row(i, rng)
            at = 0 if rng is None else int(rng.integers(0, n_long - length + 1))
            onset, beat, tempo = self.targets[i]
            s, e = slice(2 * at, 2 * (at + length)), slice(at, at + length)
            for column, value in zip(
                columns,
                (short[s].T, long[e].T, onset[s], beat[:, e], tempo, self.rows["metre"][i], self.rows["tempo"][i] > 0),
                strict=True,
            ):
                column.append(value)
        return tuple(torch.from_numpy(np.ascontiguousarray(np.stack(column))) for column in columns)


def loss_of(out: tuple[Tensor, ...], batch: tuple[Tensor, ...]) -> Tensor:
    onset, beat, last = out
    _, _, onset_true, beat_true, tempo, metre, is_song = batch
    song = is_song.float()
    n = len(BINS_BPM)
    total = (functional.binary_cross_entropy_with_logits(onset, onset_true, reduction="none").mean(1) * song).mean() * 2
    each = functional.binary_cross_entropy_with_logits(beat, beat_true, reduction="none").mean((0, 2))
    total = total + 2.0 * each[0] + 2.5 * each[1]
    tempo_loss = -(tempo * functional.log_softmax(last[:, :n], 1)).sum(1)
    total = total + 0.12 * (tempo_loss * song).mean()
    metre_loss = functional.cross_entropy(last[:, n : n + 5], metre.clamp(min=0), reduction="none")
    total = total + 0.12 * (metre_loss * song).mean()
    return total + 0.1 * functional.binary_cross_entropy_with_logits(last[:, n + 5], song)


def train(sounds: Sounds, chosen: Any, epochs: int, *, seed: int = 0, path: str = "", start: str = "") -> Network:
    """Train on the chosen rows, from weights if there are any; with a path they are saved after every epoch."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Network()
    if start:
        network.load_state_dict({name: torch.from_numpy(np.float32(one)) for name, one in np.load(start).items()})
    per_epoch = len(chosen) // BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * per_epoch, pct_start=0.1)
    print(f"{len(chosen)} sounds, {sum(p.numel() for p in network.parameters()):,} weights", flush=True)
    begin = time.monotonic()
    for epoch in range(epochs):
        order, losses = rng.permutation(chosen), []
        for step in range(per_epoch):
            batch = sounds.batch(order[step * BATCH : (step + 1) * BATCH], rng)
            loss = loss_of(network(batch[0], batch[1]), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"{epoch}: {np.mean(losses):.4f}, {time.monotonic() - begin:.0f} s", flush=True)
        if path:
            save(network, path)
    return network


def main(folder: str, path: str, epochs: str, start: str = "") -> None:
    sounds = Sounds(folder)
    train(sounds, np.arange(sounds.n), int(epochs), seed=1, path=path, start=start)


def save(network: Network, path: str) -> None:
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in network.state_dict().items()}
    np.savez(path, **weights)


if __name__ == "__main__":
    main(*sys.argv[1:])
