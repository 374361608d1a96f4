"""The page of an experiment: every number is on it, it fetches nothing, and text from outside stays text."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from ml.experiments import page
from ml.experiments.analysis import Arm, Day, Report
from ml.experiments.decision import Comparison, Decision
from ml.experiments.definition import Definition
from ml.experiments.interleaving import compare
from ml.experiments.off_policy import PolicyValue
from ml.experiments.registry import Experiment
from ml.experiments.results import Policy, Preferred
from ml.foundation.errors import BadInput

DAY, START = 86_400_000, 1_750_000_000_000
HOSTILE = "<script>alert('$x$ & \"y\"')</script>"
INFINITE = float("inf")


def comparison(**changes):
    values = {
        "metric": "minutes",
        "role": "decides",
        "good": "up",
        "variant": "B",
        "control": "A",
        "n_variant": 1200,
        "n_control": 1100,
        "control_mean": 50.0,
        "difference": 4.0,
        "low": 1.0,
        "high": 7.0,
        "relative": 0.08,
        "relative_low": 0.02,
        "relative_high": 0.14,
        "level": 0.95,
        "p_value": 0.0123,
        "variance_removed": 0.37,
        "stands": "better",
    }
    return Comparison(**{**values, **changes})


def made(comparisons=None, *, course=None, mismatch=0.4, description=""):
    variants = [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "ease"}}]
    definition = Definition.of(
        {"name": "warm", "variants": variants, "metric": "minutes", "guardrails": ["skips"], "description": description}
    )
    experiment = Experiment(1, definition, "running", tuple(range(250)), START, START, None, START, 2400)
    days = [Day("B", START + day * DAY, 200 * day, 4.0, 1.0 - 30 / day, 7.0 + 30 / day, 0.5 / day) for day in (1, 2, 3)]
    guard = comparison(metric="skips", role="guardrail", good="down", p_value=1e-7, stands="broken")
    return Report(
        experiment,
        START + 9 * DAY,
        (Arm("A", 0.5, 1210, 1100), Arm("B", 0.5, 1290, 1200)),
        mismatch,
        tuple([comparison(), guard] if comparisons is None else comparisons),
        tuple(days if course is None else course),
        Decision("ship", "B", "ship B: +8.0% minutes (+2.0% … +14.0%)"),
        ("200 listeners do not count yet",),
    )


def rendered(*args, **options):
    return page.render(made(*args, **options), version="1.2.3")


def words(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


def test_the_decision_and_every_number_are_there():
    text = words(rendered())
    assert "Ship B: +8.0% minutes (+2.0% … +14.0%)." in text
    assert "200 listeners do not count yet" in text
    for said in (
        "1,210",
        "1,290",
        "1,100",
        "1,200",
        "50.0 %",
        "25 % of its listeners",
        '{"algorithm":"ease"}',
        "1.2.3",
    ):
        assert said in text, said
    for number in ("+8.0 %", "+2.0 % … +14.0 %", "0.012", "below 0.0001", "37 %", "broken", "better"):
        assert number in text, number
    assert "Listeners came in as planned, as far as can be told (p = 0.4)" in text
    assert "at most 5 in 100 experiments without a difference in minutes" in text


def test_plots_are_drawn_twice_and_in_the_pages_colours():
    drawings = re.findall(r"<svg.*?</svg>", rendered(), re.DOTALL)
    assert len(drawings) == 4
    assert all("#0d0e" not in drawing for drawing in drawings)
    ids = re.findall(r'\bid="([^"]+)"', rendered())
    assert len(ids) == len(set(ids))


def test_the_same_report_gives_the_same_bytes():
    assert rendered() == rendered()


def test_text_from_outside_stays_text_and_nothing_is_fetched():
    text = rendered(description=HOSTILE)
    assert "<script" not in text
    assert HOSTILE in unescape(text)
    assert "://" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#"}


def test_an_experiment_without_numbers_is_a_page_too():
    silent = comparison(
        control_mean=0.0, difference=0.0, low=-INFINITE, high=INFINITE, stands="unclear", p_value=1.0, relative=None
    )
    text = rendered([silent], course=())
    assert "There are too few listeners to say anything yet." in text
    assert "? … ?" in text
    assert "<svg" not in text


def test_where_nobody_is_counted_there_is_no_number():
    nobody = {"control_mean": None, "difference": None, "relative": None, "low": -INFINITE, "high": INFINITE}
    text = rendered([comparison(**nobody, n_control=0, n_variant=0, p_value=1.0, stands="unclear")], course=())
    assert re.search(r"unclear</td>\s*<td>–</td>\s*<td>–</td>\s*<td>–</td>", text)
    assert "? … ?" not in text


def test_a_split_that_is_off_is_said_loudly():
    assert "Listeners did <strong>not</strong> come in as planned" in rendered(mismatch=1e-6)


def test_it_is_written_whole(tmp_path):
    file = tmp_path / "page.html"
    page.check(file)
    page.write(made(), file, version="1")
    assert file.read_text(encoding="utf-8") == page.render(made(), version="1")
    for wrong in (Path(tmp_path), tmp_path / "nowhere" / "page.html", tmp_path / "data.csv"):
        with pytest.raises(BadInput):
            page.check(wrong)


def told(design, **changes):
    """Give the page of another design as text."""
    pair = [{"name": "A", "parameters": {"x": 1}}, {"name": "B", "parameters": {"x": 2}}]
    given = {"name": "taste", "variants": pair, "metric": "clicks", "design": design}
    given |= {"full_reward": 1} if design == "bandit" else {}
    experiment = replace(made().experiment, definition=Definition.of(given))
    arms = (Arm("A", 0.5, 90, 80), Arm("B", 0.5, 90, 80))
    report = Report(experiment, START + DAY, arms, None, (), (), Decision("continue", None, "keep running"), ())
    return words(page.render(replace(report, **changes), version="1.2.3"))


def test_two_rankings_have_a_page_of_their_own():
    preference = compare([1] * 300 + [-1] * 150 + [0] * 50)
    days = [Day("B", START + day * DAY, 100 * day, 0.1, 0.1 - 0.2 / day, 0.1 + 0.2 / day, 0.5 / day) for day in (1, 2)]
    text = told("interleaved", preferences=(Preferred("clicks", "decides", preference),), course=tuple(days))
    for part in ("two rankings in one list", "B is preferred", "66.7 %", "300", "Day by day: clicks", "Of the list"):
        assert part in text
    for part in ("Guardrails", "CUPED", "as planned", "A change matters"):
        assert part not in text
    assert "Nobody is for either ranking yet" in told(
        "interleaved", preferences=(Preferred("clicks", "decides", compare([])),)
    )


def test_a_bandit_has_what_each_variant_would_have_earned():
    value = PolicyValue(0.25, 0.21, 0.29, 0.95, 160, 120.0, 3.0)
    found = Policy("B", 0.9, value, value, replace(value, value=0.2718))
    text = told("bandit", policies=(found,), comparisons=(comparison(metric="clicks"),))
    for part in ("IPS", "SNIPS", "0.2718", "Drawn now", "A whole reward", "mean reward a listener"):
        assert part in text
    assert "CUPED" not in text
