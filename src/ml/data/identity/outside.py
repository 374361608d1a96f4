"""Ids as the outside writes them: ``source:id``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ml.foundation.errors import BadInput


@dataclass(frozen=True, slots=True)
class OutsideId:
    """A name that another system gave to something.

    Parameters
    ----------
    source : str
        Who gave it: ``spotify``, ``mbid``, ``hetrec``, ``file``, ``demo``, ``local``.
    external : str
        The rest, as that system writes it.
    """

    source: str
    external: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``source:id``.

        >>> OutsideId.parse("spotify:track:4uLU")
        OutsideId(source='spotify', external='track:4uLU')

        Raises
        ------
        BadInput
            If there is no source or no id.
        """
        source, colon, external = text.partition(":")
        if not (source and colon and external):
            raise BadInput(f"{text!r} is not an outside id", "write source:id, such as hetrec:user/2")
        return cls(source, external)

    def __str__(self) -> str:
        return f"{self.source}:{self.external}"
