"""What is new in a list, against another one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Change(Result):
    """One track and its places, from 1; None where it is not in the list.

    Parameters
    ----------
    track_id : str
    title : str
    before, after : int or None
    """

    track_id: str
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Difference(Result):
    """How one list became another.

    Parameters
    ----------
    added : tuple of Change
        By their places in the new list.
    removed : tuple of Change
        By their places in the old list.
    moved : tuple of Change
        Tracks of both lists that stand in another order: as few as explain it.
    kept : tuple of Change
        Tracks of both lists in the same order, wherever they are now.
    """

    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    moved: tuple[Change, ...]
    kept: tuple[Change, ...]

    def apply(self, old: Sequence[str]) -> tuple[str, ...]:
        """Make the new list of the old one.

        Raises
        ------
        ValueError
            If the difference is not one of this list.
        """
        gone = {change.before: change.track_id for change in (*self.removed, *self.moved)}
        if any(not 1 <= (at or 0) <= len(old) or old[(at or 0) - 1] != name for at, name in gone.items()):
            raise ValueError("the difference is not one of this list")
        rest = iter([name for at, name in enumerate(old, start=1) if at not in gone])
        placed = {change.after: change.track_id for change in (*self.added, *self.moved)}
        n = len(placed) + len(old) - len(gone)
        return tuple(placed[at] if at in placed else next(rest) for at in range(1, n + 1))


def difference(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Difference:
    """Tell how one list became another.

    Parameters
    ----------
    old, new : sequence of (id, title)
        A track that is several times in a list is told apart by its turn.

    Examples
    --------
    >>> found = difference([(name, name) for name in "abcd"], [(name, name) for name in "dxab"])
    >>> [[change.track_id for change in part] for part in (found.added, found.removed, found.moved, found.kept)]
    [['x'], ['c'], ['d'], ['a', 'b']]
    >>> "".join(found.apply("abcd"))
    'dxab'
    """
    before, after = _turns(old), _turns(new)
    titles = {**dict(old), **dict(new)}

    def change(turn: tuple[str, int]) -> Change:
        return Change(turn[0], titles[turn[0]], before.get(turn), after.get(turn))

    both = [turn for turn in before if turn in after]
    same = {both[place] for place in _longest_rising([after[turn] for turn in both])}
    return Difference(
        added=tuple(change(turn) for turn in after if turn not in before),
        removed=tuple(change(turn) for turn in before if turn not in after),
        moved=tuple(change(turn) for turn in both if turn not in same),
        kept=tuple(change(turn) for turn in both if turn in same),
    )


def _turns(tracks: Sequence[tuple[str, str]]) -> dict[tuple[str, int], int]:
    """Give the places, from 1, by id and how often the id came before."""
    times: dict[str, int] = {}
    found: dict[tuple[str, int], int] = {}
    for place, (name, _) in enumerate(tracks, start=1):
        times[name] = times.get(name, -1) + 1
        found[name, times[name]] = place
    return found


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Give the places of a longest rising part.

    >>> _longest_rising([4, 1, 2, 3])
    [1, 2, 3]
    """
    ends: list[int] = []  # the least value that a rising part of each length ends with
    places: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(places[length - 1] if length else None)
        ends[length : length + 1] = [value]
        places[length : length + 1] = [place]
    found: list[int] = []
    at = places[-1] if places else None
    while at is not None:
        found.append(at)
        at = before[at]
    return found[::-1]
