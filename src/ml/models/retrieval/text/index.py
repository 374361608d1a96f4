"""An index of texts in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tantivy import Index, Schema, Searcher

from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.text.tokens import register

#: Bytes that the writing threads gather, at most, before they write a segment each: a search looks into every segment.
_HEAP = 512 << 20
_THREADS = 2


class TextIndex:
    """An index of texts in a folder, made empty where there is none.

    Parameters
    ----------
    folder : Path
    schema : tantivy.Schema

    Raises
    ------
    CorruptIndex
        If what lies there is damaged, or of another schema.
    """

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder, self.schema = folder, schema
        folder.mkdir(parents=True, exist_ok=True)
        with _damage_named(folder):
            self._index = Index(schema, str(folder), reuse=True)
        register(self._index)

    def change(self, added: Iterable[str], *, field: str = "", removed: Iterable[str] = ()) -> None:
        """Take documents out, put documents in, and let searchers from now on see both.

        Parameters
        ----------
        added : iterable of str
            Documents as JSON.
        field : str, optional
            By which documents are taken out.
        removed : iterable of str
            Values of that field.

        Raises
        ------
        CorruptIndex
        """
        with _damage_named(self.folder):
            writer = self._index.writer(_HEAP, _THREADS)
            for value in removed:
                writer.delete_documents_by_term(field, value)
            for document in added:
                writer.add_json(document)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def searcher(self) -> Searcher:
        """Give what searches the index as it is now."""
        return self._index.searcher()


class _damage_named:  # noqa: N801
    """Turn the errors of a damaged index into :class:`CorruptIndex`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | OSError):
            raise CorruptIndex(f"{self._folder}: the index cannot be read ({error})") from error
