"""How long the list is to be, and how long each track.

Conventions
-----------
In seconds. A stretch of time is the list's; it is the tracks' where it is below ten minutes, where it is bounded on
one side and at most a quarter of an hour ("over 12 minutes"), where it stands before "songs" ("12-minute songs")
or where each is said to have it.
"""

from __future__ import annotations

import re

from ml.features.language.numbers import FIRST_WORDS, NUMBER, number
from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Range
from ml.features.language.tokens import Line, words

#: Longest of what bounds on one side are taken to mean tracks, and longest of "n-minute songs".
LONGEST_TRACK_S = 900
#: What is shorter than this is no list.
SHORTEST_LIST_S = 600
_H = r"(?:hours|hour|hrs|hr|h|stunden|stunde|std \.|std|stuendige[nrsm]?|stuendig)"
_M = r"(?:minutes|minute|mins|min|m(?= |$)|minuten|minuetige[nrsm]?|minuetig|min \.)"
_S = r"(?:seconds|second|secs|sec|sekunden|sekunde)"
_FULL = r"(?:gute|guten|knappe|knappen|ganze|ganzen|volle|vollen|gute|good|full|solid|whole|straight|more|weitere)"
_HALVES = {"anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5, "dreieinhalb": 3.5, "viereinhalb": 4.5}
_WORD_HOURS = {"ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "acht": 8, "zehn": 10}
_N = rf"({NUMBER})"
_TIMES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_N} {_H} and a half\b", "hours and a half"),
        (r"(?:the )?next hour\b|(?:die |der )?naechste[nr]? stunde\b", "hour"),
        (rf"{_N} and a half {_H}\b", "hours and a half"),
        (rf"(?:{_N} and a half {_M}|{_N} {_M} and a half|({'|'.join(_HALVES)}) {_M})(?= |$)", "minutes and a half"),
        (
            (
                rf"{_N} {_H} (?:und )?(15|30|45|fuenfzehn|dreissig|fuenfundvierzig)(?= |$)(?! (?:{_S}|songs|tracks|"
                rf"lieder|titel|stuecke|hits|bpm)\b)"
            ),
            "hours minutes",
        ),
        (rf"{_N} 1 / 2 {_H}\b", "hours and a half"),
        (r"(?:three quarters of an hour|dreiviertelstunde|dreiviertel stunde|drei viertelstunden)\b", "three quarters"),
        (r"(?:(?:a |eine[rn]? )?quarter of an hour|(?:a )?quarter hour|viertelstunde|viertel stunde)\b", "quarter"),
        (
            (
                r"(?:half (?:an|a) hour|(?:a )?half hour|(?:eine[rn]? )?halben? stunde|halbstuendige[nrsm]?|"
                r"halbstuendig)\b"
            ),
            "half",
        ),
        (r"(eine[rn]? |a |an )(?:three quarters of an hour|dreiviertelstunde|dreiviertel stunde)\b", "three quarters"),
        (r"(eine[rn]? |a |an )(?:viertelstunde|viertel stunde)\b|viertelstuendig(?:e[nrsm]?)?\b", "quarter"),
        (rf"({'|'.join(_HALVES)}) ?(?:{_H})\b", "halves"),
        (rf"({'|'.join(_WORD_HOURS)})(?:stuendige[nrsm]?|stuendig)\b", "word hours"),
        (rf"(\d{{1,2}}) : (\d\d) {_H}\b", "clock hours"),
        (rf"(\d{{1,2}}) : (\d\d) {_M}\b", "clock minutes"),
        (rf"{_N} {_H}(?: and| und| ,)? {_N} {_M}\b", "hours minutes"),
        (r"(\d{1,2}) (?:h|hr) (\d{1,2})\b", "hours minutes"),
        (rf"{_N} {_M}(?: and| und| ,)? {_N} {_S}\b", "minutes seconds"),
        (
            rf"(\d{{1,2}}) {_M} (\d{{1,2}})(?= |$)(?! {_M}| {_H}| bpm| songs| tracks| lieder| titel| er\b| s\b)",
            "minutes seconds",
        ),
        (r"(\d{1,2}) : ([0-5]\d)(?= (?:each|per|pro|je|long|lang)\b)", "clock minutes"),
        (rf"{_N} {_FULL} {_H}(?= |$)", "hours"),
        (rf"{_N} {_H}(?= |$)", "hours"),
        (rf"{_N} {_M}(?= |$)", "minutes"),
        (rf"{_N} {_S}\b", "seconds"),
    )
)
_CLOCK = re.compile(r"(\d{1,2}) : ([0-5]\d)(?: : ([0-5]\d))?(?! (?:uhr|am|pm)\b)(?= |$)")
_BETWEEN = re.compile(
    rf"(?:between |zwischen |from |von )?{_N} ({_H} |{_M} )?(?:and|und|to|bis|or|oder|-) {_N} ({_H}|{_M})(?= |$)"
)
_LEAST = re.compile(
    r"(?:at least|min \.|minimum|mindestens|over|more than|longer than|ueber|mehr als|laenger als|no shorter than|"
    r"nicht kuerzer als|not shorter than|not under|above|nicht unter|oberhalb von|ab)(?: about| ca \.| etwa)?\b"
)
_MOST = re.compile(
    r"(?:at most|max \.|max|maximum|maximal|hoechstens|under|below|less than|fewer than|shorter than|kuerzer als|unter|"
    r"weniger als|bis zu|up to|no longer than|not longer than|nicht laenger als|nicht mehr als|no more than|"
    r"within|not over|nicht ueber|unterhalb von|no more than)"
    r"(?: about| ca \.| etwa)?\b"
)
_TRACKS = words(
    "songs song tracks track lieder lied liedern titel stuecke stueck stuecken pieces piece tunes tune nummern"
)
_EACH = re.compile(
    r"(?:each|per (?:song|track)|pro (?:song|lied|titel|stueck|track)|je (?:song|lied|titel|stueck|track)|"
    r"jeweils|apiece)\b"
)
_LISTS = words("playlist playlists mix mixtape liste list set total insgesamt gesamt session programm")
_AFTERWARDS = re.compile(
    r"(?:or (?:less|shorter)|oder (?:weniger|kuerzer)|max|maximum|tops|or (?:more|longer)|oder (?:mehr|laenger))\b"
)
STARTS = (
    FIRST_WORDS
    | frozenset(_HALVES)
    | frozenset(
        f"{begin}stuendig{end}"
        for begin in ("halb", "viertel", *_WORD_HOURS, *_HALVES)
        for end in ("", "e", "en", "er", "es", "em")
    )
    | words(
        "at min minimum mindestens over more longer ueber mehr laenger no nicht not above ab max maximum maximal "
        "hoechstens under below less fewer shorter kuerzer unter weniger bis up within between zwischen from von "
        "next naechste naechsten naechster the die der a unterhalb oberhalb half halbe halben quarter viertelstunde "
        "viertel dreiviertelstunde dreiviertel halbstuendig"
    )
)


