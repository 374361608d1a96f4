"""How large a demo world is."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.errors import BadInput

#: A listener cannot hear more than this in a day; a world asking for more on average is refused.
MOST_A_DAY = 10
SHORTEST_DAYS = 28


@dataclass(frozen=True, slots=True)
class DemoSize:
    """Sizes of a world; the effects do not depend on them.

    Parameters
    ----------
    listeners : int >= 1
    tracks : int >= artists
    artists : int >= 1
    listens : int >= 1
        At most 10 for each listener and day.
    days : int >= 28
        Length of the history, which ends on 2026-06-30.

    Raises
    ------
    ml.foundation.errors.BadInput
        If the sizes do not fit together.

    Examples
    --------
    >>> DemoSize(listeners=100, tracks=50, artists=10, listens=1000).days
    540
    """

    listeners: int = 3_000
    tracks: int = 8_000
    artists: int = 900
    listens: int = 400_000
    days: int = 540

    def __post_init__(self) -> None:
        for name, least in (("listeners", 1), ("artists", 1), ("listens", 1), ("days", SHORTEST_DAYS)):
            if getattr(self, name) < least:
                raise BadInput(f"demo world: {name} is {getattr(self, name)}", f"give at least {least}")
        if self.tracks < self.artists:
            raise BadInput(
                f"demo world: {self.tracks} tracks are fewer than {self.artists} artists",
                "every artist has a track: give more tracks or fewer artists",
            )
        most = MOST_A_DAY * self.listeners * self.days
        if self.listens > most:
            raise BadInput(
                f"demo world: {self.listens} listens are more than {MOST_A_DAY} for each listener and day",
                f"give at most {most} listens, or more listeners or days",
            )
