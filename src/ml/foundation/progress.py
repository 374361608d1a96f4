"""Progress bars on stderr; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")
# Of what went before, that the time left is told by.
_PACE_S = 300.0

#: Told in a few words what is being done.
OnStep = Callable[[str], None]


def unwatched(_: str) -> None:
    """Let what is being done pass: the :data:`OnStep` of nobody."""


class progress:  # noqa: N801  # reads as a verb at every place of use
    """Show how far something is, as a context or around an iterable.

    Drawn only where stderr is a terminal; elsewhere it does nothing, and rich is not imported.

    Parameters
    ----------
    total : int, optional
        Steps; None where nobody knows.
    label : str
        What is going on, in a word or two.

    Examples
    --------
    >>> with progress(total=2, label="importing") as bar:
    ...     bar.advance(2)
    >>> [n * n for n in progress(label="squares").over([1, 2])]
    [1, 4]
    """

    def __init__(self, total: int | None = None, label: str = "") -> None:
        self.total = total
        self.label = label
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr is not None and sys.stderr.isatty():
            self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def advance(self, steps: float = 1) -> None:
        """Count steps that are done; any thread may."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, steps)

    def describe(self, label: str) -> None:
        """Change the label."""
        self.label = label
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=label)

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """Give the items one by one, counting each when the next is asked for."""
        if self.total is None and isinstance(items, Sized):
            self.total = len(items)
        with self:
            for item in items:
                yield item
                self.advance()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            *([TextColumn("left"), TimeRemainingColumn()] if self.total is not None else []),
        )
        # Steps may take long: the time left is told by the last minutes' pace, not by the last seconds'.
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=_PACE_S)
        self._task = self._bar.add_task(self.label, total=self.total)
        self._bar.start()
