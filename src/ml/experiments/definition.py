"""What an experiment is: written once, never changed after it was made.

Conventions
-----------
The first variant is the *control*: what the others are compared with. A variant's parameters are a mapping that the
surface understands; an empty one changes nothing. Exactly one metric decides; guardrails may stop; others are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ml.experiments.counted import COUNTED
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.results import Result

#: Where recommendations ask for their variant.
RECOMMENDATIONS = "recommendations"
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

    def __post_init__(self) -> None:
        names = [variant.name for variant in self.variants]
        if len(set(names)) < len(names):
            raise ValueError(f"two variants have one name: {', '.join(names)}")
        metrics = [metric.name for metric in self.metrics]
        if len(set(metrics)) < len(metrics):
            raise ValueError(f"a metric is named twice: {', '.join(metrics)}")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Read a definition; metrics may be given by their names alone.

        Raises
        ------
        BadInput
            Naming the field and what is wrong with it.
        """
        try:
            found: Self = TypeAdapter(cls).validate_python(_written_out(given))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the definition"
            raise BadInput(
                f"{where}: {first['msg'].removeprefix('Value error, ')}", "see docs/experiments.md"
            ) from None
        return found

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
