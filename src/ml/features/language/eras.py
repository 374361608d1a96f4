"""Years and decades.

Conventions
-----------
- A decade is ten years, 1990 to 1999; early are its first four, mid the next three, late the last three.
- "before" excludes the year, "until" includes it; "since" and "from … on" include it, "after" excludes it.
- "twenties" without a century and whatever is relative to today are understood and refused.
"""

from __future__ import annotations

import re

from ml.features.language.numbers import NUMBER
from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Range
from ml.features.language.tokens import Line, words

_WORDS = {
    "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970, "eighties": 1980,
    "nineties": 1990, "noughties": 2000, "aughts": 2000, "tens": 2010, "dreissiger": 1930, "vierziger": 1940,
    "fuenfziger": 1950, "funfziger": 1950, "sechziger": 1960, "siebziger": 1970, "achtziger": 1980, "neunziger": 1990,
    "nuller": 2000, "zehner": 2010, "zweitausender": 2000, "zweitausendzehner": 2010,
}  # fmt: skip
_S = r"(?:s|er|ern|ies|erjahre|erjahren)"
_Y = rf"(1[6-9]\d\d|20\d\d)(?! {_S}\b)"
_DECADE = (
    rf"((?:(?:18|19|20)\d0|[3-9]0|00|10) {_S}|(?:{'|'.join(_WORDS)})n?|"
    rf"(?:{'|'.join(word for word in _WORDS if word.endswith('r'))})jahren?|"
    rf"(?:roaring|golden) (?:twenties|20 s)|goldene[nr]? (?:zwanzigern?|20 ern?))"
)
_GLUED = rf"((?:{'|'.join(word for word in _WORDS if word.endswith('r'))})n?)\b"
_YEARS = r"(?: jahren?| years)?"
_OF = r"(?: of the| of| der| des| den| in den| the)?"
_EARLY = (
    rf"(?:early|frueh|fruehe|fruehen|frueher|anfang{_OF}|anfaenge{_OF}|beginn{_OF}|beginning{_OF}|start{_OF}|the early)"
)
_MID = rf"(?:mid|mid to|middle{_OF}|mitte{_OF}|mittlere|mittleren|the mid)"
_LATE = rf"(?:late|spaet|spaete|spaeten|spaeter|ende{_OF}|end{_OF}|the late)"
_JOIN = r"(?:to|till|til|until|through|thru|bis|-|bis in die|bis zu den|to the|through the)"
_BEFORE = r"(?:before|vor|pre|prior to|older than|aelter als|aelteres als|earlier than|frueher als)"
_UNTIL = (
    r"(?:until|till|up to|bis|bis zum jahr|bis einschliesslich|bis in die|not after|no later than|nicht nach|"
    r"spaetestens|bis zu den)"
)
_AFTER = (
    r"(?:after|nach|post|newer than|neuer als|neueres als|neuere als|juenger als|juengeres als|"
    r"younger than|later than|more recent than|spaeter als)"
)
_SINCE = r"(?:since|seit|ab|from|starting|starting in|starting from|not before|nicht vor|no earlier than|fruehestens)"
_ON = (
    r"(?:on|onwards|onward|or later|or newer|and later|and newer|and up|forward|oder neuer|oder spaeter|und neuer|"
    r"und spaeter|aufwaerts|\+|bis heute|to today|till now|until now|to now|to present|until today|bis jetzt)"
)
_BACK = r"(?:or earlier|or older|and earlier|and older|oder frueher|oder aelter|und frueher|und aelter)"
_THE = r"(?:(?:the|der|den|die|dem|des|dem jahr|the year) )?"
_FROM = r"(?:(?:of|from|between|von|zwischen|aus) )?"
_PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_FROM}{_THE}(?:years )?{_Y} {_JOIN} {_THE}{_Y}\b", "years"),
        (rf"(?:between|zwischen) {_THE}{_Y} (?:and|und) {_THE}{_Y}\b", "years"),
        (rf"{_FROM}{_Y} - (\d\d)\b(?! {_S}\b)", "short"),
        (rf"(?:first half|erste haelfte|ersten haelfte|der ersten haelfte) ?{_OF} {_DECADE}\b{_YEARS}", "first"),
        (rf"(?:second half|zweite haelfte|zweiten haelfte|der zweiten haelfte) ?{_OF} {_DECADE}\b{_YEARS}", "second"),
        (rf"{_EARLY} (?:to|and|-|bis|und) {_MID} {_DECADE}\b{_YEARS}", "early mid"),
        (rf"{_MID} (?:to|and|-|bis|und) {_LATE} {_DECADE}\b{_YEARS}", "mid late"),
        (rf"{_LATE} {_DECADE}{_YEARS} (?:and|und|to|bis) {_EARLY} {_DECADE}\b{_YEARS}", "late early"),
        (rf"{_EARLY} {_DECADE}\b{_YEARS}|frueh{_GLUED}", "early"),
        (rf"{_MID} {_DECADE}\b{_YEARS}", "mid"),
        (rf"{_LATE} {_DECADE}\b{_YEARS}|spaet{_GLUED}", "late"),
        (rf"(?:between|zwischen) {_THE}{_DECADE}{_YEARS} (?:and|und|-) {_THE}{_DECADE}\b{_YEARS}", "decades"),
        (rf"{_FROM}{_THE}{_DECADE}{_YEARS} {_JOIN} {_THE}{_DECADE}\b{_YEARS}", "decades"),
        (rf"{_BEFORE} {_THE}(?:{_Y}|{_DECADE})\b{_YEARS}", "before"),
        (rf"{_UNTIL} {_THE}(?:{_Y}|{_DECADE})\b{_YEARS}", "until"),
        (rf"{_AFTER} {_THE}(?:{_Y}|{_DECADE})\b{_YEARS}", "after"),
        (rf"(?:{_SINCE} )?{_THE}(?:{_Y}|{_DECADE}){_YEARS} {_ON}(?= |$)", "since"),
        (
            (
                rf"(?:since|seit|ab|starting|starting in|starting from|not before|nicht vor|no earlier than|"
                rf"fruehestens) {_THE}(?:{_Y}|{_DECADE})\b{_YEARS}"
            ),
            "since",
        ),
        (rf"{_THE}(?:{_Y}|{_DECADE}){_YEARS} {_BACK}\b", "until"),
        (rf"(?:around|circa|ca \.|ca|um|um die|approximately|etwa|ungefaehr|near) {_THE}{_Y}\b", "about"),
        (rf"{_THE}{_DECADE}\b{_YEARS}", "decade"),
        (rf"(?:from|aus|of|von|im jahr|im jahre|in the year|year|jahrgang|anno|in)? ?{_THE}{_Y}\b", "year"),
        (r"(?:the |der |den |die )?(?:20 (?:s|er|ern)|twenties|zwanziger|zwanzigern)\b(?: jahren?)?", "unclear"),
        (
            (
                rf"(?:the |den |die |der )?(?:last|past|letzten|vergangenen) (?:{NUMBER} )?(?:years|decades|months|"
                r"weeks|jahren|jahre|jahrzehnten|jahrzehnte|monaten|monate|wochen)\b"
            ),
            "unclear",
        ),
        (r"(?:the |des |dem |im |aus dem )?(1[5-9]|2[01]) (?:th|st|nd|rd|\.) (?:century|jahrhunderts?)\b", "century"),
    )
)
#: "Around 1975" is so many years to either side.
ABOUT_YEARS = 2
_STRETCHES = words(
    "years decades months weeks jahren jahre jahrzehnten jahrzehnte monaten monate wochen century jahrhundert "
    "jahrhunderts"
)
_DECADE_ENDS = (
    *tuple({*_WORDS, *(f"{word}{end}" for word in _WORDS for end in ("n", "jahre", "jahren"))}),
    "twenties",
    "zwanziger",
    "zwanzigern",
)
STARTS = (
    frozenset(f"{part}{word}{ending}" for part in ("frueh", "spaet") for word in _WORDS for ending in ("", "n"))
    | frozenset(_WORDS)
    | frozenset(word + "n" for word in _WORDS)
    | frozenset(word + "jahre" for word in _WORDS)
    | frozenset(word + "jahren" for word in _WORDS)
    | words(
        "from between von zwischen aus first erste ersten second zweite zweiten early frueh fruehe fruehen frueher "
        "anfang anfaenge beginn beginning start the mid middle mitte mittlere mittleren late spaet spaete spaeten "
        "spaeter ende end before vor pre prior older aelter earlier until till up bis not no nicht spaetestens "
        "after nach post newer neuer juenger younger later more since seit ab starting around ca um approximately "
        "etwa ungefaehr near fruehestens der den die dem des vintage of im in year jahrgang anno circa roaring "
        "golden goldene neueres neuere juengeres aelteres last past letzten vergangenen goldenen goldener twenties "
        "zwanziger zwanzigern"
    )
)


