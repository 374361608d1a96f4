"""Training: epochs, early stopping, and going on after a kill. PyTorch is imported here, and nowhere in answering."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ml.foundation.errors import BadInput
from ml.foundation.progress import OnStep, unwatched
from ml.models.base import Arrays
from ml.models.plays import Floats
from ml.models.sequential.beginning import Beginning
from ml.models.sequential.content import Content
from ml.models.sequential.lessons import Course, Lesson, chances
from ml.models.sequential.network import NEVER, Network, Shape
from ml.models.sequential.progress import Progress
from ml.models.sequential.sequences import Batch, Sequences, gaps, latest, offsets, pauses

#: Share of all steps in which the step size grows, and what is left of it at the end.
WARMUP, END = 0.05, 0.1
WEIGHT_DECAY = 0.01
#: Share of the step size for the items' own vectors, which begin as a factorisation that is worth keeping.
OWN_PACE = 0.1
BETAS = (0.9, 0.98)
MOST_NORM = 5.0

#: Judges an epoch: takes item vectors, biases and a way to give listeners' vectors; gives a number for each of some
#: listeners, the same ones every time; more is better.
Judge = Callable[[Floats, Floats, Callable[[Sequences], Floats]], NDArray[np.float64]]
#: The histories of an epoch, drawn anew where they have no order.
Histories = Callable[[np.random.Generator], Sequences]


@dataclass(frozen=True)
class Plan:
    """How to train.

    Parameters
    ----------
    course : Course
    epochs : int
        At most.
    patience : int
        Epochs without a better one after which training ends.
    learning_rate : float
    accumulation : int
        Lessons gathered before the weights move.
    device : str
    seed : int
    """

    course: Course
    epochs: int
    patience: int
    learning_rate: float
    accumulation: int
    device: str
    seed: int


class Learner:
    """Trains a network.

    Parameters
    ----------
    network : Network
    plan : Plan
    """

    def __init__(self, network: Network, plan: Plan) -> None:
        self.network, self.plan = network.to(plan.device), plan
        own = network.tower.ids
        groups = [
            {"params": [own], "pace": OWN_PACE},
            {"params": [each for each in network.parameters() if each is not own], "pace": 1.0},
        ]
        self._optimiser = torch.optim.AdamW(
            groups, lr=plan.learning_rate, betas=BETAS, weight_decay=WEIGHT_DECAY, fused=True
        )
        self._done, self._total = 0, 1

    @classmethod
    def new(
        cls,
        *,
        content: Content,
        heard: NDArray[np.bool_],
        layers: int,
        heads: int,
        dropouts: tuple[float, float],
        width: int,
        n_tokens: int,
        plan: Plan,
        beginning: Beginning,
    ) -> Learner:
        """Make a network: items begin as they are told, and the seed draws the other weights.

        Raises
        ------
        ml.foundation.errors.BadInput
            If PyTorch has no such device here.
        """
        _require(plan.device)
        sizes = (len(heard), content.n_artists, content.tags.shape[1], width, layers, heads, plan.course.length)
        shape = Shape(*sizes, *dropouts, n_tokens)
        with _seeded(plan, -1):
            known = torch.as_tensor(heard, dtype=torch.float32)
            network = Network(shape, torch.as_tensor(content.tags), torch.as_tensor(content.artists), known)
            network.begin(beginning)
        return cls(network, plan)

    def learn(
        self,
        histories: Histories,
        n_items: int,
        progress: Progress,
        *,
        judge: Judge | None = None,
        keep: Callable[[Progress], None] | None = None,
        on_step: OnStep = unwatched,
    ) -> Progress:
        """Go on until nothing is to be gained; the network has the best weights then."""
        plan = self.plan
        if progress.weights:
            self._take(progress)
        elif judge is not None:
            # What nothing was learned for yet may be the best.
            progress.scores, progress.best = [judge(*self.items(), self.encode)], self.weights()
        while not progress.is_over(epochs=plan.epochs, patience=plan.patience):
            rng = np.random.default_rng([plan.seed, progress.epoch])
            sequences = histories(rng)
            self._set_out(plan.course.steps(sequences), progress.epoch)
            loss = self._epoch(sequences, n_items, progress.epoch, rng)
            progress.epoch += 1
            said = f"epoch {progress.epoch}/{plan.epochs}, loss {loss:.3f}"
            if judge is not None:
                progress.scores.append(judge(*self.items(), self.encode))
                said += f", NDCG@10 {progress.means[-1]:.4f}"
            if progress.is_best():
                progress.best_epoch, progress.best = progress.epoch, self.weights()
            progress.weights, progress.moments = self.weights(), self._moments()
            if keep is not None:
                keep(progress)
            on_step(said)
        if progress.best:
            self._load(progress.best)
        return progress

    # One epoch

    def _set_out(self, steps: int, epoch: int) -> None:
        per_epoch = max(1, steps // self.plan.accumulation)
        self._done, self._total = epoch * per_epoch, self.plan.epochs * per_epoch

    def _epoch(self, sequences: Sequences, n_items: int, epoch: int, rng: np.random.Generator) -> float:
        again = sequences.repeats(n_items)
        odds = chances(sequences, n_items)
        logs = torch.as_tensor(np.log(np.maximum(odds, 1e-30)), dtype=torch.float32, device=self.plan.device)
        self.network.train()
        total, weight = 0.0, 0.0
        with _seeded(self.plan, epoch):
            waiting = 0
            for lesson in self.plan.course.lessons(sequences, again, odds, rng):
                if not len(lesson.targets):
                    continue
                loss, share = self._loss(lesson, logs)
                (loss / (share * self.plan.accumulation)).backward()  # type: ignore[no-untyped-call]
                total, weight, waiting = total + float(loss.detach()), weight + share, waiting + 1
                if waiting == self.plan.accumulation:
                    self._move()
                    waiting = 0
            if waiting:
                self._move()
        return total / max(weight, 1e-9)

    def _move(self) -> None:
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), MOST_NORM)
        for group in self._optimiser.param_groups:
            group["lr"] = group["pace"] * self.plan.learning_rate * _pace(self._done / self._total)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self._done += 1

    def _loss(self, lesson: Lesson, logs: torch.Tensor) -> tuple[torch.Tensor, float]:
        """Sum the cross entropies of a lesson; give it with the sum of their weights."""
        tower = self.network.tower
        contenders = lesson.contenders
        needed, place = np.unique(
            np.concatenate([lesson.batch.items.ravel(), lesson.targets, contenders]), return_inverse=True
        )
        index = self._tensor(needed)
        vectors, biases = tower(index)
        n_seen, n_targets = lesson.batch.items.size, len(lesson.targets)
        seen = vectors[self._tensor(place[:n_seen])].view(*lesson.batch.items.shape, vectors.shape[1])
        state = self._encoded(seen, lesson.batch)[self._tensor(lesson.rows), self._tensor(lesson.columns)]
        if lesson.context is not None:
            state = self.network.at(state, self._tensor(lesson.context.astype(np.int64)))
        right = self._tensor(place[n_seen : n_seen + n_targets])
        others = self._tensor(place[n_seen + n_targets :])
        logits = state @ vectors[others].T + biases[others]
        drawn, targets = self._tensor(contenders), self._tensor(lesson.targets)
        logits = logits.masked_fill(targets[:, None] == drawn[None, :], NEVER)
        own = (state * vectors[right]).sum(dim=1) + biases[right]
        each = losses(own, logits, logs[drawn], self.plan.course.contenders)
        weights = torch.as_tensor(lesson.weights, device=self.plan.device)
        return (each * weights).sum(), float(lesson.weights.sum())

    def _encoded(self, vectors: torch.Tensor, batch: Batch) -> torch.Tensor:
        length = batch.items.shape[1] + 1
        apart = self._tensor(offsets(length, self.network.shape.length))
        between = gaps(batch.times)
        if batch.context is not None:
            vectors = self.network.told(vectors, self._tensor(batch.context.astype(np.int64)))
        return self.network.encode(vectors, apart, self._tensor(between), self._tensor(pauses(between)))

    # What has been learned

    def items(self) -> tuple[Floats, Floats]:
        """Give the vectors of all items, float32 [shape=(n_items, width)], and their biases."""
        self.network.eval()
        with torch.no_grad():
            tower = self.network.tower
            vectors, biases = tower(torch.arange(len(tower.bias), device=self.plan.device))
            return vectors.cpu().numpy(), biases.cpu().numpy()

    def encode(self, sequences: Sequences) -> Floats:
        """Give the vectors of listeners, float32 [shape=(n_users, width)]."""
        self.network.eval()
        found = []
        with torch.no_grad():
            whole, width = latest(sequences, self.network.shape.length), self.network.shape.width
            for first in range(0, sequences.n_users, 256):
                batch = whole.take(slice(first, first + 256))
                vectors = self.network.tower(self._tensor(batch.items.ravel()))[0].view(*batch.items.shape, width)
                state = self._encoded(vectors, batch)
                found.append(state[torch.arange(len(state)), self._tensor(batch.lengths)].cpu().numpy())
        return np.concatenate([np.zeros((0, self.network.shape.width), dtype=np.float32), *found])

    # State

    def _tensor(self, array: NDArray[np.integer]) -> torch.Tensor:
        return torch.as_tensor(np.ascontiguousarray(array), device=self.plan.device)

    def weights(self) -> Arrays:
        """Give the network's weights, by the names of its parameters."""
        return {name: tensor.detach().cpu().numpy().copy() for name, tensor in self.network.named_parameters()}

    def _load(self, weights: Arrays) -> None:
        with torch.no_grad():
            for name, tensor in self.network.named_parameters():
                tensor.copy_(torch.as_tensor(weights[name]))

    def _moments(self) -> Arrays:
        state = self._optimiser.state
        found = {}
        for name, tensor in self.network.named_parameters():
            for kind, value in state.get(tensor, {}).items():
                found[f"{kind}/{name}"] = value.detach().cpu().numpy().copy()
        return found

    def _take(self, progress: Progress) -> None:
        self._load(progress.weights)
        for name, tensor in self.network.named_parameters():
            kinds = [key.partition("/")[0] for key in progress.moments if key.partition("/")[2] == name]
            for kind in kinds:
                value = torch.as_tensor(progress.moments[f"{kind}/{name}"], device=self.plan.device)
                self._optimiser.state[tensor][kind] = value.clone()


