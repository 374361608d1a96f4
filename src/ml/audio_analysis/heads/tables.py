"""A table of labels: which files, which labels, whose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ml.audio_analysis.heads.labelled import Kind
from ml.data.audio_files import printable
from ml.data.importers.music_folder import AUDIO_SUFFIXES
from ml.features.vocabulary import GENRES, MOODS, Table
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.paths import expanded

#: Columns that name a file, the first one that is there; then those whose value is a file's name without its suffix.
_PATHS = ("file", "path", "filename", "file_name", "location")
_IDS = ("track_id", "track id", "id")
_SEPARATORS = (";", "|")
_VOCABULARY: Mapping[str, Table] = {"genre": GENRES, "mood": MOODS}
_MOODS = {"mood", "moods", "emotion", "emotions", "theme"}


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Files with their labels.

    Parameters
    ----------
    target : str
        ``"genre"``, ``"mood"`` or ``"scales"``.
    kind : str
        See :class:`ml.audio_analysis.heads.labelled.Labelled`.
    columns : tuple of str
        That the labels are from.
    labels : mapping of Path to (set of str, or tuple of float)
        Names, or one number for each column.
    groups : mapping of Path to str
    group_column : str or None
    absent : tuple of str
        Files of the table that are not there.
    """

    target: str
    kind: Kind
    columns: tuple[str, ...]
    labels: Mapping[Path, frozenset[str] | tuple[float, ...]]
    groups: Mapping[Path, str]
    group_column: str | None
    absent: tuple[str, ...] = ()


def read_labels(
    table: Path, audio: Path, columns: Sequence[str], *, group_column: str | None = None, target: str | None = None
) -> LabelTable:
    """Read a table of labels (CSV, TSV or Parquet).

    Parameters
    ----------
    table : Path
        A column ``file`` (or ``path``, ``filename``) names files under ``audio``; else ``track_id`` or ``id`` is a
        file's name without its suffix. Of a file in several rows, numbers are averaged and the most frequent label
        is taken.
    audio : Path
    columns : sequence of str
        One of names (several in a cell, between ``;`` or ``|``, make tags), or any number of numbers.
    group_column : str, optional
    target : str, optional
        ``"genre"`` or ``"mood"``; left out, what the column is called.

    Raises
    ------
    BadInput
        If table, folder or column are not there, or nothing in the table can be used.
    """
    frame = _read(expanded(table))
    for column in (*columns, *([group_column] if group_column else [])):
        if column not in frame.columns:
            raise BadInput(f"{printable(table)}: no column {column!r}", did_you_mean(column, frame.columns))
    named, absent = _files(frame, expanded(audio), table)
    numbers = [frame[column].cast(pl.Float64, strict=False).to_list() for column in columns]
    numeric = all(any(value is not None for value in values) for values in numbers) and all(
        (text is None) == (value is None)
        for column, values in zip(columns, numbers, strict=True)
        for text, value in zip(frame[column], values, strict=True)
    )
    if not numeric and len(columns) > 1:
        raise BadInput(
            f"{', '.join(columns)}: several label columns, and not all are numbers", "give one --label-column"
        )
    groups = frame[group_column].to_list() if group_column else [None] * len(frame)
    by_file = {file: groups[row] or str(file) for row, file in enumerate(named) if file is not None}
    if numeric:
        scales = _averages(named, list(zip(*numbers, strict=True)))
        return LabelTable("scales", "scales", tuple(columns), scales, by_file, group_column, absent)
    target = target or ("mood" if columns[0].lower() in _MOODS else "genre")
    kind, names = _names(named, frame[columns[0]].to_list(), _VOCABULARY[target])
    return LabelTable(target, kind, tuple(columns), names, by_file, group_column, absent)


def _read(table: Path) -> pl.DataFrame:
    if not table.is_file():
        raise BadInput(f"{printable(table)}: no such file", "give a table with a row for each track")
    try:
        if table.suffix.lower() == ".parquet":
            return pl.read_parquet(table).with_columns(pl.all().cast(pl.String))
        separator = "\t" if table.suffix.lower() == ".tsv" else ","
        frame = pl.read_csv(table, separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"{printable(table)}: cannot be read as a table ({error})", "give CSV, TSV or Parquet"
        ) from error
    return frame.with_columns(pl.all().str.strip_chars().replace("", None))


def _files(frame: pl.DataFrame, audio: Path, table: Path) -> tuple[list[Path | None], tuple[str, ...]]:
    """Find the file of each row; None where it is not there."""
    if not audio.is_dir():
        raise BadInput(f"{printable(audio)}: no such folder", "give the folder that the audio files lie in")
    lower = {column.lower(): column for column in frame.columns}
    column = next((lower[name] for name in (*_PATHS, *_IDS) if name in lower), None)
    if column is None:
        raise BadInput(
            f"{printable(table)}: no column says which file a row is about", f"call one {', '.join(_PATHS[:2])}"
        )
    if column.lower() in _PATHS:
        found = [None if name is None else _file_at(audio, name) for name in frame[column]]
    else:
        stems = {file.stem: file for file in sorted(audio.rglob("*")) if file.suffix.lower() in AUDIO_SUFFIXES}
        found = [stems.get(name) for name in frame[column]]
    absent = dict.fromkeys(str(name) for name, file in zip(frame[column], found, strict=True) if file is None)
    if len(absent) == frame[column].n_unique():
        raise BadInput(
            f"{printable(audio)}: none of the {len(absent):,} files that {printable(table)} names is there",
            f"{next(iter(absent))!r} is looked for there",
        )
    return found, tuple(absent)


def _file_at(audio: Path, name: str) -> Path | None:
    for place in (audio / name, audio / Path(name).name):
        if place.is_file():
            return place
    return None


def _averages(
    files: Sequence[Path | None], rows: Sequence[tuple[float | None, ...]]
) -> dict[Path, frozenset[str] | tuple[float, ...]]:
    kept: dict[Path, list[tuple[float, ...]]] = defaultdict(list)
    for file, row in zip(files, rows, strict=True):
        whole = tuple(value for value in row if value is not None)
        if file is not None and len(whole) == len(row):
            kept[file].append(whole)
    return {file: tuple(sum(each) / len(rated) for each in zip(*rated, strict=True)) for file, rated in kept.items()}


def _names(
    files: Sequence[Path | None], cells: Sequence[str | None], vocabulary: Table
) -> tuple[Kind, dict[Path, frozenset[str] | tuple[float, ...]]]:
    separator = next((one for one in _SEPARATORS if any(one in (cell or "") for cell in cells)), None)
    said: dict[Path, list[frozenset[str]]] = defaultdict(list)
    for file, cell in zip(files, cells, strict=True):
        names = canonical(cell.split(separator) if separator else [cell], vocabulary) if cell else frozenset()
        if file is not None and names:
            said[file].append(names)
    return "tags" if separator else "classes", {file: Counter(all_).most_common(1)[0][0] for file, all_ in said.items()}


def canonical(names: Sequence[str], vocabulary: Table, *, known_only: bool = False) -> frozenset[str]:
    """Give the vocabulary's words for names; others stay as they are written, or are left out.

    >>> sorted(canonical(["Alternative Rock", "Zeuhl"], GENRES)), sorted(canonical(["Zeuhl"], GENRES, known_only=True))
    (['Zeuhl', 'rock'], [])
    """
    words = [(vocabulary.find(name), name.strip()) for name in names]
    return frozenset(word or name for word, name in words if word or (name and not known_only))
