"""The network, in PyTorch; imported for training only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ml.models.sequential.beginning import Beginning
from ml.models.sequential.sequences import GAPS

#: A logit that no softmax notices any more: of what has not happened yet.
NEVER = -1e4
#: How a network begins: what each play back counts less; how much the attended counts beside the last play; how large
#: logits are; and the size of weights that have nothing to say yet.
DECAY, ATTENDED, HEAT, QUIET = 0.95, 10.0, 0.3, 0.1
#: Share of the plays to be foretold in training whose context is known.
TOLD = 0.5


@dataclass(frozen=True)
class Shape:
    """How large a network is."""

    n_items: int
    n_artists: int
    n_tags: int
    width: int
    layers: int
    heads: int
    length: int
    dropout: float
    id_dropout: float
    n_tokens: int = 0


class Tower(nn.Module):
    """Vectors of items: an own one, plus one from the content."""

    item_tags: Tensor
    item_artists: Tensor
    heard: Tensor

    def __init__(self, shape: Shape, tags: Tensor, artists: Tensor, heard: Tensor) -> None:
        super().__init__()
        self.id_dropout = shape.id_dropout
        self.ids = nn.Parameter(torch.randn(shape.n_items, shape.width) / math.sqrt(shape.width))
        # The last row is of an unknown artist, and stays zero.
        self.artists = nn.Parameter(torch.randn(shape.n_artists + 1, shape.width) / math.sqrt(shape.width))
        self.tags = nn.Parameter(torch.randn(shape.n_tags, shape.width) / math.sqrt(shape.width))
        self.bias = nn.Parameter(torch.zeros(shape.n_items))
        self.register_buffer("item_tags", tags, persistent=False)
        self.register_buffer("item_artists", artists, persistent=False)
        self.register_buffer("heard", heard, persistent=False)

    def content(self, items: Tensor) -> Tensor:
        """Give the vectors that speak of tags and artist, [shape=(n, width)]."""
        artists = self.item_artists[items]
        known = (artists < len(self.artists) - 1).to(self.artists.dtype)[:, None]
        return self.item_tags[items] @ self.tags + nn.functional.embedding(artists, self.artists) * known

    def forward(self, items: Tensor) -> tuple[Tensor, Tensor]:
        """Give the vectors of items, [shape=(n, width)], and their biases, [shape=(n,)].

        Items that nobody has heard have content only; in training others lose what is their own, now and then.
        """
        own = self.heard[items]
        if self.training and self.id_dropout:
            own = own * (torch.rand(len(items), device=own.device) >= self.id_dropout)
        vectors = nn.functional.embedding(items, self.ids) * own[:, None] + self.content(items)
        return vectors, self.bias[items] * own


class Layer(nn.Module):
    """Attention that looks back, and a step of each place on its own; both normalised first."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = shape.dropout
        self.before_attention = nn.LayerNorm(shape.width)
        self.inward = nn.Linear(shape.width, 3 * shape.width)
        self.outward = nn.Linear(shape.width, shape.width)
        self.before_step = nn.LayerNorm(shape.width)
        self.wide = nn.Linear(shape.width, shape.width)
        self.narrow = nn.Linear(shape.width, shape.width)
        self._begin(shape.width)

    def _begin(self, width: int) -> None:
        """Let the attended be the mean of what was played, as it is; the step adds little."""
        with torch.no_grad():
            self.inward.weight[:width] *= QUIET
            self.inward.weight[2 * width :] = torch.eye(width)
            self.outward.weight.copy_(torch.eye(width) * ATTENDED)
            self.narrow.weight *= QUIET
            for part in (self.inward, self.outward, self.narrow):
                part.bias.zero_()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Transform [shape=(n, length, width)]; the bias of attention is [shape=(n, heads, length, length)]."""
        x = x + self._dropped(self._attended(x, bias))
        step = self.narrow(nn.functional.relu(self.wide(self.before_step(x))))
        return x + self._dropped(step)

    def _attended(self, x: Tensor, bias: Tensor) -> Tensor:
        n, length, width = x.shape
        each = width // self.heads
        parts = self.inward(self.before_attention(x)).view(n, length, 3, self.heads, each)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        attention = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(each) + bias, dim=3)
        attended: Tensor = self.outward((attention @ value).transpose(1, 2).reshape(n, length, width))
        return attended

    def _dropped(self, x: Tensor) -> Tensor:
        return nn.functional.dropout(x, self.dropout, self.training)


class Network(nn.Module):
    """What turns a history into a vector, and items into theirs."""

    def __init__(self, shape: Shape, tags: Tensor, artists: Tensor, heard: Tensor) -> None:
        super().__init__()
        self.shape = shape
        self.tower = Tower(shape, tags, artists, heard)
        self.start = nn.Parameter(torch.randn(shape.width) / math.sqrt(shape.width) * QUIET)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(shape.width)
        nn.init.constant_(self.last.weight, HEAT)
        # How much the places and the time between two plays count, for the heads of all layers at once.
        back = math.log(DECAY) * torch.arange(shape.length + 1)
        self.offsets = nn.Parameter(back[:, None].repeat(1, shape.layers * shape.heads))
        self.gaps = nn.Parameter(torch.zeros(GAPS, shape.layers * shape.heads))
        self.pauses = nn.Parameter(torch.zeros(GAPS, shape.width))
        # What is added to a play for the context that it was heard in, and to a listener for the one asked for.
        self.context = nn.Parameter(torch.zeros(shape.n_tokens, shape.width))
        self.asked = nn.Parameter(torch.zeros(shape.n_tokens, shape.width))

    def begin(self, beginning: Beginning) -> None:
        """Take the vectors to begin with."""
        tower = self.tower
        with torch.no_grad():
            for mine, given in (
                (tower.ids, beginning.ids),
                (tower.tags, beginning.tags),
                (tower.artists, beginning.artists),
                (self.start, beginning.start * np.float32(QUIET)),
            ):
                mine.copy_(torch.as_tensor(given))

    def encode(self, vectors: Tensor, offsets: Tensor, gaps: Tensor, pauses: Tensor) -> Tensor:
        """Tell, after the start and after each play, what is to come.

        Parameters
        ----------
        vectors : float32 [shape=(n, length, width)]
            Of the items played.
        offsets : int64 [shape=(length + 1, length + 1)]
        gaps : int64 [shape=(n, length + 1, length + 1)]
        pauses : int64 [shape=(n, length + 1)]

        Returns
        -------
        float32 [shape=(n, length + 1, width)]
        """
        start = self.start.expand(len(vectors), 1, -1)
        x = torch.cat([start, vectors], dim=1) * math.sqrt(self.shape.width)
        x = x + nn.functional.embedding(pauses, self.pauses)
        x = nn.functional.dropout(x, self.shape.dropout, self.training)
        for layer, bias in zip(self.layers, self._biases(offsets, gaps), strict=True):
            x = layer(x, bias)
        normal: Tensor = self.last(x)
        return normal

    def told(self, vectors: Tensor, context: Tensor) -> Tensor:
        """Add to the vectors of plays what their contexts say, [shape=(n, length, width)]."""
        return vectors + nn.functional.embedding(context, self.context, padding_idx=0).sum(dim=2)

    def at(self, states: Tensor, context: Tensor) -> Tensor:
        """Add to what is to come what the context of it says, [shape=(n, width)]; in training it is often not known."""
        known = torch.rand(len(context), 1, device=states.device) < TOLD
        return states + nn.functional.embedding(context, self.asked, padding_idx=0).sum(dim=1) * known

    def _biases(self, offsets: Tensor, gaps: Tensor) -> tuple[Tensor, ...]:
        never = torch.full((1, self.offsets.shape[1]), NEVER, device=self.offsets.device)
        places = nn.functional.embedding(offsets, torch.cat([self.offsets, never]))
        biases = (places + nn.functional.embedding(gaps, self.gaps)).permute(0, 3, 1, 2)
        return biases.chunk(self.shape.layers, dim=1)
