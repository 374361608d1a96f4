"""Drawing on the terminal: plain words where nobody watches in colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_PIPED_WIDTH = 120


@lru_cache(maxsize=1)
def screen() -> Console:
    """Give stdout; as wide as a table may need where no terminal sets the width."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


@lru_cache(maxsize=1)
def problems() -> Console:
    """Give stderr."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print a line that may carry rich's markup; data in it must be escaped with :func:`data`."""
    screen().print(text, soft_wrap=True)


def data(text: object) -> str:
    """Escape what comes from data, so that a title with brackets stays a title."""
    return escape(str(text))


def sure(text: str, confidence: float | None) -> str:
    """Give a value with how probable it is.

    >>> sure("120.0", 0.934), sure("120.0 *", None)
    ('120.0 (93%)', '120.0 *')
    """
    return text if confidence is None else f"{text} ({confidence:.0%})"


def notices(texts: Iterable[str], label: str = "note:") -> None:
    """Print notices."""
    for text in texts:
        say(f"[yellow]{label}[/] {data(text)}")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
    """Print a table; on a narrow terminal the last column is folded.

    Parameters
    ----------
    right : sequence of int
        Columns of numbers.
    """
    drawn = Table(box=None, pad_edge=False, header_style="dim")
    for place, name in enumerate(columns):
        drawn.add_column(name, justify="right" if place in right else "left", overflow="fold", no_wrap=place in right)
    for row in rows:
        drawn.add_row(*(_cell(value) for value in row))
    screen().print(drawn)


def _cell(value: Any) -> str | Text:
    return value if isinstance(value, Text) else "" if value is None else data(value)


def stepper() -> Callable[[str], None]:
    """Give a function that says on stderr what is being done, where somebody watches."""
    console = problems()

    def step(label: str) -> None:
        if console.is_terminal:
            console.print(f"[dim]· {data(label)}[/]")

    return step
