"""Which tracks are the same song, by their names."""

from __future__ import annotations

import re

from ml.data.identity import match_key

# "(Live at Wembley)", "- Acoustic Version", "[Radio Edit]": notes on which version it is.
_VERSION = re.compile(
    r"\b(?:live|acoustic|unplugged|demo|remix(?:ed)?|mix|edit|version|remaster(?:ed)?|instrumental|karaoke|session|take|"
    r"mono|stereo|rework|reprise|extended|radio|single|album|original|bonus|alternate|akustisch|fassung)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]")
_DASH = re.compile(r"\s+[-–—]\s+(.*)$")


def song_key(title: str, credit: str | None) -> str:
    """Give a text that all versions of a song by one artist share.

    Examples
    --------
    >>> song_key("Hurt - Live", "Johnny Cash") == song_key("Hurt (Acoustic Version)", "Johnny Cash")
    True
    >>> song_key("Alive", "Pearl Jam") == song_key("Live", "Pearl Jam")
    False
    """
    plain = _BRACKETS.sub(lambda found: "" if _VERSION.search(found[1]) else found[0], title)
    after = _DASH.search(plain)
    if after is not None and _VERSION.search(after[1]):
        plain = plain[: after.start()]
    return match_key("track", plain.strip() or title, credit)