def decade(text: str) -> int:
    """Give the first year of a decade that was matched.

    >>> decade("90 s"), decade("00 er"), decade("achtzigern"), decade("1950 s")
    (1990, 2000, 1980, 1950)
    """
    if text[:1].isdigit():
        first = int(text.split(maxsplit=1)[0])
        return first if first >= 1800 else first + (2000 if first <= 10 else 1900)
    plain = text.removesuffix("jahren").removesuffix("jahre")
    named = _WORDS.get(plain) or _WORDS.get(plain.removesuffix("n"))
    return named if named is not None else 1920


def read(line: Line, index: int) -> Reading | None:
    """Read years or a decade.

    >>> from ml.features.language.tokens import tokenise
    >>> texts = ("early 90s", "2010er", "vor 1980", "from 1994 to 1999", "der Achtziger", "since 2015")
    >>> [str(read(tokenise(text), 0).slots[0].value) for text in texts]
    ['1990-1993', '2010-2019', '-1979', '1994-1999', '1980-1989', '2015-']
    """
    token = line.tokens[index]
    if not (token.is_number or token.folded in STARTS) or not line.within(index, _is_year, 8):
        return None
    for pattern, kind in _PATTERNS:
        found = line.match(pattern, index)
        if found is not None:
            match, after = found
            if kind == "unclear":
                return reading(line, index, after, "unclear", "years", match.group())
            years = [_first(each) for each in match.groups() if each]
            return reading(line, index, after, "years", _range(kind, years, match), match.group())
    return None


