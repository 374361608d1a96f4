"""Run benchmarks: all of them, or those that are named."""

from __future__ import annotations

import argparse
import inspect
import json
import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import benchmarks
from benchmarks import machine, quality, report


def find() -> dict[str, ModuleType]:
    """Every module of this folder that has a `run` is a benchmark."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]
    modules = {name: import_module(f"benchmarks.{name}") for name in sorted(names)}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def measure(name: str, module: ModuleType, *, quick: bool) -> Any:
    """Run one benchmark and describe what came out."""
    begin = perf_counter()
    numbers = module.run(quick)
    return report.document(
        name,
        inspect.getdoc(module) or "",
        numbers,
        getattr(module, "TARGETS", {}),
        date=datetime.now(UTC).date().isoformat(),
        quick=quick,
        duration_s=round(perf_counter() - begin, 1),
        machine=machine.describe(),
    )


def arguments(known: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="small and coarse; docs/benchmarks.md stays as it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all results into one file")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(known))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; known: {', '.join(known)}")
    return chosen


def main() -> None:
    """Measure, print, keep."""
    known = find()
    chosen = arguments(list(known))
    results = []
    for name in chosen.names or known:
        results.append(measure(name, known[name], quick=chosen.quick))
        print(report.table(results[-1:]), flush=True)
        if not chosen.quick:
            report.save(results[-1])
    if not chosen.quick:
        report.write_page(report.table(report.load_all()))
        quality.write_page()
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
