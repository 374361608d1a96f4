"""What an import would make of the beginning of a file; nothing is stored.

Conventions
-----------
Of each file that is recognised the first batch is read, checked as the loader checks it, and shown as it would be
stored: times as ISO 8601 in UTC, columns without any value left out. So a preview of a long file takes no longer than
that of a short one, and reasons that only later rows have are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ml.data.frames import FRAMES
from ml.data.importers.base import Batch, Options, Reject, Unit
from ml.data.importers.columns import SYNONYMS
from ml.data.importers.doubt import Doubt
from ml.data.importers.heads import Column, columns_of
from ml.data.importers.registry import AUTO, IMPORTERS, claim, importer_of
from ml.data.importers.source import Source
from ml.data.ingest.loader import checked
from ml.data.ingest.summary import Tally
from ml.foundation.errors import BadInput, MLError
from ml.foundation.results import Result
from ml.foundation.said import Words, words_in

#: Files of an archive that are looked into, and what is shown of each.
MOST_UNITS, MOST_ROWS, MOST_REJECTS = 12, 10, 10
#: A batch of so many rows is enough of a file.
MANY_ROWS = 50_000
_LONGEST = 200
#: Columns that say where a row is from, not what is stored of it.
_BOOKKEEPING = frozenset({"line"})


@dataclass(frozen=True, slots=True)
class Sample(Result):
    """Some rows as they would be stored.

    Parameters
    ----------
    holds : str
        What they are: ``listens``, ``counts``, ``tags``, ``items``, ``profiles``, ``playlists``, …
    columns : tuple of str
    rows : tuple of tuple of str or None
    """

    holds: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Example(Result):
    """A row that would be refused."""

    file: str
    line: int | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class UnitPreview(Result):
    """What one file is, and what would become of it.

    Parameters
    ----------
    name, kind, title : str
        The importer that takes it, and what that reads.
    rows, refused : int
        Looked at, and of these refused.
    whole : bool
        Whether that is all of the file; of a long one it is not looked whether there is more.
    problem, hint : str or None
        Why it cannot be read, and what to do.
    notes : tuple of str
        What was guessed, such as the unit of a time.
    columns : tuple of Column
        Of a table: they can be read otherwise than they are.
    doubt : Doubt or None
        What it was taken for, though it may be another.
    samples : tuple of Sample
    examples : tuple of Example
    """

    name: str
    kind: str
    title: str
    rows: int
    refused: int
    whole: bool
    problem: str | None
    hint: str | None
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    doubt: Doubt | None
    samples: tuple[Sample, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Preview(Result):
    """What an import would make of the beginning of a file.

    Parameters
    ----------
    name : str
    units : tuple of UnitPreview
        Of an archive the first ones.
    more_units : int
        How many more there are.
    unrecognised : tuple of str
        Files that no importer takes.
    reasons : dict of str to int
        Why rows would be refused, and how often.
    fields : tuple of str
        What a column of a table can be read as.
    kinds : dict of str to str
        The importers by name, and what each reads.
    said : dict of str to Words
        Which sentences the reasons, notes, problems and hints are, so that they can be said in other languages.
    """

    name: str
    units: tuple[UnitPreview, ...]
    more_units: int
    unrecognised: tuple[str, ...]
    reasons: dict[str, int]
    fields: tuple[str, ...]
    kinds: dict[str, str]
    said: dict[str, Words]


def preview(path: Path | str, *, kind: str = AUTO, options: Options | None = None) -> Preview:
    """Look at a file as an import would.

    Parameters
    ----------
    path : Path or str
        A folder, a zip archive or a file.
    kind : str
        An importer's name, or ``auto``.
    options : Options, optional

    Raises
    ------
    BadInput
        If nothing in it is recognised, or it is no whole archive. What is wrong with one file of several stands in
        its ``problem``.
    """
    options = options or Options()
    source = Source.of(path)
    units, unclaimed = claim(source, kind)
    tally = Tally()
    looked = tuple(_look(unit, options, tally) for unit in units[:MOST_UNITS])
    reasons = Counter(tally.grouped_reasons())
    problems = [text for unit in looked for text in (unit.problem, unit.hint) if text]
    texts = [*problems, *(note for unit in looked for note in unit.notes), *tally.reasons, *reasons]
    return Preview(
        name=source.path.name,
        units=looked,
        more_units=len(units) - len(looked),
        unrecognised=tuple(entry.name for entry in unclaimed[:MOST_UNITS]),
        reasons=dict(reasons.most_common()),
        fields=tuple(SYNONYMS),
        kinds={importer.kind: importer.title for importer in IMPORTERS},
        said=words_in(texts),
    )


def _look(unit: Unit, options: Options, tally: Tally) -> UnitPreview:
    importer = importer_of(unit.kind)
    columns: tuple[Column, ...] = ()
    batch, whole = None, True
    problem: MLError | None = None
    try:
        columns = columns_of(unit, options, rows=MOST_ROWS)
        batches = importer.read(unit, options)
        batch = next(batches, None)
        # Of a long file no second batch is read only to see whether there is one.
        whole = batch is None or (batch.rows < MANY_ROWS and next(batches, None) is None)
    except BadInput as error:
        problem = error
    good: Mapping[str, pl.DataFrame] = {}
    rejects: Sequence[Reject] = ()
    if batch is not None:
        good, rejects = checked(batch)
        rejects = sorted(rejects, key=lambda reject: reject.line or 0)
        tally.reasons.update(reject.reason for reject in rejects)
    return UnitPreview(
        name=unit.name,
        kind=unit.kind,
        title=importer.title,
        rows=0 if batch is None else batch.rows,
        refused=len(rejects),
        whole=whole and problem is None,
        problem=None if problem is None else problem.message,
        hint=None if problem is None else problem.hint,
        notes=_notes(batch),
        columns=columns,
        doubt=None if batch is None else batch.doubt,
        samples=tuple(_sample(name, frame) for name, frame in good.items() if len(frame)),
        examples=tuple(
            Example(each.file, each.line, each.reason, each.raw[:_LONGEST]) for each in rejects[:MOST_REJECTS]
        ),
    )


def _notes(batch: Batch | None) -> tuple[str, ...]:
    return () if batch is None else tuple(batch.notes)


def _sample(name: str, frame: pl.DataFrame) -> Sample:
    first = frame.head(MOST_ROWS).select(each for each in FRAMES[name] if each in frame.columns)
    said = [each for each in first.columns if each not in _BOOKKEEPING and first[each].null_count() < first.height]
    rows = first.select(_shown(each, first.schema[each]) for each in said).rows()
    return Sample(name, tuple(said), tuple(tuple(_text(cell) for cell in row) for row in rows))


def _shown(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if name.endswith("_at") and dtype.is_integer():
        return column.cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return column


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, list):
        return ", ".join(str(each) for each in cell)[:_LONGEST]
    return str(cell)[:_LONGEST]