def _is_year(folded: str) -> bool:
    return (folded.isdigit() and len(folded) in {2, 4}) or folded.endswith(_DECADE_ENDS) or folded in _STRETCHES


def _first(text: str) -> int:
    return int(text) if text.isdigit() and len(text) in {2, 4} else decade(text)


def _range(kind: str, years: list[int], match: re.Match[str]) -> Range:
    first, last = years[0], years[-1]
    is_decade = not any(each and each.isdigit() for each in match.groups())
    within = {
        "early": (0, 3), "mid": (4, 6), "late": (7, 9), "early mid": (0, 6), "mid late": (4, 9), "first": (0, 4),
        "second": (5, 9), "decade": (0, 9), "year": (0, 0),
        "about": (-ABOUT_YEARS, ABOUT_YEARS),
    }  # fmt: skip
    if kind == "century":
        first, within["century"] = (first - 1) * 100, (0, 99)
    if kind in within:
        return Range(first + within[kind][0], first + within[kind][1])
    if kind == "short":
        last = first // 100 * 100 + last
        return Range(first, last if last >= first else last + 100)
    if kind == "years":
        return Range(min(first, last), max(first, last))
    if kind == "decades":
        return Range(min(first, last), max(first, last) + 9)
    if kind == "late early":
        return Range(first + 7, last + 3)
    if kind == "before":
        return Range(None, first - 1)
    if kind == "until":
        return Range(None, first + 9 if is_decade else first)
    if kind == "after":
        return Range(first + (10 if is_decade else 1), None)
    return Range(first, None)