def _require(device: str) -> None:
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"PyTorch cannot train on the device {device!r} here: {reason}", 'device="cpu" always can'
        ) from None


def losses(own: torch.Tensor, logits: torch.Tensor, logs: torch.Tensor, draws: int) -> torch.Tensor:
    """Give the cross entropy of each target among its contenders, [shape=(n,)].

    Parameters
    ----------
    own : [shape=(n,)]
        Logits of the targets.
    logits : [shape=(n, m)]
        Of the contenders.
    logs : [shape=(m,)]
        Logarithms of each contender's chance to be drawn once.
    draws : int
        How many were drawn; 0 where the contenders are all items.
    """
    if draws:
        # Drawn with known chances: the correction makes the sum over those drawn one over all items.
        logits = logits - _expected(logs, draws)
    return torch.logaddexp(own, torch.logsumexp(logits, dim=1)) - own


def _expected(logs: torch.Tensor, draws: int) -> torch.Tensor:
    """Give the log of the chance to be among so many draws, each item counted once."""
    return torch.log(-torch.expm1(draws * torch.log1p(-torch.exp(logs))))


def _pace(done: float) -> float:
    """Give the share of the step size: it grows, then falls along a cosine."""
    if done < WARMUP:
        return max(done / WARMUP, 0.1)
    return END + (1 - END) * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - WARMUP) / (1 - WARMUP))))


class _seeded:  # noqa: N801  # reads as a word at its place of use
    """Let chance be that of one epoch, whatever came before; leave the process's own as it was."""

    def __init__(self, plan: Plan, epoch: int) -> None:
        devices = [torch.device(plan.device)] if plan.device.startswith("cuda") else []
        self._fork = torch.random.fork_rng(devices=devices)
        self._seed = int(np.random.default_rng([plan.seed, epoch + 1, 1]).integers(2**62))

    def __enter__(self) -> None:
        self._fork.__enter__()
        torch.manual_seed(self._seed)

    def __exit__(self, *error: object) -> None:
        self._fork.__exit__(*error)  # type: ignore[arg-type]
