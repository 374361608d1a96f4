"""What commands share whose result can be a page: options, and the way to the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, problems
from ml.foundation.paths import expanded
from ml.pages import writing

Html = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(help="Write a page with plots to this file, replacing it; needs the extra `report`."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout alone.")]


def page_at(html: Path | None) -> Path | None:
    """Give where the page is to be written, refusing what cannot be before any work is begun.

    Raises
    ------
    BadInput, MissingExtra
    """
    if html is None:
        return None
    page = expanded(html)
    writing.check(page)
    return page


def put_out(
    found: Any, show: Callable[[Any], None], write: Callable[[Path], None], *, page: Path | None, json: bool
) -> None:
    """Print a result, and then write its page: should the disk be full, what was found is on the screen."""
    if json:
        print_json(found)
    else:
        show(found)
    if page is not None:
        write(page)
        problems().print(f"the page: {data(page)}", soft_wrap=True)
