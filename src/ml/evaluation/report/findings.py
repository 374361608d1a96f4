"""What tables and plots show, in a sentence each: for readers in a hurry and for those who do not see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml.evaluation.report.contents import Contents, Panel
from ml.pages.marks import ABOVE, BASELINE, BELOW, UNCLEAR

_VERDICTS = {
    BASELINE: "the baseline",
    ABOVE: "beats {baseline}",
    UNCLEAR: "cannot be told from {baseline}",
    BELOW: "is below {baseline}",
}


def verdict(contents: Contents, model: str) -> str:
    """Say how a model stands to the baseline."""
    return _VERDICTS[contents.stands(model)].format(baseline=contents.protocol.baseline)


def headline(contents: Contents) -> str:
    """Say who beats the baseline, and what is best."""
    baseline, best = contents.protocol.baseline, contents.best
    measured = contents.models[best][contents.ndcg]
    others, above = len(contents.models) - 1, contents.those(ABOVE)
    if not others:
        return f"Only {baseline}, the baseline, was measured: {contents.ndcg} is {number(measured.value)}."
    if not above:
        none = "It does not beat" if others == 1 else f"None of the {others} other models beats"
        return f"{none} {baseline} for sure; the largest {contents.ndcg} is {number(measured.value)}, of {best}."
    how_many = f"{'All' if len(above) == others else f'{len(above)} of'} {others} other models beat"
    how_many = "The other model beats" if others == 1 else how_many
    low, high = measured.above_baseline_ci
    return (
        f"{how_many} {baseline}. The best is {best}: {contents.ndcg} of {number(measured.value)},"
        f" {number(measured.above_baseline)} above {baseline} (95 %: {number(low)} – {number(high)})."
    )


def of_novelty(contents: Contents) -> str:
    """Say what the most accurate and the most novel recommend."""
    novelty = {dot.model: dot.value for dot in contents.dots(contents.novelty)}
    best, boldest = contents.best, max(novelty, key=lambda model: novelty[model])
    said = f"{best} is the most accurate ({contents.ndcg} {number(contents.models[best][contents.ndcg].value)}"
    said += f", novelty {novelty[best]:.1f} bits)" if best in novelty else ")"
    if boldest == best:
        return f"{said}, and it recommends what is least known."
    accuracy = number(contents.models[boldest][contents.ndcg].value)
    return f"{said}; {boldest} recommends what is least known ({novelty[boldest]:.1f} bits), with {accuracy}."


def of_activity(contents: Contents, panels: Sequence[Panel]) -> str:
    """Say how the best model does among the least and the most active."""
    first, last = panels[0], panels[-1]
    if first is last:
        return f"All listeners judged are equally active: {first.title} each."
    said = f"{contents.best} reaches a {contents.recall} of {number(first.of(contents.best).value)} among the least"
    said += f" active listeners ({first.title} each) and {number(last.of(contents.best).value)} among the most"
    return f"{said} active ({last.title} each){_against(contents, first, last, number)}."


def of_popularity(contents: Contents, panels: Sequence[Panel]) -> str:
    """Say how the best model does on the most popular and the least popular items, and who is best on the latter."""
    first, last = panels[0], panels[-1]
    if first is last:
        return f"Everything there is to foresee is {_place(first.title)}."
    said = f"{contents.best} foresees {percent(first.of(contents.best).value)} of what is {_place(first.title)} and"
    said += f" {percent(last.of(contents.best).value)} of what is {_place(last.title)}"
    said += _against(contents, first, last, percent)
    top = max(last.dots, key=lambda dot: dot.value)
    if top.value <= last.of(contents.best).value:
        return f"{said}."
    return f"{said}. Of the latter, {top.model} foresees most: {percent(top.value)}."


def _against(contents: Contents, first: Panel, last: Panel, written: Callable[[float], str]) -> str:
    """Say the same of the baseline."""
    baseline = contents.protocol.baseline
    if baseline == contents.best:
        return ""
    return f"; {baseline} {written(first.of(baseline).value)} and {written(last.of(baseline).value)}"


def _place(band: str) -> str:
    return "unheard" if band == "unheard" else f"in the {band}"


def number(value: float) -> str:
    """Write a number of a metric; a minus is a minus, not a hyphen.

    >>> number(0.25), number(-0.01234), number(-0.00001)
    ('0.2500', '−0.0123', '0.0000')
    """
    text = f"{value:.4f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def signed(value: float) -> str:
    """Write a difference.

    >>> signed(0.25), signed(-0.5)
    ('+0.2500', '−0.5000')
    """
    text = number(value)
    return text if text.startswith("−") or float(text) == 0 else f"+{text}"


def percent(share: float) -> str:
    """Write a share.

    >>> [percent(share) for share in (0.1234, 0.0961, 0.0004, 0.0)]
    ['12 %', '9.6 %', 'less than 0.1 %', '0 %']
    """
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{share:.0%}".replace("%", " %") if share >= 0.1 or share == 0 else f"{100 * share:.1f} %"