_UNITS = words(
    "hours hour hrs hr h std minutes minute mins min m seconds second secs sec sekunden sekunde viertelstunde "
    "dreiviertelstunde viertelstunden each per pro je"
)


def read(line: Line, index: int) -> Reading | None:
    """Read a duration.

    >>> from ml.features.language.tokens import tokenise
    >>> texts = ("45 minutes", "anderthalb Stunden", "1h30", "under 3 minutes", "eine halbe Stunde")
    >>> [f"{slot.kind} {slot.value}" for text in texts for slot in read(tokenise(text), 0).slots]
    ['duration_s 2700-2700', 'duration_s 5400-5400', 'duration_s 5400-5400', 'track_duration_s -180',
     'duration_s 1800-1800']
    """
    token = line.tokens[index]
    if not (token.is_number or token.folded in STARTS) or not line.within(index, _is_unit, 12):
        return None
    least, most = line.match(_LEAST, index), line.match(_MOST, index)
    bound = least or most
    begin = bound[1] if bound is not None else index
    if begin >= len(line.tokens):
        return None
    between = line.match(_BETWEEN, index)
    if between is not None:
        span, after = _between(between[0]), between[1]
    else:
        timed = _time(line, begin) or (_clock(line, begin) if bound is not None or _about(line, begin) else None)
        if timed is None:
            return None
        span, after = _bounded(timed[0], least is not None, most is not None), timed[1]
        behind = line.match(_AFTERWARDS, after) if bound is None and after < len(line.tokens) else None
        if behind is not None:
            longer = behind[0].group().endswith(("more", "longer", "mehr", "laenger"))
            span, after = _bounded(timed[0], longer, not longer), behind[1]
    return _assigned(line, index, after, span)


