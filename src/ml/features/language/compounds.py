"""German compounds: one word of several that are known."""

from __future__ import annotations

from functools import lru_cache

from ml.features.language.filler import FILLER
from ml.features.language.lexicon import Sense, lexicon
from ml.features.language.tokens import fold, words

#: What the last part may be without a meaning of its own.
_LAST = frozenset(
    fold(word)
    for word in words(
        "musik song songs lied lieder liedern playlist mix mixe sound sounds klang klänge klängen stück stücke "
        "stücken stimmung vibes beat beats titel track tracks album alben konzert konzerte nummern nummer runde "
        "session programm begleitung rhythmus rhythmen melodie melodien solo soli werke werk zeit tag tage "
        "künstler künstlern band bands version versionen aufnahme aufnahmen liste spiel gesang klassiker ballade "
        "balladen abend text texte texten sprachig sprachige sprachigen sprachiger sprachiges gefühl atmosphäre "
        "untermalung dinner tour art kram zeug sachen kracher knaller"
    )
)
_LINKS = ("", "s", "n", "en", "es", "e")
_LONGEST, _SHORTEST = 40, 6


@lru_cache(maxsize=1 << 12)
def split(folded: str) -> tuple[tuple[int, int, tuple[Sense, ...]], ...]:
    """Cut a compound into parts that are known.

    Parameters
    ----------
    folded : str
        One word.

    Returns
    -------
    tuple of (begin, end, senses)
        Places in the folded word; nothing where it is no compound of known parts.

    Examples
    --------
    >>> [(begin, end, senses[0].value) for begin, end, senses in split("sommerabend")]
    [(0, 6, 'summer'), (6, 11, 'evening')]
    >>> [(begin, end, senses[0].value) for begin, end, senses in split("klaviermusik")]
    [(0, 12, 'piano')]
    """
    if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isalpha():
        return ()
    for cut in range(len(folded) - 3, 2, -1):
        head = _head(folded[:cut])
        if head:
            tail = _tail(folded[cut:])
            if tail is not None:
                return _joined(head, cut, tail, len(folded))
    return ()


def _head(written: str) -> tuple[Sense, ...]:
    for link in _LINKS:
        if written.endswith(link) and len(written) - len(link) >= 3:
            found = lexicon().senses(written[: len(written) - len(link)])
            if found and found[0].kind != "name of a thing":
                return tuple(found)
    return ()


def _tail(written: str) -> tuple[tuple[int, int, tuple[Sense, ...]], ...] | None:
    """Give the parts of what follows the first; none where it has no meaning, None where it is not known."""
    found = tuple(lexicon().senses(written)) if len(written) >= 3 else ()
    if found and written not in FILLER and found[0].kind != "name of a thing":
        return ((0, len(written), found),)
    if written in _LAST:
        return ()
    return split(written) or None


def _joined(
    head: tuple[Sense, ...], cut: int, tail: tuple[tuple[int, int, tuple[Sense, ...]], ...], length: int
) -> tuple[tuple[int, int, tuple[Sense, ...]], ...]:
    if not tail:
        return ((0, length, head),)
    return ((0, cut, head), *((cut + begin, cut + end, senses) for begin, end, senses in tail))
