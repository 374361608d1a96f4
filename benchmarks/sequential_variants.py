"""Parts of other transformers, put in the place of ours for a trial: a loss, and layers with gates.

They are no part of the package: what they are worth beside its own parts is measured by
``make bench BENCH_ARGS=sequential_choices``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

#: How far gBCE undoes what sampling does to the scores: 0 is plain binary cross entropy, 1 undoes all.
CALIBRATION = 0.75


@contextmanager
def gbce(n_items: int) -> Iterator[None]:
    """Learn by generalised binary cross entropy, contenders drawn evenly.

    Petrov and Macdonald, "gSASRec: reducing overconfidence in sequential recommendation trained with negative
    sampling", RecSys 2023, arXiv 2308.07192.
    """
    from torch.nn.functional import softplus

    from ml.models.sequential import learning, lessons

    def losses(own: Any, logits: Any, _: Any, draws: int) -> Any:
        share = (draws or n_items) / n_items
        power = share * (CALIBRATION * (1 - 1 / share) + 1 / share)
        return power * softplus(-own) + softplus(logits).sum(dim=1)

    with changed(learning, {"losses": losses}), changed(lessons, {"CHANCE": 0.0}):
        yield


@contextmanager
def gated(_: int) -> Iterator[None]:
    """Let a gate say how much of what is attended and of each step is added, and the step be a SwiGLU, as in LiGR.

    Borisyuk et al., "From features to transformers: redefining ranking for scalable impact", arXiv 2502.03417.
    """
    import torch
    from torch import nn

    from ml.models.sequential import model, network

    class Gated(network.Layer):
        def __init__(self, shape: network.Shape) -> None:
            super().__init__(shape)
            self.up = nn.Linear(shape.width, shape.width)
            self.gates = nn.ModuleList(nn.Linear(shape.width, shape.width) for _ in range(2))
            for gate in self.gates:
                # Open at the beginning: what the layer begins as stays.
                nn.init.zeros_(gate.weight)
                nn.init.constant_(gate.bias, 4.0)

        def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
            attended = super()._attended(x, bias)
            x = x + self._dropped(torch.sigmoid(self.gates[0](x)) * attended)
            normal = self.before_step(x)
            step = self.narrow(nn.functional.silu(self.wide(normal)) * self.up(normal))
            return x + self._dropped(torch.sigmoid(self.gates[1](x)) * step)

    def hold(self: Any, learner: Any, aside: Any, data: Any) -> None:
        held(self, learner, aside, data)
        # The graph that is written knows no gates: PyTorch answers.
        self._encode = learner.encode

    held = model.Sequential._hold  # noqa: SLF001
    with changed(network, {"Layer": Gated}), changed(model.Sequential, {"_hold": hold}):
        yield


@contextmanager
def plain(_: int) -> Iterator[None]:
    """Draw all weights at random, and let all move as fast."""
    from ml.models.sequential import learning, network

    with (
        changed(network.Network, {"begin": lambda *_: None}),
        changed(network.Layer, {"_begin": lambda *_: None}),
        changed(learning, {"OWN_PACE": 1.0}),
    ):
        yield


#: Ways to change the model, by name; each takes the number of items.
VARIANTS: Mapping[str, Callable[[int], Any]] = {"plain": plain, "gbce": gbce, "gated": gated}


@contextmanager
def changed(place: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """Let attributes of a module or class be others, for a while."""
    before = {name: getattr(place, name) for name in values}
    for name, value in values.items():
        setattr(place, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(place, name, value)
