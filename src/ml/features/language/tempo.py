"""Tempo: numbers of beats per minute, and words.

Conventions
-----------
- A number is itself, from 120 to 120; "about" is five percent to either side, rounded.
- "slow", "medium" and "fast" are what metronomes print: largo to adagio 40 to 76 BPM, andante and moderato 76 to 120,
  allegro and presto 120 to 200 (the scale of the pyramid metronome, Wittner; the same in most textbooks). The Italian
  words have their own stretches of it.
"""

from __future__ import annotations

import re

from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Range
from ml.features.language.tokens import Line, words

_SLOW, _MEDIUM, _FAST = Range(40, 76), Range(76, 120), Range(120, 200)
#: By what is written.
TEMPO_WORDS: dict[str, Range] = {
    written: tempo
    for tempo, words in (
        (
            _SLOW,
            (
                "slow, slowly, langsam, slow moving, slow burning, low bpm, gemächlichem tempo, langsamem tempo, "
                "lento, at a slow tempo, slowed down, in zeitlupe, geringes tempo, slow paced, slow tempo, low "
                "tempo, langsames tempo, getragen, schleppend"
            ),
        ),
        (
            _MEDIUM,
            (
                "mid tempo, midtempo, mittelschnelles tempo, mittelschnellem tempo, moderately fast, mittlere "
                "geschwindigkeit, medium speed, moderate pace, moderaten tempo, moderatem tempo, in mittlerem "
                "tempo, mid tempos, medium tempo, mid paced, medium paced, mittelschnell, mittleres tempo, "
                "mittlerem tempo, moderate tempo, moderates tempo, gemäßigtes tempo"
            ),
        ),
        (
            _FAST,
            (
                "fast, schnell, uptempo, up tempos, quick, brisk, racing, breakneck, high bpm, rasch, temporeich, "
                "schnellem tempo, at a fast tempo, fast moving, vivace, prestissimo, high tempos, in hohem tempo, "
                "hochtempo, with tempo, up tempo, fast paced, high tempo, rapid, flott, zügig, rasant, rasend, "
                "hohes tempo, hohem tempo, schnelles tempo, fast tempo, speedy, high speed"
            ),
        ),
        (Range(40, 60), "largo"),
        (Range(66, 76), "adagio"),
        (Range(76, 108), "andante"),
        (Range(108, 120), "moderato"),
        (Range(120, 168), "allegro"),
        (Range(168, 200), "presto"),
    )
    for written in words.split(", ")
}
LEAST, MOST = 20, 400
LEAST_BARE, MOST_BARE = 60, 200
_AT = re.compile(r"(?:at|bei) (\d{2,3})(?: (?:-|to|bis) (\d{2,3}))?(?= [,.;!?]|$)")
_N = r"(\d{2,3})(?: [.,] \d)?"
_UNIT = r"(?:bpm|b p m|beats per minute|beats pro minute|schlaege pro minute|schlaegen pro minute|beats a minute)"
_ISH = r" ?(?:ish|er|or so)"
_ABOUT = (
    r"(?:around|about|approximately|approx \.|approx|roughly|near|close to|circa|ca \.|ca|so um die|um die|um|"
    r"etwa|ungefaehr|rund)"
)
_LEAST_WORDS = (
    r"(?:at least|min \.|min|minimum|a minimum of|mindestens|over|above|more than|ueber|mehr als|faster than|"
    r"schneller als|quicker than|not below|not under|oberhalb von|ab|"
    r"from|upwards of|no slower than|not slower than|nicht langsamer als|higher than|nicht unter)"
)
_MOST_WORDS = (
    r"(?:at most|max \.|max|maximum|a maximum of|maximal|hoechstens|under|below|less than|unter|weniger als|"
    r"bis zu|bis|up to|"
    r"slower than|langsamer als|not above|not over|unterhalb von|no faster than|not faster than|nicht schneller als|"
    r"no more than|nicht mehr "
    r"als|lower than|nicht ueber)"
)
_TEMPO = r"(?:tempo|bpm)(?: of| von| bei| is| at| :| =)?"
_PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (
            rf"(?:(?:between|zwischen|from|von) )?{_N} (?:{_UNIT} )?(?:and|und|to|bis|or|oder|-|/) {_N} {_UNIT}\b",
            "between",
        ),
        (rf"{_TEMPO} (?:(?:between|zwischen|from|von) )?{_N} (?:and|und|to|bis|-) {_N}\b", "between"),
        (rf"{_LEAST_WORDS} {_N} {_UNIT}\b(?: (?:upwards|aufwaerts|and up))?", "least"),
        (rf"{_TEMPO} {_LEAST_WORDS} {_N}\b", "least"),
        (rf"{_MOST_WORDS} {_N} {_UNIT}\b", "most"),
        (rf"{_TEMPO} {_MOST_WORDS} {_N}\b", "most"),
        (
            (
                rf"{_N} \+ {_UNIT}\b|{_N} {_UNIT} (?:\+|plus|or more|or faster|and up|and above|and faster|oder "
                rf"mehr|oder schneller|aufwaerts|und mehr)"
            ),
            "least",
        ),
        (rf"{_N} {_UNIT} (?:or less|or slower|or below|and below|oder weniger|oder langsamer)\b", "most"),
        (rf"(?:{_ABOUT} )?(?:the )?{_N}{_ISH} {_UNIT}\b|{_ABOUT} (?:the |die |den )?{_N} {_UNIT}\b(?: mark)?", "about"),
        (rf"{_N} {_UNIT} (?:or so|oder so|rum|herum|ungefaehr|roughly|approximately|give or take)\b", "about"),
        (rf"{_N} {_UNIT} (?:max \.|max|maximum|maximal|hoechstens|tops|at most)(?= |$)", "most"),
        (rf"{_N} {_UNIT} (?:min \.|min|minimum|mindestens|at least)(?= |$)", "least"),
        (rf"{_N} (?:plus|\+) {_UNIT}\b", "least"),
        (rf"{_LEAST_WORDS} {_N} beats\b", "least"),
        (rf"{_TEMPO} {_ABOUT} {_N}\b", "about"),
        (rf"{_N} {_UNIT}\b", "exactly"),
        (r"(?:schneller als|faster than|quicker than) (1?\d\d)(?= [,.;]|$)", "least"),
        (r"(?:langsamer als|slower than) (1?\d\d)(?= [,.;]|$)", "most"),
        (rf"{_TEMPO} {_N}\b", "exactly"),
    )
)
STARTS = frozenset(
    re.findall(r"[a-z]{2,}", f"{_ABOUT} {_LEAST_WORDS} {_MOST_WORDS} tempo bpm between zwischen from von a no at bei")
)


