"""Train the network of :mod:`ml.features.audio.rhythm` on what ``rhythm_sounds`` wrote.

``python -m benchmarks.training.rhythm_network FOLDER WEIGHTS.npz EPOCHS`` needs torch, and uses a GPU where there is
one: the whole set lies in its memory. The network learns attacks, beats, first beats, tempo, metre and whether there
is a rhythm at all together: each helps the others (Böck, Davies and Knees, 2019).

The weights of the package had 75 epochs of 17,600 sounds, the 1,000 songs and 100 others of each seed from 101 to 116:
five minutes of an H100 that trained four such networks at once. A narrower network (32 instead of 48 values a frame)
was worse at patterns that neither had learnt: Acc1 .80 instead of .82, attacks .931 instead of .938.
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
from ml.features.audio.rhythm import inputs
from ml.features.audio.rhythm.bands import LONG, SHORT
from ml.features.audio.rhythm.network import BINS_BPM

FRONT, WIDTH, POOLED, BLOCKS, KERNEL = 32, 48, 32, 8, 5
BATCH, RATE, SHORTEST = 64, 5e-3, 340


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
    """All sounds, equally long, on a GPU if there is one, and batches of them, a little different every time."""

    def __init__(self, folder: str) -> None:
        self.device = device = "cuda" if torch.cuda.is_available() else "cpu"
        self.rows = read(folder)
        self.n = len(self.rows["tempo"])
        self.n_long = len(self.rows["semitones"][0])
        tempo = np.array(self.rows["tempo"], dtype=np.float64)
        near = np.exp(-0.5 * ((np.log(BINS_BPM) - np.log(np.maximum(tempo, 1.0))[:, np.newaxis]) / 0.015) ** 2)
        semitones = (np.exp(one.astype(np.float32)) for one in self.rows["semitones"])
        self._tensors = {
            name: torch.from_numpy(np.ascontiguousarray(value)).to(device)
            for name, value in {
                "mels": np.stack(self.rows["mels"]),
                "moves": np.stack([inputs.harmonic_moves(one).astype(np.float16).T for one in semitones]),
                "onsets": np.stack([pulses(one, 2 * self.n_long, SHORT) for one in self.rows["onsets"]]),
                "beats": np.stack([self._beats(i) for i in range(self.n)]),
                "tempo": (near / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32),
                "metre": np.array(self.rows["metre"]).clip(0),
                "is_song": (tempo > 0).astype(np.float32),
            }.items()
        }

    def _beats(self, i: int) -> Any:
        beats = self.rows["beats"][i]
        first = beats[self.rows["positions"][i] == 1]
        return np.stack([pulses(one, self.n_long, LONG) for one in (beats, first)])

    def batch(self, chosen: Tensor) -> dict[str, Tensor]:
        """Give a part of each chosen sound, all equally long, varied: see :func:`varied`."""
        rows = {name: value[chosen] for name, value in self._tensors.items()}
        heard = attacks(varied(rows.pop("mels").float().exp()))
        length = int(torch.randint(SHORTEST, self.n_long + 1, ()))
        begin = torch.randint(0, self.n_long - length + 1, (len(chosen), 1), device=self.device)
        long = begin + torch.arange(length, device=self.device)
        short = 2 * begin + torch.arange(2 * length, device=self.device)
        rows["attacks"] = _part(heard.transpose(1, 2), short)
        rows["moves"] = _part(rows["moves"].float(), long)
        rows["beats"] = _part(rows["beats"], long)
        rows["onsets"] = rows["onsets"].gather(1, short)
        return rows


def _part(values: Tensor, at: Tensor) -> Tensor:
    """Take moments of each row [shape=(n_rows, n_values, n_moments)]."""
    return values.gather(2, at[:, None].expand(-1, values.shape[1], -1))


def varied(mels: Tensor) -> Tensor:
    """Give power [shape=(n, n_short, 40)] as of other kits, in noise, through a narrow band, with holes, compressed."""
    n, _, bands = mels.shape
    mels = _shifted(mels)
    noisy = _some(n, 0.3, mels)
    level = 10 ** -_between(1.0, 4.0, n, mels)[:, None, None] * mels.mean(1).amax(1)[:, None, None]
    tone = (torch.randn(n, 1, bands, device=mels.device) * 0.7).cumsum(2).mul(0.5).exp()
    # A mean of four exponentials: the power of noise over a frame.
    grain = torch.empty_like(mels).exponential_() + torch.empty_like(mels).exponential_()
    mels = mels + noisy * level * tone / tone.mean(2, keepdim=True) * grain / 2
    band = torch.arange(bands, device=mels.device)
    low, high = _between(0, 6, n, mels).floor()[:, None], _between(26, 40, n, mels).floor()[:, None]
    quiet = _some(n, 0.25, mels)[:, :, 0] * ((band < low) | (band >= high))
    begin, size = _between(0, bands, n, mels)[:, None], _between(1, 9, n, mels)[:, None]
    hole = _some(n, 0.3, mels)[:, :, 0] * ((band >= begin) & (band < begin + size))
    mels = mels * 1e-4 ** torch.maximum(quiet, hole)[:, None]
    return mels ** _between(0.8, 1.15, n, mels)[:, None, None]


def _shifted(mels: Tensor) -> Tensor:
    """Move each row's bands by up to two; those at the edge are repeated."""
    n, _, bands = mels.shape
    shift = torch.randint(-2, 3, (n, 1), device=mels.device)
    source = (torch.arange(bands, device=mels.device) - shift).clamp(0, bands - 1)
    return mels.gather(2, source[:, None].expand(-1, mels.shape[1], -1))


