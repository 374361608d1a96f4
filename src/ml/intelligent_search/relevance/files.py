"""Queries, judgements and runs in the formats of TREC.

Conventions
-----------
- Queries: a line each, an id, a tab, and the text.
- Judgements ("qrels"): ``query-id 0 document-id grade``, where grades are whole numbers and more than 0 is relevant.
  Ids of documents are outside ids, and may hold spaces where columns are divided by tabs.
- Runs: ``query-id Q0 document-id rank score name``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

Judgements = dict[str, dict[str, float]]
Ranking = Sequence[tuple[str, float]]
_QRELS, _RUN = 4, 6


def read_queries(path: Path | str) -> dict[str, str]:
    """Read queries by their ids.

    Raises
    ------
    BadInput
        Naming the file and the line.
    """
    found: dict[str, str] = {}
    for where, line in _lines(path):
        name, tab, text = line.partition("\t")
        if not tab or not name.strip() or not text.strip():
            raise BadInput(f"{where}: no id and text", "write an id, a tab, and the text of the query")
        if name.strip() in found:
            raise BadInput(f"{where}: {name.strip()!r} is there already", "give each query an id of its own")
        found[name.strip()] = text.strip()
    if not found:
        raise BadInput(f"{path}: no query in it", "write an id, a tab, and the text of the query, one a line")
    return found


def read_judgements(path: Path | str) -> Judgements:
    """Read grades by query and document.

    Raises
    ------
    BadInput
        Naming the file and the line.
    """
    found: Judgements = {}
    for where, line in _lines(path):
        query, _, document, grade = _columns(where, line, _QRELS)
        try:
            found.setdefault(query, {})[document] = float(int(grade))
        except ValueError:
            raise BadInput(f"{where}: grade {grade!r}", "grades are whole numbers, 0 being not relevant") from None
    return found


def read_run(path: Path | str) -> dict[str, list[str]]:
    """Read what was found by query, the best first.

    Raises
    ------
    BadInput
        Naming the file and the line.
    """
    found: dict[str, list[tuple[float, str]]] = {}
    for where, line in _lines(path):
        query, _, document, rank, _, _ = _columns(where, line, _RUN)
        try:
            found.setdefault(query, []).append((float(rank), document))
        except ValueError:
            raise BadInput(f"{where}: rank {rank!r}", "ranks are numbers, the first is 1") from None
    return {query: [document for _, document in sorted(ranked)] for query, ranked in found.items()}


def write_run(path: Path | str, run: Mapping[str, Ranking], *, name: str = "ml") -> Path:
    """Write what was found, so that ``trec_eval`` reads it too.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    target = expanded(path)
    lines = [
        "\t".join((query, "Q0", document, str(rank), f"{score:.6f}", name))
        for query, ranked in run.items()
        for rank, (document, score) in enumerate(ranked, start=1)
    ]
    try:
        target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{target}: {error.strerror}", "name a file that can be written") from error
    return target


def _lines(path: Path | str) -> Iterator[tuple[str, str]]:
    """Give the lines that are not empty, each with where it stands."""
    file = expanded(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}", "name a file") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: no UTF-8 at byte {error.start}", "save it as UTF-8") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{file}, line {number}", line.rstrip("\r")


def _columns(where: str, line: str, count: int) -> list[str]:
    columns = [part.strip() for part in line.split("\t")] if "\t" in line else line.split()
    if len(columns) != count:
        raise BadInput(f"{where}: {len(columns)} columns", f"{count} are wanted, divided by tabs or spaces")
    return columns
