"""What an experiment is: written once, never changed after it was made.

Conventions
-----------
The first variant is the *control*: what the others are compared with. A variant's parameters are a mapping that the
surface understands; an empty one changes nothing. Exactly one metric decides; guardrails may stop; others are told.

=============  ======================================================================================================
design         who is given what
=============  ======================================================================================================
split          each listener one variant, by the weights
interleaved    each listener both of two rankings in one list; what the metric counts is for the ranking that an item is
               from (:mod:`ml.experiments.interleaving`)
bandit         each listener one variant, the more often the more it has earned (:mod:`ml.experiments.allocation`)
=============  ======================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ml.experiments.counted import COUNTED, CREDITED
from ml.experiments.mistakes import in_words
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.results import Result

#: Where recommendations ask for their variant.
RECOMMENDATIONS = "recommendations"
Design = Literal["split", "interleaved", "bandit"]
SPLIT: Final = "split"
INTERLEAVED: Final = "interleaved"
BANDIT: Final = "bandit"
#: Of a bandit that does not say how much it explores.
EXPLORATION = 0.1
_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w.-]+$")]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Variant(Result):
    """One of the things that are compared.

    Parameters
    ----------
    name : str
    parameters : dict
        Such as ``{"algorithm": "ease"}``.
    weight : float > 0
        Its share of the listeners, relative to the others.
    """

    name: Name
    parameters: dict[str, Any] = field(default_factory=dict)
    weight: Annotated[float, Field(gt=0, le=1_000)] = 1.0


@dataclass(frozen=True, slots=True, config=_STRICT)
class Targeting(Result):
    """Who can be in: all conditions hold, when a listener first meets the experiment.

    Parameters
    ----------
    countries : tuple of str
        None named is all of them, also unknown ones.
    min_listens, max_listens : int
        Plays so far, totals without dates counted in.
    """

    countries: tuple[str, ...] = ()
    min_listens: Annotated[int, Field(ge=0)] = 0
    max_listens: Annotated[int, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Metric(Result):
    """A number of each listener within the window after their exposure; 0 where nothing is counted.

    Parameters
    ----------
    name : str
        Of :data:`ml.experiments.counted.COUNTED`, or a new one with its SELECT.
    sql : str, optional
        See :mod:`ml.experiments.sql`.
    good : str
        ``"up"`` or ``"down"``; left out, that of the known metric.
    """

    name: Name
    sql: str | None = None
    good: Literal["up", "down"] | None = None

    def __post_init__(self) -> None:
        if self.sql is None and self.name not in COUNTED:
            raise ValueError(f"no metric {self.name!r}: give its sql, or {did_you_mean(self.name, COUNTED)}")
        if self.sql is not None and self.name in COUNTED:
            raise ValueError(f"{self.name!r} is a known metric: call yours otherwise")

    @property
    def statement(self) -> str:
        """The SELECT that counts it."""
        return COUNTED[self.name].sql if self.sql is None else self.sql

    @property
    def rises(self) -> bool:
        """Whether more of it is better."""
        if self.good is not None:
            return self.good == "up"
        return self.name not in COUNTED or COUNTED[self.name].good == "up"


@dataclass(frozen=True, slots=True, config=_STRICT)
class Guardrail(Result):
    """A metric that must not get worse.

    Parameters
    ----------
    metric : Metric
    tolerance : float in [0, 1]
        How much worse, as a share of the control's mean, is still borne.
    """

    metric: Metric
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.0


@dataclass(frozen=True, slots=True, config=_STRICT)
class Definition(Result):
    """An experiment, as it is planned.

    Parameters
    ----------
    name : str
    variants : tuple of Variant
        Two to ten; the first is the control.
    metric : Metric
        What decides.
    guardrails : tuple of Guardrail
    others : tuple of Metric
        Told, and of no consequence.
    targeting : Targeting
    layer : str
        Experiments of one layer never share a listener.
    surface : str
        Who asks for the variant.
    window_days : float > 0
        How long after their exposure a listener counts; they have a say when it is over.
    planned_listeners : int
        In all variants; where the intervals are about the narrowest that they can be. No more than a plan.
    min_effect : float in (0, 1]
        The smallest change worth knowing, as a share of the control's mean.
    alpha : float in (0, 0.5]
        Of calling something a difference that is none, over the whole life of the experiment.
    salt : str
        Of the draw of variants; the name where none is given.
    description : str
    design : str
        ``"split"``, ``"interleaved"`` or ``"bandit"``.
    full_reward : float > 0, optional
        Of a bandit, which has to have it: the value of the metric that earns a whole reward; less earns its share,
        more no more.
    exploration : float in (0, 1]
        Of a bandit: share of the draws that are even, so that every variant goes on being tried; :data:`EXPLORATION`
        where none is given.
    """

    name: Name
    variants: Annotated[tuple[Variant, ...], Field(min_length=2, max_length=10)]
    metric: Metric
    guardrails: tuple[Guardrail, ...] = ()
    others: tuple[Metric, ...] = ()
    targeting: Targeting = field(default_factory=Targeting)
    layer: Name = "default"
    surface: Name = RECOMMENDATIONS
    window_days: Annotated[float, Field(gt=0, le=365)] = 7.0
    planned_listeners: Annotated[int, Field(ge=200)] = 10_000
    min_effect: Annotated[float, Field(gt=0, le=1)] = 0.02
    alpha: Annotated[float, Field(gt=0, le=0.5)] = 0.05
    salt: str = ""
    description: str = ""
    design: Design = SPLIT
    full_reward: Annotated[float, Field(gt=0)] | None = None
    exploration: Annotated[float, Field(gt=0, le=1)] | None = None

    def __post_init__(self) -> None:
        names = [variant.name for variant in self.variants]
        if len(set(names)) < len(names):
            raise ValueError(f"two variants have one name: {', '.join(names)}")
        metrics = [metric.name for metric in self.metrics]
        if len(set(metrics)) < len(metrics):
            raise ValueError(f"a metric is named twice: {', '.join(metrics)}")
        if self.design == INTERLEAVED:
            self._check_interleaved()
        elif self.design == BANDIT:
            self._check_bandit()
        for name in ("full_reward", "exploration"):
            if self.design != BANDIT and getattr(self, name) is not None:
                raise ValueError(f"{name} says nothing where the design is {self.design}: leave it out")
        if self.design != SPLIT and len({variant.weight for variant in self.variants}) > 1:
            raise ValueError(f"weights say nothing where the design is {self.design}: leave them out")

    def _check_interleaved(self) -> None:
        if self.guardrails:
            raise ValueError("a guardrail compares listeners, and interleaved ones all get the same kind of list")
        if len(self.variants) != 2:
            raise ValueError(f"two rankings are interleaved, not {len(self.variants)}: give two variants")
        if self.variants[0].parameters == self.variants[1].parameters:
            raise ValueError("both variants have the same parameters: there would be nothing to tell apart")
        for metric in self.metrics:
            if metric.sql is not None or metric.name not in CREDITED:
                allowed = ", ".join(CREDITED)
                raise ValueError(f"{metric.name!r} cannot be credited to one of two rankings: take one of {allowed}")

    def _check_bandit(self) -> None:
        if self.guardrails or self.others:
            raise ValueError("a bandit follows one metric: leave guardrails and others out, or take the design split")
        if self.full_reward is None:
            raise ValueError(f"full_reward has to be given: how many {self.metric.name} earn a whole reward?")
        if self.exploration is None:
            object.__setattr__(self, "exploration", EXPLORATION)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Read a definition; metrics may be given by their names alone.

        Raises
        ------
        BadInput
            Naming the field and what is wrong with it.
        """
        if not isinstance(given, Mapping):
            raise BadInput(f"{given!r} is no definition", "give names and values, as docs/experiments.md shows")
        if given.get("metric") is None:
            own = "or a name and SQL of your own, in a file (docs/experiments.md)"
            raise BadInput(
                "metric has to be given: what decides?",
                f"--metric {' | '.join(COUNTED)}, {own}",
                code="experiment_no_metric",
            )
        try:
            found: Self = TypeAdapter(cls).validate_python(_written_out(given))
        except ValidationError as error:
            raise in_words(error, cls) from None
        return found

    @property
    def window(self) -> str:
        """How long after the exposure is counted, in words."""
        return f"{self.window_days:g} {'day' if self.window_days == 1 else 'days'}"

    @property
    def control(self) -> Variant:
        """What the others are compared with."""
        return self.variants[0]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All of them: what decides, guardrails, others."""
        return (self.metric, *(each.metric for each in self.guardrails), *self.others)

    @property
    def parameters(self) -> frozenset[str]:
        """Names of what any variant sets."""
        return frozenset(name for variant in self.variants for name in variant.parameters)

    @property
    def draw(self) -> str:
        """The salt of the draw of variants."""
        return self.salt or self.name

    def variant(self, name: str) -> Variant:
        """Give a variant by its name."""
        return next(variant for variant in self.variants if variant.name == name)


def _written_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn names of metrics into metrics."""
    found = dict(given)
    if "metric" in found:
        found["metric"] = _metric(found["metric"])
    if isinstance(found.get("others"), list | tuple):
        found["others"] = [_metric(each) for each in found["others"]]
    if isinstance(found.get("guardrails"), list | tuple):
        found["guardrails"] = [_guardrail(each) for each in found["guardrails"]]
    return found


def _metric(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


def _guardrail(given: Any) -> Any:
    if isinstance(given, Mapping) and "metric" in given:
        return {**given, "metric": _metric(given["metric"])}
    return {"metric": _metric(given)}
