"""What the engine answers when it is asked why."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Source(Result):
    """What one model says of the item.

    Parameters
    ----------
    name : str
        As ``algorithm=`` takes it.
    about : str
        What it goes by, in words.
    score : float
        Its own, on its own scale.
    rank : int or None
        Where it alone would place the item among those that are open to the listener.
    contribution : float or None
        What it adds to the score; where trees rank (see :class:`Explanation`), to the log odds.
    """

    name: str
    about: str
    score: float
    rank: int | None
    contribution: float | None


@dataclass(frozen=True, slots=True)
class Share(Result):
    """What models that go by the same make of the score together.

    Parameters
    ----------
    about : str
        What they go by, in words.
    models : tuple of str
        Their names.
    share : float in (0, 1]
        Of all that is added to the score.
    """

    about: str
    models: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Factor(Result):
    """What something known of the listener or the item adds, where trees rank.

    Parameters
    ----------
    name : str
    about : str
        In words.
    contribution : float
        To the log odds of a play: the sum of the exact Shapley values of its features.
    """

    name: str
    about: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Listen(Result):
    """A listen of the listener's own that the item rests on.

    Parameters
    ----------
    item_id, title : str
    artist : str or None
    plays : int
        How often it was played; 0 where it was only said to be liked.
    last : str or None
        ISO 8601 date, UTC.
    score_without : float or None
        By the whole ranking asked again as if it had never been played nor liked; None where the item is then left out.
    rank_without : int or None
        The item's rank then.
    """

    item_id: str
    title: str
    artist: str | None
    plays: int
    last: str | None
    score_without: float | None
    rank_without: int | None


@dataclass(frozen=True, slots=True)
class ContextPart(Result):
    """What a part of the context does, found by asking again without it.

    Parameters
    ----------
    part : str
        Such as ``"activity"``; ``"all"`` for all of them together.
    word : str
        In canonical words.
    score_without : float or None
    rank_without : int or None
    """

    part: str
    word: str
    score_without: float | None
    rank_without: int | None


@dataclass(frozen=True, slots=True)
class WishFit(Result):
    """How the item is to something that the request wished for.

    Parameters
    ----------
    wish : str
        ``"genres"`` or ``"energy_level"``.
    wanted : str
        In words.
    has : str or None
        What of it the item has, in words; None where it does not fit, or nothing is known.
    """

    wish: str
    wanted: str
    has: str | None


@dataclass(frozen=True, slots=True)
class Refused(Result):
    """What a listener said that keeps an item out of their lists.

    Parameters
    ----------
    kind : str
        ``block``, ``dislike`` or ``not_now``.
    item_id : str
        Of what it was said, an item or an artist: what ``unblock`` takes.
    """

    kind: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Explanation(Result):
    """Why an item stands where it stands for a listener, at this moment.

    Parameters
    ----------
    user_id, item_id, kind, title : str
    artist : str or None
    algorithm : str
        What ranks new items for this listener.
    source : str
        ``replay`` for what the listener knows, else the algorithm.
    familiar : bool
    score : float or None
        As :class:`~ml.recommendation_engine.results.Recommendation` has it; None where the item is left out.
    rank : int or None
        Among all familiar or all new items, before the dial and the cap on artists.
    n_ranked : int
        How many those are.
    place : int or None
        In the list of ten that the same question gets; None where it is not in it.
    left_out : str or None
        Why it is not ranked.
    capped_by : tuple of str
        Titles of the same artist that keep it out of the list.
    lowered : float in [0, 1)
        What early skips and dislikes take from the score, as a share.
    sources : tuple of Source
    factors : tuple of Factor
        Where trees rank, the strongest first; then the score is 1 + p, and ``begin`` and the contributions add up to
        the log odds of p, before ``lowered`` and the context.
    begin : float or None
    listens : tuple of Listen
        The strongest first.
    context : tuple of ContextPart
    plays : int
        How often the listener played the item itself.
    first, last : str or None
        ISO 8601 dates, UTC.
    rank_as_new : int or None
        Of a familiar item: its rank among new ones had it never been played nor liked.
    summary : tuple of str
        The same in sentences.
    notices : tuple of str
    wishes : tuple of WishFit
    shares : tuple of Share
        What the score is made of: ``sources``, those that go by the same put together; the strongest first.
    refused : Refused or None
        What the listener said that keeps it out, where that is why it is left out.
    """

    user_id: str
    item_id: str
    kind: str
    title: str
    artist: str | None
    algorithm: str
    source: str
    familiar: bool
    score: float | None
    rank: int | None
    n_ranked: int
    place: int | None
    left_out: str | None
    capped_by: tuple[str, ...]
    lowered: float
    sources: tuple[Source, ...]
    factors: tuple[Factor, ...]
    begin: float | None
    listens: tuple[Listen, ...]
    context: tuple[ContextPart, ...]
    plays: int
    first: str | None
    last: str | None
    rank_as_new: int | None
    summary: tuple[str, ...]
    notices: tuple[str, ...] = ()
    wishes: tuple[WishFit, ...] = ()
    shares: tuple[Share, ...] = ()
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Signal(Result):
    """Something that ranks.

    Parameters
    ----------
    name : str
    about : str
        In words.
    share : float in [0, 1]
        Of the weight of all signals of this model, by ``measure`` of :class:`MainParameters`.
    """

    name: str
    about: str
    share: float


@dataclass(frozen=True, slots=True)
class Parameter(Result):
    """A setting in force, or something that was learned.

    Parameters
    ----------
    name : str
    value : bool, int, float or str
    about : str
        What it does, in words.
    """

    name: str
    value: bool | int | float | str
    about: str


@dataclass(frozen=True, slots=True)
class MainParameters(Result):
    """The main parameters of recommendations, and how a listener changes them.

    Parameters
    ----------
    algorithm : str
        What answers now.
    models : str
        Version of the set of models.
    measure : str
        ``"gain"``: what each signal took from the loss when the trees were grown; ``"weight"``: of the blend, whose
        members speak on one scale; ``"alone"``: one model ranks.
    signals : tuple of Signal
        The most important first.
    parameters : tuple of Parameter
    controls : tuple of Parameter
        What a listener can do, ``value`` being how.
    text : tuple of str
        The statement in sentences.
    notices : tuple of str
    """

    algorithm: str
    models: str
    measure: str
    signals: tuple[Signal, ...]
    parameters: tuple[Parameter, ...]
    controls: tuple[Parameter, ...]
    text: tuple[str, ...]
    notices: tuple[str, ...] = ()
