"""Lyrics: plain text, and LRC with its times.

Conventions
-----------
- ``[mm:ss.xx]`` before a line says when it is sung; several stamps repeat the line.
- ``[offset:+250]`` shows every line 250 ms *earlier*.
- ``<mm:ss.xx>`` stamps of single words are taken out; ``[ar:…]`` and its like are no lyrics.
- In a timed text a line without a stamp belongs to the line before it and takes its time.

References
----------
https://en.wikipedia.org/wiki/LRC_(file_format)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STAMP = re.compile(r"\[(\d{1,3}):([0-5]?\d)(?:[.:](\d{1,3}))?\]\s*")
_WORD_STAMP = re.compile(r"<\d{1,3}:[0-5]?\d(?:[.:]\d{1,3})?>\s?")
_TAG = re.compile(r"\[(ar|al|ti|au|by|re|ve|tool|length|la|id|offset|#)\s*:(.*)\]\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LyricLine:
    """A line and when it begins."""

    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The words of a song.

    Parameters
    ----------
    text : str
        The words; where they are timed, in the order of singing.
    lines : tuple of LyricLine
        In order of time; empty where the words have no times.
    """

    text: str
    lines: tuple[LyricLine, ...] = ()

    @property
    def synced(self) -> bool:
        """Tell whether the lines have times."""
        return bool(self.lines)

    def to_lrc(self) -> str:
        """Give one ``[mm:ss.xxx]`` line each, offset applied; the plain text where there are no times."""
        return "\n".join(f"[{_clock(line.start_ms)}]{line.text}" for line in self.lines) or self.text


def parse_lyrics(text: str) -> Lyrics | None:
    r"""Read plain or LRC text; None where no words are left.

    Examples
    --------
    >>> song = parse_lyrics("[offset:+500]\n[00:12.50][01:00.5]La la")
    >>> song.lines
    (LyricLine(start_ms=12000, text='La la'), LyricLine(start_ms=60000, text='La la'))
    >>> parse_lyrics("La la").synced
    False
    """
    offset_ms = 0
    last: tuple[int, ...] = (0,)
    timed: list[tuple[int, bool, str]] = []
    plain: list[str] = []
    for raw in text.replace("\x00", "").splitlines():
        line = raw.strip()
        if tag := _TAG.match(line):
            offset_ms = _offset_ms(tag[2]) if tag[1].lower() == "offset" else offset_ms
            continue
        stamps, words = _take_stamps(line)
        plain.append(words)
        last = stamps or last
        if stamps or words:
            timed += [(at, bool(stamps), words) for at in last]
    words_only = "\n".join(plain).strip()
    if not words_only:
        return None
    if not any(stamped for _, stamped, _ in timed):
        return Lyrics(words_only)
    lines = sorted((LyricLine(max(0, at - offset_ms), words) for at, _, words in timed), key=lambda line: line.start_ms)
    return Lyrics("\n".join(line.text for line in lines).strip(), tuple(lines))


def _take_stamps(line: str) -> tuple[tuple[int, ...], str]:
    stamps, at = [], 0
    while found := _STAMP.match(line, at):
        stamps.append((int(found[1]) * 60 + int(found[2])) * 1000 + _fraction_ms(found[3]))
        at = found.end()
    return tuple(stamps), _WORD_STAMP.sub("", line[at:]).strip()


def _fraction_ms(digits: str | None) -> int:
    # ".5" is half a second, ".50" and ".500" too.
    return int((digits or "").ljust(3, "0"))


def _offset_ms(text: str) -> int:
    found = re.fullmatch(r"\s*([+-]?\d{1,7})\s*", text)
    return int(found[1]) if found else 0


def _clock(time_ms: int) -> str:
    minutes, rest_ms = divmod(time_ms, 60_000)
    return f"{minutes:02d}:{rest_ms // 1000:02d}.{rest_ms % 1000:03d}"