def _some(n: int, share: float, like: Tensor) -> Tensor:
    return (torch.rand(n, 1, 1, device=like.device) < share).float()


def _between(low: float, high: float, n: int, like: Tensor) -> Tensor:
    return low + (high - low) * torch.rand(n, device=like.device)


def attacks(mels: Tensor) -> Tensor:
    """Do what :func:`ml.features.audio.rhythm.inputs.attacks` does, for many sounds of their own loudness at once."""
    mean = mels.mean(1, keepdim=True)
    level = (mean + inputs.FLOOR * mean.mean(2, keepdim=True)).clamp(min=1e-20)
    loud = torch.log1p(mels * (inputs.GAIN / level))
    before = functional.max_pool1d(loud[:, : -inputs.LAG], 3, stride=1, padding=1)
    rise = functional.relu(loud[:, inputs.LAG :] - before)
    return torch.cat((loud, functional.pad(rise, (0, 0, inputs.LAG, 0))), 2)


def loss_of(out: tuple[Tensor, ...], batch: dict[str, Tensor]) -> Tensor:
    onset, beat, last = out
    song = batch["is_song"]
    n = len(BINS_BPM)
    cross = functional.binary_cross_entropy_with_logits
    total = (cross(onset, batch["onsets"], reduction="none").mean(1) * song).mean() * 2
    each = cross(beat, batch["beats"], reduction="none").mean((0, 2))
    total = total + 2.0 * each[0] + 2.5 * each[1]
    tempo_loss = -(batch["tempo"] * functional.log_softmax(last[:, :n], 1)).sum(1)
    total = total + 0.12 * (tempo_loss * song).mean()
    metre_loss = functional.cross_entropy(last[:, n : n + 5], batch["metre"], reduction="none")
    total = total + 0.12 * (metre_loss * song).mean()
    return total + 0.1 * cross(last[:, n + 5], song)


def train(sounds: Sounds, chosen: Any, epochs: int, *, seed: int = 0, path: str = "") -> Network:
    """Train on the chosen sounds; with a path, weights are saved after every epoch."""
    torch.manual_seed(seed)
    network = Network().to(sounds.device)
    chosen = torch.as_tensor(chosen, device=sounds.device)
    per_epoch = len(chosen) // BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * per_epoch, pct_start=0.1)
    print(f"{len(chosen)} sounds, {sum(p.numel() for p in network.parameters()):,} weights", flush=True)
    begin = time.monotonic()
    for epoch in range(epochs):
        order, losses = chosen[torch.randperm(len(chosen), device=sounds.device)], []
        for step in range(per_epoch):
            batch = sounds.batch(order[step * BATCH : (step + 1) * BATCH])
            loss = loss_of(network(batch["attacks"], batch["moves"]), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.detach())
        print(f"{epoch}: {torch.stack(losses).mean():.4f}, {time.monotonic() - begin:.0f} s", flush=True)
        if path:
            save(network, path)
    return network


def main(folder: str, path: str, epochs: str) -> None:
    sounds = Sounds(folder)
    train(sounds, np.arange(sounds.n), int(epochs), seed=1, path=path)


def save(network: Network, path: str) -> None:
    weights = {name: value.detach().cpu().numpy().astype(np.float16) for name, value in network.state_dict().items()}
    np.savez(path, **weights)


if __name__ == "__main__":
    main(*sys.argv[1:])
