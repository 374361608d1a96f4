"""``ml search evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import orjson
import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, say, table
from ml.cli.typed import pairs_of
from ml.cli.workspaces import playing
from ml.foundation.errors import BadInput
from ml.intelligent_search.engine import SearchEngine
from ml.intelligent_search.relevance import (
    Relevance,
    Versus,
    compare,
    measure,
    read_judgements,
    read_queries,
    read_run,
    write_run,
)
from ml.intelligent_search.relevance.measuring import Find, scores_of

Fields = Optional[list[str]]  # noqa: UP045


def add_to(group: typer.Typer) -> None:
    """Add the command."""
    group.command(name="evaluate")(evaluate)


def evaluate(
    queries: Annotated[Path, typer.Argument(help="Queries: an id, a tab and a text a line.")],
    qrels: Annotated[Path, typer.Argument(help="Judgements as TREC writes them: query 0 document grade.")],
    k: Annotated[int, typer.Option(min=1, max=1000, help="Places that count.")] = 10,
    ask: Annotated[Fields, typer.Option(help="Any field of a search as NAME=JSON; repeat it.")] = None,
    versus: Annotated[Fields, typer.Option(help="The same for a second way, to compare with; repeat it.")] = None,
    against: Annotated[Optional[Path], typer.Option(help="A run that was written before, to compare with.")] = None,  # noqa: UP045
    run: Annotated[Optional[Path], typer.Option(help="Write what was found as a run.")] = None,  # noqa: UP045
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure what searches find by judgements: nDCG, MRR, recall, what finds nothing, and how long it takes."""
    if versus and against:
        raise BadInput("--versus and --against", "compare with one of them")
    texts, judgements = read_queries(queries), read_judgements(qrels)
    with playing() as app:
        engine = app.search_engine
        engine.search(next(iter(texts.values())))  # the index is opened before anything is timed
        found = measure(_finder(engine, ask, k), texts, judgements, k=k)
        other = measure(_finder(engine, versus, k), texts, judgements, k=k).per_query if versus else None
    if against is not None:
        earlier = read_run(against)
        other = scores_of(earlier, {name: judgements[name] for name in found.per_query if name in earlier}, k=k)
    compared = None if other is None else compare(found.per_query, other)
    if run is not None:
        write_run(run, found.run)
    if json:
        print_json({**found.to_dict(), "versus": compared})
        return
    _show(found, compared)
    if run is not None:
        say(f"written: {data(run)}")


def _finder(engine: SearchEngine, fields: list[str] | None, k: int) -> Find:
    asked: dict[str, Any] = {"count": k}
    for name, text in pairs_of("--ask", fields, "understand=false"):
        try:
            asked[name] = orjson.loads(text)
        except orjson.JSONDecodeError:
            asked[name] = text
    return lambda text: next(engine.search_all([text], **asked))


def _show(found: Relevance, compared: Versus | None) -> None:
    rows = []
    for name, mean in found.metrics.items():
        row = [f"{name}@{found.k}", f"{mean.mean:.4f}", f"{mean.low:.4f} – {mean.high:.4f}"]
        if compared is not None:
            against = compared.differences[name]
            row += [f"{against.mean:+.4f} ({against.low:+.4f} … {against.high:+.4f})"]
            row += [f"{compared.better[name]} / {compared.worse[name]}"]
        rows.append(row)
    columns = ["", "mean", "95 %"] + ([] if compared is None else ["difference", "better / worse"])
    table(columns, rows, right=(1, 2))
    say(f"{found.queries} queries; nothing found for {found.nothing_found:.1%}")
    say(f"a search took {found.latency_p50_ms:.1f} ms, one in a hundred {found.latency_p99_ms:.1f} ms or more")
