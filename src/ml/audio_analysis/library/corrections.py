"""What somebody knows better: fields that can be corrected, and corrections applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ml.features.audio.rhythm.network import METRES
from ml.features.keys import NAMES, camelot, key_number
from ml.foundation.errors import BadInput, did_you_mean

_SAME_KEY = {"C#": "Db", "D#": "Eb", "F#": "Gb", "G#": "Ab", "A#": "Bb", "Cb": "B", "B#": "C", "Fb": "E", "E#": "F"}
_SLOWEST_BPM, _FASTEST_BPM = 10.0, 500.0


def _tempo(text: str) -> float:
    tempo = float(text)
    if not _SLOWEST_BPM <= tempo <= _FASTEST_BPM:
        raise ValueError
    return tempo


def _key(text: str) -> str:
    name = text[:1].upper() + text[1:].replace("♭", "b").replace("♯", "#")
    name = _SAME_KEY.get(name, name)
    if name not in NAMES:
        raise ValueError
    return name


def _mode(text: str) -> str:
    if text.lower() not in {"major", "minor"}:
        raise ValueError
    return text.lower()


def _metre(text: str) -> str:
    if text not in METRES:
        raise ValueError
    return text


#: The fields that can be corrected: how a value is read, and what is a value.
CORRECTABLE: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "tempo_bpm": (_tempo, f"beats a minute, {_SLOWEST_BPM:.0f} to {_FASTEST_BPM:.0f}"),
    "key": (_key, f"one of {', '.join(NAMES)}"),
    "mode": (_mode, "major or minor"),
    "time_signature": (_metre, f"one of {', '.join(METRES)}"),
}


def read_correction(field: str, value: object) -> Any:
    """Read the value of a correction, from text or as it is; None and empty text take one back.

    Raises
    ------
    BadInput
        If the field cannot be corrected, or the value is none of it.

    Examples
    --------
    >>> read_correction("tempo_bpm", "120"), read_correction("key", "f#"), read_correction("time_signature", "3/4")
    (120.0, 'Gb', '3/4')
    """
    if field not in CORRECTABLE:
        raise BadInput(f"{field!r} cannot be corrected", did_you_mean(field, CORRECTABLE))
    if value is None or value == "":
        return None
    read, what = CORRECTABLE[field]
    try:
        return read(str(value).strip())
    except ValueError:
        raise BadInput(f"{field}={value}: not a value that it can have", f"give {what}") from None


def corrected(analysis: Mapping[str, Any], corrections: Mapping[str, Any]) -> dict[str, Any]:
    """Put corrections into an analysis; what follows from them follows."""
    whole = {**analysis, **corrections}
    if not {"key", "mode"}.isdisjoint(corrections):
        number = key_number(whole.get("key"), whole.get("mode"))
        whole["camelot"] = None if number is None else camelot(number)
    return whole
