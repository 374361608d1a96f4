"""The numbers of `engine` as one table a set and task: every model, five measures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks import engine, report

PAGE = Path(__file__).parents[1] / "docs" / "quality.md"
MEASURES = ("precision", "recall", "ndcg", "diversity", "novelty")
SETS = {
    "hetrec": "HetRec (Last.fm): 1,892 listeners, 17,632 artists, a fifth of the rows put aside",
    "demo": "The demo world: the last tenth of all plays put aside",
    "movielens": "MovieLens small: 671 people, 9,066 films, the last tenth of all ratings put aside",
}
TITLES = {"discovery": "what is new to the listener", "next_listen": "what comes next, repeats and all"}


def tables(numbers: Mapping[str, float]) -> str:
    """Write a table for each set and task that was measured.

    >>> print(tables({"demo_listeners": 12, "demo_ease_ndcg": 0.25, "demo_ease_ndcg_low": 0.2}).splitlines()[4])
    | model | precision@10 | recall@10 | NDCG@10 | 95 % interval | diversity@10 | novelty@10 |
    """
    parts = [
        line
        for where, about in SETS.items()
        for task in engine.TASKS[where]
        if f"{where}_{engine.PREFIXES[task]}listeners" in numbers
        for line in _table(f"{where}_{engine.PREFIXES[task]}", f"{about}; {TITLES[task]}", numbers)
    ]
    return "\n".join(parts)


def _table(begin: str, title: str, numbers: Mapping[str, float]) -> list[str]:
    rows = [_row(begin, name, numbers) for name in engine.MODELS if f"{begin}{name}_ndcg" in numbers]
    return [
        f"## {title}",
        "",
        f"{numbers[f'{begin}listeners']:,.0f} listeners with something to foresee.",
        "",
        "| model | precision@10 | recall@10 | NDCG@10 | 95 % interval | diversity@10 | novelty@10 |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def _row(begin: str, name: str, numbers: Mapping[str, float]) -> str:
    shown = {measure: _shown(numbers.get(f"{begin}{name}_{measure}")) for measure in MEASURES}
    low, high = (numbers.get(f"{begin}{name}_ndcg_{end}") for end in ("low", "high"))
    interval = "" if low is None or high is None else f"{low:.4f} … {high:.4f}"
    cells = (shown["precision"], shown["recall"], shown["ndcg"], interval, shown["diversity"], shown["novelty"])
    return f"| `{name}` | {' | '.join(cells)} |"


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}" if value < 1 else f"{value:.2f}"


def write_page() -> None:
    """Put the tables of the last run into the manual."""
    result = json.loads((report.RESULTS / "engine.json").read_text(encoding="utf-8"))
    report.write_page(tables({row["name"]: row["value"] for row in result["numbers"]}), PAGE)


if __name__ == "__main__":
    write_page()
