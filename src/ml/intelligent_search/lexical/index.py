"""The two indexes of words and of names in a folder, kept up to date with the documents."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ml.features.text.columns import spellings_of
from ml.foundation.atomic import draft
from ml.foundation.errors import CorruptIndex
from ml.foundation.results import Result
from ml.foundation.turns import turn
from ml.intelligent_search.lexical.fields import VERSION, names_schema, words_schema
from ml.intelligent_search.lexical.rows import STEP, lines_of, names_of
from ml.models.retrieval.text import TextIndex

_STATE = "documents.parquet"
_STATE_SCHEMA = {"uid": pl.String(), "content": pl.UInt64()}
#: Where more than this share of the documents has changed, the index is made anew.
_MANY = 0.5


@dataclass(frozen=True, slots=True)
class Refreshed(Result):
    """What bringing an index up to date came to.

    Parameters
    ----------
    documents : int
        How many there are now.
    added, removed : int
        A changed one counts as both.
    rebuilt : bool
        Whether it was made anew.
    damaged : bool
        Whether it was made anew because it could not be read.
    """

    documents: int
    added: int
    removed: int
    rebuilt: bool
    damaged: bool = False


class LexicalIndex:
    """Words and names of documents, in a folder.

    Parameters
    ----------
    folder : Path
        May be missing. What cannot be read in it is thrown away by the next :meth:`refresh`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._words: TextIndex | None = None
        self._names: TextIndex | None = None
        self._seen: tuple[int, int] | None = None

    @property
    def words(self) -> TextIndex:
        """The index of words.

        Raises
        ------
        CorruptIndex
        """
        if self._words is None:
            self._words = TextIndex(self.folder / "words", words_schema())
        return self._words

    @property
    def names(self) -> TextIndex:
        """The index of the spellings of names.

        Raises
        ------
        CorruptIndex
        """
        if self._names is None:
            self._names = TextIndex(self.folder / "names", names_schema())
        return self._names

    def refresh(self, documents: pl.DataFrame, *, on_rows: Callable[[int], None] = lambda _: None) -> Refreshed:
        """Bring the index up to date: only documents that are new, gone or changed are written.

        Processes that share the folder wait for each other.

        Parameters
        ----------
        documents : polars.DataFrame
            From :func:`ml.intelligent_search.documents.read_documents`.
        on_rows : callable
            Told how many documents were written, from time to time.
        """
        now = documents.select("uid", content=documents.hash_rows(seed=VERSION))
        # Beside the folder, which may be thrown away. Who comes second finds the work done.
        with turn(self.folder.with_name(f"{self.folder.name}.lock")):
            if self._stamp() != self._seen:
                self._words = self._names = None  # another process has written
            try:
                return self._refresh(documents, now, on_rows)
            except CorruptIndex:
                self._throw_away()
                done = self._refresh(documents, now, on_rows)
                return Refreshed(done.documents, done.added, done.removed, rebuilt=True, damaged=True)
            finally:
                self._seen = self._stamp()

    def _refresh(self, documents: pl.DataFrame, now: pl.DataFrame, on_rows: Callable[[int], None]) -> Refreshed:
        before = self._state()
        same = now.join(before, on=["uid", "content"], how="semi")
        gone = before.join(same, on="uid", how="anti")["uid"].to_list()
        new = documents.join(same.select("uid"), on="uid", how="anti", maintain_order="left")
        rebuilt = bool(len(gone)) and len(gone) > _MANY * len(before)
        if rebuilt:
            self._throw_away()
            gone, new = [], documents
        if not len(before):
            self._throw_away()  # whatever lies there was written by a run that was killed, or by another version
        if len(new) or gone:
            self._write(new, gone, fresh=not self._state_file.exists(), on_rows=on_rows)
            self._remember(now)
        else:
            # Opened, so that damage is found here.
            self.words.searcher()
            self.names.searcher()
        return Refreshed(len(documents), len(new), len(gone), rebuilt)

    def _write(self, new: pl.DataFrame, gone: list[str], *, fresh: bool, on_rows: Callable[[int], None]) -> None:
        new = new.with_columns(spelt=spellings_of(new["name"]))
        names = new["spelt"].explode().drop_nulls().unique(maintain_order=True)
        if not fresh:
            searcher = self.words.searcher()
            known = [searcher.doc_freq("exact", name) > 0 for name in names]
            names = names.filter(~pl.Series(known, dtype=pl.Boolean))
        # Names before words, and words in the place of what may be there already: if this is killed, the next run makes
        # good whatever is missing, and a name that is there twice is found once.
        self.names.change(names_of(names))
        self.words.change(
            _counted(lines_of(new), on_rows), field="uid", removed=[] if fresh else [*gone, *new["uid"].to_list()]
        )
        on_rows(len(new))

    @property
    def _state_file(self) -> Path:
        return self.folder / _STATE

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._state_file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _state(self) -> pl.DataFrame:
        try:
            found = pl.read_parquet(self._state_file)
        except (OSError, pl.exceptions.PolarsError):
            found = pl.DataFrame()
        return found if dict(found.schema) == _STATE_SCHEMA else pl.DataFrame(schema=_STATE_SCHEMA)

    def _remember(self, now: pl.DataFrame) -> None:
        with draft(self.folder) as folder:
            now.write_parquet(folder / _STATE)
            (folder / _STATE).replace(self._state_file)

    def _throw_away(self) -> None:
        self._words = self._names = None
        shutil.rmtree(self.folder, ignore_errors=True)


def _counted(lines: Iterator[str], on_rows: Callable[[int], None]) -> Iterator[str]:
    for count, line in enumerate(lines, start=1):
        if not count % STEP:
            on_rows(count)
        yield line