_PACES = words("schneller faster quicker langsamer slower")
_UNITS = words("bpm b beats schlaege schlaegen tempo")


def read(line: Line, index: int) -> Reading | None:
    """Read a number of beats per minute.

    >>> from ml.features.language.tokens import tokenise
    >>> [str(read(tokenise(text), 0).slots[0].value) for text in ("100–120 bpm", "um 120 BPM", "under 90bpm")]
    ['100-120', '114-126', '-90']
    """
    token = line.tokens[index]
    if token.folded in {"at", "bei"}:
        bare = _bare(line, index)
        if bare is not None:
            return bare
    near = token.folded in _PACES or line.within(index, _is_unit, 10)
    if not near or not (token.is_number or token.folded in STARTS):
        return None
    for pattern, kind in _PATTERNS:
        found = line.match(pattern, index)
        if found is not None:
            numbers = [float(each) for each in found[0].groups() if each]
            if all(LEAST <= each <= MOST for each in numbers):
                return reading(line, index, found[1], "tempo_bpm", _range(kind, numbers), found[0].group())
    return None


def _bare(line: Line, index: int) -> Reading | None:
    """Read "at 128", as who mixes says it: a number that can be no other thing."""
    found = line.match(_AT, index)
    numbers = [] if found is None else [float(each) for each in found[0].groups() if each]
    if found is None or not all(LEAST_BARE <= each <= MOST_BARE for each in numbers):
        return None
    return reading(line, index, found[1], "tempo_bpm", Range(min(numbers), max(numbers)), found[0].group())


def _is_unit(folded: str) -> bool:
    return folded in _UNITS


def _range(kind: str, numbers: list[float]) -> Range:
    if kind == "between":
        return Range(min(numbers), max(numbers))
    if kind == "about":
        return Range(round(numbers[0] * 0.95), round(numbers[0] * 1.05))
    return Range(None if kind == "most" else numbers[0], None if kind == "least" else numbers[0])
