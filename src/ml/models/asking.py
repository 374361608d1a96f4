"""The situation that a listener asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asking:
    """The moment for which something is to be found; what is None is not known, and changes nothing.

    Parameters
    ----------
    activity, device, mood, location : str, optional
        Canonical words of :mod:`ml.features.vocabulary`.
    hour : int in [0, 23], optional
        The listener's own clock.
    weekday : int in [0, 6], optional
        Monday is 0.
    """

    activity: str | None = None
    device: str | None = None
    mood: str | None = None
    location: str | None = None
    hour: int | None = None
    weekday: int | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return any(getattr(self, name) is not None for name in self.__slots__)