def _is_unit(folded: str) -> bool:
    return (
        folded in _UNITS or folded == ":" or folded.startswith(("stunde", "minute", "minuetig")) or "stuendig" in folded
    )


def _time(line: Line, index: int) -> tuple[float, int] | None:
    """Give the seconds of a stretch of time, and the index after it."""
    for pattern, kind in _TIMES:
        found = line.match(pattern, index)
        if found is not None:
            seconds = _seconds(kind, [each for each in found[0].groups() if each])
            return (seconds, found[1]) if seconds > 0 else None
    return None


def _clock(line: Line, index: int) -> tuple[float, int] | None:
    """Give the seconds of "3:30", which only a bound or a word of tracks before it makes a duration."""
    found = line.match(_CLOCK, index)
    if found is None:
        return None
    parts = [int(each) for each in found[0].groups() if each]
    seconds = parts[0] * 60 + parts[1] if len(parts) == 2 else parts[0] * 3600 + parts[1] * 60 + parts[2]
    return (float(seconds), found[1]) if seconds else None


def _about(line: Line, index: int) -> bool:
    """Tell whether tracks are said to be as long as what follows."""
    before = [line.folded(index - 1), line.folded(index - 2), line.folded(index - 3)]
    behind = [line.folded(place) for place in range(index + 3, index + 5)]
    return bool(
        _TRACKS.intersection(before)
        or {"long", "lang", "length", "laenge", "dauer", "duration"}.intersection(before + behind)
        or _TRACKS.intersection(behind[:1])
    ) and not {"uhr", "am", "pm", "o'clock"}.intersection(behind)


def _seconds(kind: str, parts: list[str]) -> float:
    if kind in {"quarter", "half", "three quarters", "hour"}:
        return {"quarter": 900.0, "half": 1800.0, "three quarters": 2700.0, "hour": 3600.0}[kind]
    if kind == "halves":
        return _HALVES[parts[0]] * 3600
    if kind == "word hours":
        return _WORD_HOURS[parts[0]] * 3600.0
    if kind == "minutes and a half":
        return (_HALVES.get(parts[0]) or number(parts[0]) + 0.5) * 60
    first, second = number(parts[0]), number(parts[1]) if len(parts) > 1 else 0.0
    if kind == "hours and a half":
        return (first + 0.5) * 3600
    if kind in {"clock hours", "hours minutes", "hours"}:
        return first * 3600 + second * 60
    return first if kind == "seconds" else first * 60 + second


def _between(match: re.Match[str]) -> Range:
    low_text, low_unit, high_text, high_unit = match.groups()
    hours = re.compile(_H)
    high = number(high_text) * (3600 if hours.match(high_unit) else 60)
    low = number(low_text) * (3600 if hours.match(low_unit or high_unit) else 60)
    return Range(min(low, high), max(low, high))


def _bounded(seconds: float, least: bool, most: bool) -> Range:
    return Range(None if most else seconds, None if least else seconds)


def _assigned(line: Line, first: int, after: int, span: Range) -> Reading:
    """Decide whether it is the list's or each track's, by what stands around it."""
    longest = max(end for end in (span.low, span.high) if end is not None)
    open_ended = span.low is None or span.high is None
    each = line.match(_EACH, after) if after < len(line.tokens) else None
    of_lists = any(line.folded(index) in _LISTS for index in (first - 2, first - 1, after, after + 1))
    counted = line.tokens[after - 1].folded in {"minute", "minuetige", "minuetigen", "min", "minuetiger"}
    of_tracks = each is not None or (
        longest <= LONGEST_TRACK_S
        and not of_lists
        and (
            open_ended
            or longest < SHORTEST_LIST_S
            or (counted and line.folded(after) in _TRACKS)
            or line.folded(first - 1) in {"je", "jeweils"}
            or _follows_tracks(line, first)
        )
    )
    return reading(
        line, first, each[1] if each is not None else after, "track_duration_s" if of_tracks else "duration_s", span
    )


def _follows_tracks(line: Line, first: int) -> bool:
    """Tell whether "songs around" stands before: "songs around 4 minutes long"."""
    before = [line.folded(first - 1), line.folded(first - 2)]
    return before[0] in _TRACKS or (
        before[1] in _TRACKS and before[0] in {"around", "about", "of", "von", "mit", "um", "etwa", "ca"}
    )
