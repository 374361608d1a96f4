"""Results as JSON, and as the table of the manual."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.target import Target

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- table begins -->", "<!-- table ends -->"


def document(name: str, text: str, numbers: Mapping[str, float], targets: Mapping[str, Target], **about: Any) -> Any:
    """Put together what is known of one run."""
    rows = [
        {"name": key, "value": value, "target": str(target), "reached": target.judge(value)}
        for key, value in numbers.items()
        for target in [targets.get(key, Target())]
    ]
    return {"benchmark": name, "about": text, "numbers": rows, **about}


def save(result: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write one benchmark's file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{result['benchmark']}.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def load_all(folder: Path = RESULTS) -> list[Any]:
    """Read every benchmark's last result, by name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def table(results: Iterable[Mapping[str, Any]]) -> str:
    """Write results as Markdown: one section a benchmark, one row a number."""
    return "\n".join(line for result in results for line in _section(result))


def _section(result: Mapping[str, Any]) -> list[str]:
    machine = result["machine"]
    place = (
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB, Python {machine['python']}"
    )
    rows = [f"| `{r['name']}` | {show(r['value'])} | {r['target']} | {r['reached']} |" for r in result["numbers"]]
    return [
        f"## {result['benchmark']}",
        "",
        result["about"],
        "",
        "| number | measured | target | reached |",
        "|---|---:|---:|---|",
        *rows,
        "",
        f"{result['date']}, {place}. `make bench BENCH_ARGS={result['benchmark']}`",
        "",
    ]


def show(value: float) -> str:
    """Write a number with as many digits as it deserves.

    >>> show(123456.7), show(12.345), show(0.186543), show(15)
    ('123,457', '12.3', '0.1865', '15')
    """
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) < 1 else f"{value:.3g}"


def write_page(text: str, page: Path = PAGE) -> None:
    """Put the table between its markers, leaving the rest of the page alone."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page}: the lines {BEGIN} and {END} are needed")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
