"""A parse in words, so that whoever asked sees what was understood."""

from __future__ import annotations

from collections.abc import Sequence

from ml.features.language.languages import LANGUAGES
from ml.features.language.names import GERMAN, KIND_NAMES
from ml.features.language.slots import Change, Range, Slot, Term
from ml.foundation.phrase import Language, require_language

_SECONDS = frozenset({"duration_s", "track_duration_s"})
_ENDS = {
    "en": ("{low} to {high}", "from {low}", "up to {high}"),
    "de": ("{low} bis {high}", "ab {low}", "bis {high}"),
}
_YES = {
    ("vocals", True): ("with vocals", "mit Gesang"),
    ("vocals", False): ("without vocals", "ohne Gesang"),
    ("explicit", True): ("explicit words welcome", "explizite Texte erlaubt"),
    ("explicit", False): ("no explicit words", "keine expliziten Texte"),
}
_NOT = {"en": "not {said}", "de": "nicht {said}"}
_MORE = {"en": ("more {feature}", "less {feature}"), "de": ("mehr {feature}", "weniger {feature}")}
_UNCLEAR = {"en": "{text}: no number is taken from it", "de": "{text}: daraus wird keine Zahl"}
_REST = {"en": "searched for: {text}", "de": "gesucht: {text}"}


def described(slots: Sequence[Slot], rest: Sequence[Term], language: str) -> str:
    """Say what slots and terms ask for, in one line: see :func:`pieces`."""
    return "; ".join(pieces(slots, rest, language))


def pieces(slots: Sequence[Slot], rest: Sequence[Term], language: str) -> tuple[str, ...]:
    """Say what slots and terms ask for, piece by piece.

    Parameters
    ----------
    slots : sequence of Slot
    rest : sequence of Term
    language : str
        ``"en"`` or ``"de"``.

    Raises
    ------
    ml.foundation.errors.BadInput
    """
    tongue = require_language(language)
    said = [_slot(slot, tongue) for slot in slots]
    left = [_refused(_REST[tongue].format(text=term.text), term.wanted, tongue) for term in rest]
    return tuple(dict.fromkeys([*said, *left]))


def _slot(slot: Slot, language: Language) -> str:
    german = language == "de"
    if isinstance(slot.value, bool):
        return _YES[slot.kind, slot.value][german]
    if slot.kind == "unclear":
        return _UNCLEAR[language].format(text=slot.word)
    if isinstance(slot.value, Change):
        said = _MORE[language][slot.value.direction < 0].format(feature=_word("change", slot.value.feature, language))
    elif isinstance(slot.value, Range):
        said = _range(slot.value, slot.kind, language)
    else:
        said = _word(slot.kind, str(slot.value), language)
    return _refused(f"{KIND_NAMES[slot.kind][german]}: {said}", slot.wanted, language)


def _refused(said: str, wanted: bool, language: Language) -> str:
    return said if wanted else _NOT[language].format(said=said)


def _word(kind: str, value: str, language: Language) -> str:
    if kind == "language":
        names = LANGUAGES[value].synonyms.split(", ")
        return names[1].capitalize() if language == "de" else names[0].capitalize()
    if kind == "key" and language == "de":
        return _german_key(value)
    return GERMAN.get(value, value) if language == "de" and kind not in {"like", "artist", "name", "count"} else value


def _german_key(value: str) -> str:
    tonic, mode = value.split()
    german = {"B": "H", "Bb": "B", "Db": "Des", "Eb": "Es", "Gb": "Ges", "Ab": "As"}.get(tonic, tonic)
    return f"{german.lower()}-Moll" if mode == "minor" else f"{german}-Dur"


def _range(value: Range, kind: str, language: Language) -> str:
    low, high = (None if end is None else _number(end, kind) for end in (value.low, value.high))
    if low == high and low is not None:
        return low
    both, least, most = _ENDS[language]
    return (most if low is None else least if high is None else both).format(low=low, high=high)


def _number(value: float, kind: str) -> str:
    if kind in _SECONDS:
        whole = round(value)
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{value:g} BPM" if kind == "tempo_bpm" else f"{value:g}"
