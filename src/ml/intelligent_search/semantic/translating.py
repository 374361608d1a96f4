"""A request as the English that the text encoder reads.

MiniLM knows English only. A request stays as it is where each piece that the grammar understood is known as it was
written: a word whole in the encoder's vocabulary, or a phrase that documents have. Else what is not known is written
with the grammar's canonical word, which is English; what the grammar did not understand stays; what is refused goes.
"""

from __future__ import annotations

from collections.abc import Callable

from ml.features.language import Parse, Range, parse
from ml.features.language.languages import LANGUAGES
from ml.features.language.slots import Slot

#: Kinds whose values say how music sounds or when it is heard; the others are names, numbers or people's taste.
_SAID = frozenset(
    {"mood", "activity", "time_of_day", "weekday", "location", "energy_level", "genre", "instrument", "tag"}
)
_KEPT = _SAID | {"years", "language", "name", "artist"}
_ENERGY = {"low": "calm", "medium": "", "high": "energetic"}
_VOCALS = {"female vocals": "female vocalists", "male vocals": "male vocalists"}
#: Tells whether words are known as they were written.
Knows = Callable[[str], bool]


def english(request: str | Parse, knows: Knows | None = None) -> str:
    """Write a request in English words.

    Parameters
    ----------
    request : str or Parse
    knows : callable, optional
        From a piece of the request to whether it is known; left out, every piece gets its canonical word.

    Examples
    --------
    >>> english("ruhige Klaviermusik zum Lernen ohne Gesang")
    'calm piano focus instrumental'
    >>> english("Deep House aus den 90ern"), english("deep house of the 90s", lambda words: True)
    ('electronic 1990s', 'deep house of the 90s')
    >>> english("bohemian rhapsody")
    'bohemian rhapsody'
    """
    found = parse(request) if isinstance(request, str) else request
    kept = [
        knows is not None and slot.kind in _KEPT and knows(found.text[slot.start : slot.end]) for slot in found.slots
    ]
    if all(kept) and all(slot.wanted for slot in found.slots) and all(term.wanted for term in found.rest):
        return found.text.strip()
    words = [(slot.start, _word(slot, found.text[slot.start : slot.end], knows)) for slot in found.slots]
    words += [(term.start, term.text) for term in found.rest if term.wanted]
    return " ".join(dict.fromkeys(word for _, word in sorted(words) if word))


def _stays(slot: Slot, found: Parse, knows: Knows | None) -> bool:
    written = found.text[slot.start : slot.end]
    return slot.wanted and knows is not None and slot.kind in _KEPT and knows(written)


def _word(slot: Slot, written: str, knows: Knows | None) -> str:
    if slot.kind == "vocals":
        return "vocals" if slot.value is slot.wanted else "instrumental"
    if not slot.wanted:
        return ""
    if slot.kind in {"name", "artist", "like"}:
        return str(slot.value)
    if knows is not None and slot.kind in _KEPT and knows(written):
        return written
    if slot.kind == "energy_level":
        return _ENERGY.get(str(slot.value), str(slot.value))
    if slot.kind in _SAID:
        return _VOCALS.get(str(slot.value), str(slot.value))
    if slot.kind == "language":
        return LANGUAGES[str(slot.value)].synonyms.split(", ")[0]
    return _range(slot.kind, slot.value) if isinstance(slot.value, Range) else ""


def _range(kind: str, value: Range) -> str:
    low, high = value.low, value.high
    if kind == "years" and low is not None:
        return f"{low:g}s" if high is not None and high - low == 9 and low % 10 == 0 else f"{low:g}"
    if kind == "tempo_bpm":
        return "slow" if high is not None and high < 100 else "fast" if low is not None and low >= 120 else ""
    return ""
