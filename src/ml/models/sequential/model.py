"""What comes next, foretold from the order of what came before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ml.foundation.extras import extra
from ml.foundation.progress import OnStep, unwatched
from ml.models.base import Arrays, TrainingData, config_of, require_fitted
from ml.models.plays import Floats, Indices, Plays
from ml.models.replay import Replay
from ml.models.sequential import graph, validation
from ml.models.sequential.beginning import Beginning
from ml.models.sequential.content import Content
from ml.models.sequential.context_tokens import N_TOKENS, tokens_asked
from ml.models.sequential.lessons import Course
from ml.models.sequential.progress import Progress
from ml.models.sequential.sequences import Sequences
from ml.models.sequential.serving import Encoder

if TYPE_CHECKING:
    from ml.models.sequential.learning import Learner, Plan

#: Large data need no more epochs, and small data no more steps.
EPOCHS, STEPS = 8, 640
#: Weight of replay where there is too little to choose it by, in units of a logit; what the demo world's choice is.
REPLAY = 8.0


@dataclass
class Sequential:
    r"""Score an item by the product of its vector and that of a history, which a transformer has read.

    .. math:: s_{ui} = \frac{1}{d} \bigl(h_u^\top v_i + b_i + w\, r_{ui}\bigr)

    The history vector :math:`h_u` comes from causal self-attention over the last plays, replays included, with what is
    added for the number of plays and for the time between any two (as in HSTU), in layers that normalise first. It
    starts from a learned beginning, so that a listener without history gets what most listeners begin with. The item
    vector :math:`v_i` is an own one plus what tags and artist tell; in training some items lose their own one, so
    that the content learns to stand in for it (*id-dropout*): an item nobody has heard has a vector at once.

    Trained by cross entropy over the items, or over a sample of them with the correction for its chances, to tell what
    comes next among the following plays. Skips are left out. Training stops when NDCG@10 on the last plays
    of some listeners no longer gets better.

    Replay :math:`r_{ui}` is :class:`~ml.models.replay.Replay` with a weight chosen on that same part by the next
    listen. It is zero for what was never heard, so the order of discoveries is the transformer's alone.

    PyTorch trains; the encoder is kept as an ONNX graph, and answering needs onnxruntime only.

    Parameters
    ----------
    embedding_dim : int >= 1
        Width d of all vectors; a multiple of ``heads``.
    layers, heads : int >= 1
    length : int >= 1
        Plays that are looked at, the last ones.
    epochs : int >= 0
        At most; :data:`EPOCHS` or fewer, as soon as they have :data:`STEPS` steps.
    patience : int >= 1
        Epochs without a better one, after which training ends.
    learning_rate : float > 0
        Of AdamW, at its highest: it grows at first and falls at the end.
    batch_size : int >= 1
        Stretches of histories of one step, at most; small data take smaller steps, the square root of the number of
        stretches.
    gradient_accumulation_steps : int >= 1
        Steps gathered before the weights move.
    dropout, id_dropout : float in [0, 1)
    horizon : int >= 1
        What is to be foretold at a place is drawn among the next so many plays.
    repeats : float >= 0
        Weight of what was heard before, as something to foretell.
    contenders : int >= 0
        Items drawn for each step, that what came next is told from; 0, or as many as there are, is all that were heard.
    context_tokens : bool
        Whether plays are read with the context that they were heard in (part of the day, weekend, device, activity),
        and a listener with the one that is asked for.
    device : str
        Where PyTorch trains: ``cpu``, ``cuda`` or ``cuda:1``.

    References
    ----------
    Kang and McAuley, "Self-attentive sequential recommendation", ICDM 2018, arXiv 1808.09781.
    Zhai et al., "Actions speak louder than words: trillion-parameter sequential transducers for
    generative recommendations", ICML 2024, arXiv 2402.17152.
    Tran et al., "Transformers meet ACT-R: repeat-aware and sequential listening session
    recommendation", RecSys 2024, arXiv 2408.16578.
    Klenitskiy and Vasilev, "Turning dross into gold loss: is BERT4Rec really better than SASRec?",
    RecSys 2023, arXiv 2309.07602.

    Examples
    --------
    Whoever heard 0 hears 1 next, and after 2 comes 3.

    >>> from scipy.sparse import csr_matrix
    >>> indptr, items = np.arange(0, 41, 2), np.array([0, 1, 2, 3] * 10, np.int32)
    >>> plays = Plays(indptr, items, np.ones(40, np.float32), np.arange(40) * 60_000, n_items=4)
    >>> data = TrainingData(plays, csr_matrix((4, 0), dtype=np.float32), np.full(4, -1, np.int32))
    >>> model = Sequential(embedding_dim=8, horizon=1).fit(data, rng=np.random.default_rng(0))
    >>> history = Plays(np.array([0, 1, 2]), np.array([0, 2], np.int32), np.ones(2, np.float32), np.zeros(2, int), 4)
    >>> scores = model.score(history)
    >>> bool(scores[0, 1] > scores[0, 3]), bool(scores[1, 3] > scores[1, 1])
    (True, True)
    """

    embedding_dim: int = 128
    layers: int = 1
    heads: int = 2
    length: int = 50
    epochs: int = 30
    patience: int = 3
    learning_rate: float = 0.001
    batch_size: int = 512
    gradient_accumulation_steps: int = 1
    dropout: float = 0.2
    id_dropout: float = 0.1
    horizon: int = 20
    repeats: float = 0.1
    contenders: int = 512
    context_tokens: bool = False
    device: str = "cpu"
    name: ClassVar[str] = "sequential"
    n_items: int | None = field(default=None, init=False, repr=False)
    item_vectors: Floats | None = field(default=None, init=False, repr=False)
    item_biases: Floats | None = field(default=None, init=False, repr=False)
    context_vectors: Floats | None = field(default=None, init=False, repr=False)
    asked_vectors: Floats | None = field(default=None, init=False, repr=False)
    replay_weight: float = field(default=REPLAY, init=False, repr=False)
    encoder_graph: NDArray[np.uint8] | None = field(default=None, init=False, repr=False)
    _encode: Encoder | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.embedding_dim % self.heads:
            raise ValueError(f"embedding_dim is {self.embedding_dim}, which {self.heads} heads cannot share evenly")

    def fit(
        self,
        data: TrainingData,
        *,
        rng: np.random.Generator,
        on_step: OnStep = unwatched,
        checkpoint: Path | None = None,
    ) -> Self:
        """Train, an epoch at a time.

        Parameters
        ----------
        data : TrainingData
            Where something was put aside, training stops by it; else the model puts its own part aside.
        rng : numpy.random.Generator
        on_step : callable
            Told after each epoch how it went.
        checkpoint : Path, optional
            Folder that remembers each epoch: a training that was killed goes on there, and comes out as if it had
            not been. What it holds is removed at the end; another training's is not gone on with.

        Raises
        ------
        ml.foundation.errors.MissingExtra
            If PyTorch or onnx is not installed.
        ml.foundation.errors.BadInput
            If the device is none that PyTorch has.
        """
        with extra("deep"):
            import torch  # noqa: F401  # the message of a missing library is ours
        from ml.models.sequential import checkpoint as saved

        seed = int(rng.integers(2**62))
        sequences = Sequences.of(data.plays, rng=rng, context=self.context_tokens)
        aside = None
        if data.held_out is not None:
            aside = validation.given(sequences, data.held_out, data.n_items, data.plays.now)
        else:
            rest, aside = validation.put_aside(sequences, data.n_items, rng=rng)
            sequences = rest if aside.is_enough else sequences
        judged = aside if aside.is_enough else None
        learner = self._learner(data, sequences, seed)
        progress, keep = Progress(), None
        if checkpoint is not None:
            training = saved.training_id(data, config_of(self), seed)
            progress, keep = saved.load(checkpoint, training), _keeper(checkpoint, training)
        if len(sequences.items):
            judge = judged.judge if judged else None
            learner.learn(sequences.shuffled, data.n_items, progress, judge=judge, keep=keep, on_step=on_step)
        self._hold(learner, judged, data)
        if checkpoint is not None:
            saved.remove(checkpoint)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`.

        Raises
        ------
        ml.foundation.errors.MissingExtra
            If onnxruntime is not installed.
        """
        require_fitted(self, history)
        assert self.item_vectors is not None
        assert self.item_biases is not None
        vectors, biases = self.item_vectors, self.item_biases
        if items is not None:
            vectors, biases = vectors[items], biases[items]
        # Divided, so that rounding is small beside any other model's scores; the order is the same.
        shrunk = np.float32(1 / self.embedding_dim)
        scores: Floats = (self.vectors(history) * shrunk) @ vectors.T + biases * shrunk
        if self.replay_weight:
            replayed = validation.of_the_best(self._replay().score(history))
            scores += (replayed if items is None else replayed[:, items]) * (np.float32(self.replay_weight) * shrunk)
        return scores

    def vectors(self, history: Plays) -> Floats:
        """Give the vectors of histories, float32 [shape=(n_users, embedding_dim)].

        Raises
        ------
        ml.foundation.errors.NotTrained
            Before :meth:`fit`.
        """
        require_fitted(self, history)
        if self._encode is None:
            assert self.encoder_graph is not None
            assert self.item_vectors is not None
            self._encode = Encoder(self.encoder_graph, self.item_vectors, self.length, self.context_vectors)
        found = self._encode(Sequences.of(history, context=self.context_tokens))
        if self.asked_vectors is not None and history.asking is not None:
            found += self.asked_vectors[tokens_asked(history)].sum(axis=1)
        return found

    def arrays(self) -> Arrays:
        """Give item vectors and biases, the weight of replay, and the encoder as the bytes of an ONNX graph."""
        if self.item_vectors is None or self.item_biases is None or self.encoder_graph is None:
            return {}
        found: Arrays = {
            "item_vectors": self.item_vectors,
            "item_biases": self.item_biases,
            "replay_most": np.array(self.replay_weight),
            "encoder": self.encoder_graph,
        }
        if self.context_vectors is not None and self.asked_vectors is not None:
            found |= {"context_vectors": self.context_vectors, "asked_vectors": self.asked_vectors}
        return found

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.item_vectors, self.item_biases = arrays["item_vectors"], arrays["item_biases"]
        self.replay_weight = float(arrays["replay_most"])
        self.encoder_graph = arrays["encoder"]
        self.context_vectors, self.asked_vectors = arrays.get("context_vectors"), arrays.get("asked_vectors")
        self.n_items, self._encode = len(self.item_vectors), None
        return self

    def _hold(self, learner: Learner, aside: validation.Validation | None, data: TrainingData) -> None:
        vectors, biases = learner.items()
        replay = Replay().fit(data, rng=np.random.default_rng(0))
        weight = aside.weigh_replay(vectors, biases, learner.encode, replay) if aside is not None else REPLAY
        weights = learner.weights()
        encoder = graph.encoder(weights, layers=self.layers, heads=self.heads)
        arrays: Arrays = {"item_vectors": vectors, "item_biases": biases, "encoder": encoder}
        if self.context_tokens:
            arrays |= {"context_vectors": weights["context"], "asked_vectors": weights["asked"]}
        self.restore(arrays | {"replay_most": np.array(weight)})

    def _replay(self) -> Replay:
        assert self.n_items is not None
        return Replay().restore({"n_items": np.array(self.n_items)})

    def _learner(self, data: TrainingData, sequences: Sequences, seed: int) -> Learner:
        from ml.models.sequential.learning import Learner

        content = Content.of(data)
        return Learner.new(
            content=content,
            heard=np.bincount(sequences.items, minlength=data.n_items) > 0,
            layers=self.layers,
            heads=self.heads,
            dropouts=(self.dropout, self.id_dropout),
            width=self.embedding_dim,
            n_tokens=N_TOKENS if self.context_tokens else 0,
            plan=self._plan(sequences, data.n_items, seed),
            beginning=Beginning.of(sequences, content, self.embedding_dim, rng=np.random.default_rng(seed)),
        )

    def _plan(self, sequences: Sequences, n_items: int, seed: int) -> Plan:
        from ml.models.sequential.learning import Plan

        stretches = int((-(-sequences.lengths // (self.length + 1))).sum())
        course = Course(
            length=self.length,
            batch_size=min(self.batch_size, max(1, round(stretches**0.5))),
            horizon=self.horizon,
            repeats=self.repeats,
            contenders=self.contenders if self.contenders < n_items else 0,
        )
        return Plan(
            course=course,
            epochs=min(self.epochs, max(EPOCHS, -(-STEPS // course.steps(sequences)))),
            patience=self.patience,
            learning_rate=self.learning_rate,
            accumulation=self.gradient_accumulation_steps,
            device=self.device,
            seed=seed,
        )


def _keeper(folder: Path, training: str) -> Callable[[Any], None]:
    from ml.models.sequential import checkpoint

    return lambda progress: checkpoint.save(folder, training, progress)
