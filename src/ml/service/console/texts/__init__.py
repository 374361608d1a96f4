"""Every text of the console, in English and German; a module for each page.

Conventions
-----------
- A text's name begins with the page or the module that says it. What stands in braces is filled in by the page.
- Names that end in a word of the API (``state.running``) are asked for by that word: :data:`FAMILIES` lists them.
"""

from __future__ import annotations

from ml.service.console.texts import (
    account,
    audit,
    doors,
    erasure,
    experiments,
    frame,
    imports,
    library_map,
    listener,
    overview,
    people,
    playlists,
    reasons,
    search,
    track,
    work,
)
from ml.service.console.texts.text import LANGUAGES, Texts

__all__ = ["FAMILIES", "LANGUAGES", "TEXTS", "texts_in"]

#: Beginnings of names whose end comes from the API or from a list.
FAMILIES = frozenset(
    {"role", "theme", "job", "state", "activity", "how", "kind", "metric", "metric_role", "experiment", "do", "verdict"}
    | {"stands", "advice"}
    | {"key", "tonic"}
    | {"arc", "familiar"}
    | {"import", "importer", "unit", "holds", "field", "column", "format", "option", "step"}
    | {"erasedrow"}
    | {"reason", "reason_unit", "reason_id", "reason_kind", "work"}
    | {"mapby", "mapkind", "mapcolour", "mapstep"}
)
_PAGES = (
    *(frame, doors, overview, listener, erasure),
    *(search, track),
    *(playlists, library_map),
    *(people, audit, account, experiments, imports, reasons, work),
)
TEXTS: Texts = {name: said for page in _PAGES for name, said in page.TEXTS.items()}


def texts_in(language: str) -> dict[str, str]:
    """Give all texts in a language, by name."""
    place = LANGUAGES.index(language)
    return {name: said[place] for name, said in TEXTS.items()}
