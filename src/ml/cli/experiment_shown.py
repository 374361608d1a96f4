"""How experiments are shown to people."""

from __future__ import annotations

import math

import orjson

from ml.cli.screen import data, notices, say, table
from ml.experiments.analysis import Report
from ml.experiments.decision import Comparison
from ml.experiments.definition import BANDIT, INTERLEAVED, SPLIT, Definition, Targeting
from ml.experiments.interleaving import Preference
from ml.experiments.registry import STOPPED, Experiment
from ml.foundation.counting import number_of
from ml.foundation.moments import in_utc

_DESIGNS = {
    SPLIT: "each listener has one variant, by the weights",
    INTERLEAVED: "each listener has both rankings in one list; what they choose speaks for the ranking it came from",
    BANDIT: "each listener has one variant, the more often the more it has earned",
}
#: Stands for a number of which nobody is counted.
NOBODY = "–"
_COLOURS = {"ship": "green", "continue": "cyan", "stop": "yellow", "distrust": "red"}


def show_experiment(found: Experiment) -> None:
    """Print a definition and how it stands."""
    definition = found.definition
    say(f"[bold]{data(found.name)}[/] is {found.state} [dim]{data(definition.description)}[/]")
    total = sum(variant.weight for variant in definition.variants)
    rows = [
        [
            variant.name,
            f"{variant.weight / total:.1%}" if definition.design == SPLIT else "",
            orjson.dumps(variant.parameters).decode() if variant.parameters else "as it is",
        ]
        for variant in definition.variants
    ]
    table(["variant", "share", "parameters"], rows, right=[1])
    guards = ", ".join(f"{each.metric.name} (tolerance {each.tolerance:.0%})" for each in definition.guardrails)
    say(f"  design     {definition.design}: {_DESIGNS[definition.design]}")
    say(f"  decides    {data(definition.metric.name)}, {definition.window} after the exposure")
    if definition.design == SPLIT:
        say(f"  guardrails {data(guards or 'none')}")
    elif definition.design == BANDIT:
        say(f"  reward     {definition.full_reward:g} {data(definition.metric.name)} are a whole one")
    say(f"  who        {data(_who(definition.targeting))}")
    so_far = number_of(found.exposed, "listener")
    say(f"  layer      {data(definition.layer)}, {found.share:.1%} of it{_before(found)}; {so_far} so far")
    say(f"  planned    {_plan(definition)}")
    for said, ms in (("started", found.started_at), ("stopped", found.stopped_at)):
        if ms is not None:
            say(f"  {said}    {in_utc(ms)}")
    notices(found.notices)


def _before(found: Experiment) -> str:
    """Say what share of its layer an experiment held that holds nothing any more."""
    return f" now, {found.last_share:.1%} until it was stopped" if found.state == STOPPED else ""


def _plan(definition: Definition) -> str:
    if definition.design == INTERLEAVED:
        return f"no number of listeners; alpha {definition.alpha:g}"
    return (
        f"{number_of(definition.planned_listeners, 'listener')}; a change of {definition.min_effect:.1%} matters;"
        f" alpha {definition.alpha:g}"
    )


def _who(targeting: Targeting) -> str:
    """Say who can be in.

    >>> _who(Targeting(countries=("PE",), min_listens=5))
    'listeners in PE with at least 5 listens'
    """
    said = f"listeners in {', '.join(targeting.countries)}" if targeting.countries else "listeners"
    bounds = [f"at least {targeting.min_listens:,}"] if targeting.min_listens else []
    bounds += [f"at most {targeting.max_listens:,}"] if targeting.max_listens is not None else []
    if bounds:
        last = targeting.min_listens if targeting.max_listens is None else targeting.max_listens
        return f"{said} with {' and '.join(bounds)} {'listen' if last == 1 else 'listens'}"
    return said if targeting.countries else "everybody"


def show_report(found: Report) -> None:
    """Print what can be said of an experiment."""
    colour = _COLOURS[found.decision.do]
    say(f"[bold]{data(found.experiment.name)}[/] is {found.experiment.state}")
    say(f"[bold {colour}]{data(found.decision.words)}[/]")
    rows = [[arm.variant, f"{arm.expected:.1%}", f"{arm.exposed:,}", f"{arm.counted:,}"] for arm in found.arms]
    share = {SPLIT: "planned", BANDIT: "drawn now"}.get(found.experiment.definition.design, "of the list")
    table(["variant", share, "listeners", "counted"], rows, right=[1, 2, 3])
    if found.mismatch_p_value is not None:
        say(f"[dim]split as planned: p = {found.mismatch_p_value:.3g}[/]")
    if found.preferences:
        _show_preferences(found)
    else:
        columns = ["metric", "variant", "role", "control", "change", "interval", "p", "stands"]
        table(columns, [_row(each) for each in found.comparisons], right=[3, 4, 5, 6])
    _show_policies(found)
    levels = {each.level for each in found.comparisons} | {each.preference.level for each in found.preferences}
    said = ", ".join(f"{level:.1%}" for level in sorted(levels))
    say(f"[dim]intervals ({said}) and p-values hold however often this is read[/]")
    notices(found.notices)


def _show_preferences(found: Report) -> None:
    """Print for which of two rankings the listeners are."""
    first, second = (variant.name for variant in found.experiment.definition.variants)
    rows = [
        [
            each.metric,
            each.role,
            f"{each.preference.first:,}",
            f"{each.preference.second:,}",
            f"{each.preference.ties:,}",
            *_leaning(each.preference),
        ]
        for each in found.preferences
    ]
    share = f"{second}, of those for either"
    columns = ["metric", "role", f"for {first}", f"for {second}", "neither", share, "interval", "p"]
    table(columns, rows, right=range(2, 8))
    say("[dim]a listener is for the ranking from which more of the items came that the metric counts[/]")


def _leaning(found: Preference) -> list[str]:
    """Write the share for the second ranking, its interval and p; nothing where nobody is for either."""
    if not found.first + found.second:
        return [NOBODY] * 3
    return [f"{found.share:.1%}", f"{found.low:.1%} … {found.high:.1%}", f"{found.p_value:.3g}"]


def _show_policies(found: Report) -> None:
    """Print what everybody would have earned with each variant of a bandit."""
    if not found.policies:
        return
    rows = [
        [
            each.variant,
            *(f"{one.value:.3f} ({one.low:.3f} … {one.high:.3f})" for one in (each.ips, each.snips, each.dr)),
        ]
        for each in found.policies
    ]
    say("\n[bold]reward, had everybody been given it[/] [dim](bootstrap intervals, of one look)[/]")
    table(["variant", "IPS", "SNIPS", "DR"], rows, right=[1, 2, 3])


def _row(each: Comparison) -> list[str]:
    mean = NOBODY if each.control_mean is None else f"{each.control_mean:.4g}"
    change = [NOBODY] * 3
    if each.difference is not None:
        interval = f"{_part(each.relative_low, each.low)} … {_part(each.relative_high, each.high)}"
        change = [_part(each.relative, each.difference), interval, f"{each.p_value:.3g}"]
    return [each.metric, each.variant, each.role, mean, *change, each.stands]


def _part(relative: float | None, absolute: float) -> str:
    """Write a change as a share of the control, or as it is where that is 0.

    >>> _part(0.125, 3.0), _part(None, 3.0), _part(float("-inf"), float("-inf"))
    ('+12.5%', '+3', '?')
    """
    if not math.isfinite(absolute):
        return "?"
    return f"{absolute:+.3g}" if relative is None else f"{relative:+.1%}"
