"""What a file name says about a track, for files that have no tags.

Conventions
-----------
Only patterns that people really use are read: ``01 - Artist - Title``, ``Artist - Title``,
``Artist - Album - 03 - Title``, ``03 Title``, ``1-03 Title``. Where a leading number could be
part of the title ("99 Luftballons") it stays.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# "03", "003", "1-03" (disc-track) and a separator.
_NUMBER = re.compile(r"(?:\d{1,2}-)?\d{1,3}\s*(?:[-._)–]+\s*|\s+)(?=\S)")
_CERTAIN_NUMBER = re.compile(
    r"(?:\d{1,2}-\d{2,3}|\d{1,3})\s*(?:[._)–]\s*|-\s+|\s+-\s*)(?=\S)|(?:\d{1,2}-)?0\d{1,2}[\s_-]+(?=\S)"
)
_DASH = re.compile(r"\s+[-–—]\s+")


class TrackName(NamedTuple):
    """Title, and artist and album where the name gives them."""

    title: str
    artist: str | None = None
    album: str | None = None


def parse_track_name(stem: str, *, numbered: bool = False) -> TrackName:
    """Read the name of a file, without folder and extension.

    Parameters
    ----------
    stem : str
        ``"01 - Artist - Title"``.
    numbered : bool
        The files of this folder are numbered, so a leading number is one even where it
        could be a word of the title.

    Examples
    --------
    >>> parse_track_name("01 - Nena - 99 Luftballons")
    TrackName(title='99 Luftballons', artist='Nena', album=None)
    >>> parse_track_name("99 Luftballons").title, parse_track_name("10 Sloop John B", numbered=True).title
    ('99 Luftballons', 'Sloop John B')
    """
    name = (stem if " " in stem else stem.replace("_", " ")).strip()
    number = (_NUMBER if numbered else _CERTAIN_NUMBER).match(name)
    rest = name[number.end() :] if number else name
    pieces = [piece.strip() for piece in _DASH.split(rest) if piece.strip()]
    if len(pieces) < 2:
        return TrackName(pieces[0] if pieces else stem)
    for at, piece in enumerate(pieces[1:-1], start=1):
        if piece.isdecimal() and len(piece) <= 3:
            album = " - ".join(pieces[1:at]) or None
            return TrackName(" - ".join(pieces[at + 1 :]), pieces[0], album)
    return TrackName(" - ".join(pieces[1:]), pieces[0])


def looks_numbered(stem: str) -> bool:
    """Tell whether a name surely begins with a track number.

    >>> looks_numbered("03 Title"), looks_numbered("99 Luftballons")
    (True, False)
    """
    return _CERTAIN_NUMBER.match(stem) is not None
