"""From numbers to a sentence: what should be done now.

Conventions
-----------
Asked in this order, the first that holds decides:

1. listeners did not come in as planned: nothing else can be trusted;
2. a guardrail is broken: its interval lies wholly beyond what is tolerated;
3. some variant is better: its interval lies wholly on the good side;
4. every variant is worse;
5. every variant's interval lies within the smallest effect worth knowing;
6. keep running, or, where it was stopped: it ended too soon.

All of it may be asked every day: the intervals are always valid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ml.experiments.counts import MISMATCH
from ml.experiments.definition import Definition, Metric
from ml.experiments.sequential import FEWEST
from ml.foundation.results import Result

DECIDES, GUARDRAIL, TOLD = "decides", "guardrail", "told"
#: How a variant stands in a metric.
BETTER, WORSE, ALIKE, UNCLEAR = "better", "worse", "no difference that matters", "unclear"


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """A variant against the control in one metric.

    Parameters
    ----------
    metric : str
    role : str
        ``"decides"``, ``"guardrail"`` or ``"told"``.
    good : str
        ``"up"`` or ``"down"``.
    variant, control : str
    n_variant, n_control : int
        Listeners whose window is over.
    control_mean : float or None
        None where nobody of the control is counted.
    difference : float or None
        None where nobody of the variant, or of the control, is counted.
    low, high : float
        Ends of an interval of the confidence sequence; infinite before there is anything to say.
    relative, relative_low, relative_high : float or None
        The same as shares of the control's mean; None where that is 0.
    level : float
        Of the interval, over the whole life of the experiment.
    p_value : float
        Always valid.
    variance_removed : float in [0, 1]
        By CUPED.
    stands : str
        ``"better"``, ``"worse"``, ``"no difference that matters"`` or ``"unclear"``; of a guardrail ``"broken"`` or
        ``"held"``, the latter also while that is unclear.
    """

    metric: str
    role: str
    good: str
    variant: str
    control: str
    n_variant: int
    n_control: int
    control_mean: float | None
    difference: float | None
    low: float
    high: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    level: float
    p_value: float
    variance_removed: float
    stands: str


@dataclass(frozen=True, slots=True)
class Reason(Result):
    """Why something should be done, for whoever says it in other words.

    Parameters
    ----------
    code : str
        ``mismatch``, ``guardrail``, ``change``, ``alike``, ``soon``, ``few``, ``same``, ``may``, ``preferred``,
        ``unvoiced`` or ``chance``.
    values : mapping of str to str, float or bool
        What it speaks of: variants, a metric, and numbers, where ``relative`` says whether they are shares.
    """

    code: str
    values: Mapping[str, str | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision(Result):
    """What should be done.

    Parameters
    ----------
    do : str
        ``"distrust"``, ``"stop"``, ``"ship"`` or ``"continue"``.
    variant : str or None
        What should be shipped: of those that are better, the one with the largest difference; the control, where
        no variant can be better by an amount that matters.
    words : str
    because : tuple of Reason
        The same, but for what is to be done.
    """

    do: str
    variant: str | None
    words: str
    because: tuple[Reason, ...] = ()


def compared(
    definition: Definition,
    metric: Metric,
    place: int,
    *,
    role: str,
    rises: bool,
    counted: tuple[int, int],
    control_mean: float,
    ends: tuple[float, float, float],
    level: float,
    p_value: float,
    removed: float = 0.0,
    stands: str,
) -> Comparison:
    """Put a comparison together: also as shares of the control's mean, and without numbers that are nobody's.

    Parameters
    ----------
    place : int
        Of the variant.
    counted : (int, int)
        Listeners of variant and control.
    control_mean : float
        Anything where nobody of the control is counted.
    ends : (float, float, float)
        The difference and its interval.
    removed : float in [0, 1]
        Of the variance.
    """
    difference, low, high = ends
    n_variant, n_control = counted
    share = 1 / abs(control_mean) if control_mean and n_control and n_variant else None
    return Comparison(
        metric.name,
        role,
        "up" if rises else "down",
        definition.variants[place].name,
        definition.control.name,
        n_variant,
        n_control,
        control_mean if n_control else None,
        difference if n_control and n_variant else None,
        low,
        high,
        share and difference * share,
        share and low * share,
        share and high * share,
        level,
        p_value,
        removed,
        stands,
    )


def standing(low: float, high: float, *, rises: bool, matters: float) -> str:
    """Say how a variant stands, by its interval.

    >>> standing(0.1, 0.5, rises=True, matters=0.2), standing(0.1, 0.5, rises=False, matters=0.2)
    ('better', 'worse')
    >>> standing(-0.1, 0.1, rises=True, matters=0.2), standing(-0.1, 0.3, rises=True, matters=0.2)
    ('no difference that matters', 'unclear')
    """
    if low > 0 or high < 0:
        return BETTER if (low > 0) == rises else WORSE
    return ALIKE if -matters < low and high < matters else UNCLEAR


def broken(low: float, high: float, *, rises: bool, tolerated: float) -> bool:
    """Tell whether a guardrail is broken, by the interval: worse than is tolerated, for sure.

    >>> broken(-0.9, -0.3, rises=True, tolerated=0.2), broken(-0.9, -0.1, rises=True, tolerated=0.2)
    (True, False)
    """
    return high < -tolerated if rises else low > tolerated


def decide(comparisons: Sequence[Comparison], *, mismatch: float | None, min_effect: float, running: bool) -> Decision:
    """Say what should be done.

    Parameters
    ----------
    comparisons : sequence of Comparison
    mismatch : float or None
        The p-value of the split.
    min_effect : float
    running : bool
    """
    if mismatch is not None and mismatch < MISMATCH:
        words = f"trust nothing here: listeners did not come in as planned (p = {mismatch:.1g}); look for who is lost"
        return Decision("distrust", None, words, (Reason("mismatch", {"p": mismatch}),))
    for each in comparisons:
        if each.role == GUARDRAIL and each.stands == "broken":
            words = f"stop: guardrail broken, {each.variant} has {_change(each)}"
            return Decision("stop", each.control, words, (_reason("guardrail", each),))
    deciding = [each for each in comparisons if each.role == DECIDES]
    better = [each for each in deciding if each.stands == BETTER]
    if better:
        best = max(better, key=lambda each: abs(each.difference or 0.0))
        return Decision("ship", best.variant, f"ship {best.variant}: {_change(best)}", (_reason("change", best),))
    control = deciding[0].control
    if all(each.stands == WORSE for each in deciding):
        said = "; ".join(f"{each.variant} has {_change(each)}" for each in deciding)
        because = tuple(_reason("change", each) for each in deciding)
        return Decision("stop", control, f"stop, and keep {control}: {said}", because)
    if all(each.stands in {WORSE, ALIKE} for each in deciding):
        words = f"keep {control}: no variant can be better by {min_effect:.1%} or more in {deciding[0].metric}"
        alike = Reason("alike", {"metric": deciding[0].metric, "effect": min_effect})
        return Decision("stop", control, words, (alike,))
    said, because = _reach(deciding)
    if not running:
        return Decision("continue", None, f"it ended too soon to tell: {said}", (Reason("soon"), *because))
    return Decision("continue", None, f"keep running: {said}", because)


def _reason(code: str, each: Comparison) -> Reason:
    """Give a reason that speaks of a difference."""
    found: dict[str, str | float | bool] = {"variant": each.variant, "metric": each.metric}
    if each.relative is None or each.relative_low is None or each.relative_high is None:
        numbers = {"relative": False, "by": each.difference or 0.0, "low": each.low, "high": each.high}
    else:
        numbers = {"relative": True, "by": each.relative, "low": each.relative_low, "high": each.relative_high}
    return Reason(code, found | numbers)


def _change(each: Comparison) -> str:
    if each.relative is None or each.relative_low is None or each.relative_high is None:
        return f"{each.difference or 0.0:+.3g} {each.metric} ({each.low:+.3g} … {each.high:+.3g})"
    return f"{each.relative:+.1%} {each.metric} ({each.relative_low:+.1%} … {each.relative_high:+.1%})"


def _reach(deciding: Sequence[Comparison]) -> tuple[str, tuple[Reason, ...]]:
    """Say what is still possible."""
    said, because = [], []
    for each in deciding:
        names: dict[str, str | float | bool] = {"variant": each.variant, "control": each.control, "metric": each.metric}
        if min(each.n_variant, each.n_control) < FEWEST:
            because.append(Reason("few", names))
            said.append(f"{each.variant} or {each.control} has too few listeners to say anything of {each.metric}")
        elif each.low == float("-inf"):
            because.append(Reason("same", names))
            said.append(f"all listeners of {each.variant} and {each.control} have the same {each.metric}")
        else:
            because.append(_reason("may", each))
            said.append(f"{each.variant} may have {_change(each)}")
    return "; ".join(said), tuple(because)
