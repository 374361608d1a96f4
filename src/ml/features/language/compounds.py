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
        "session programm begleitung rhythmus rhythmen melodie melodien solo soli werke werk zeit tag tage künstler "
        "künstlern band bands version versionen aufnahme aufnahmen liste spiel gesang klassiker ballade balladen "
        "abend text texte texten sprachig sprachige sprachigen sprachiger sprachiges gefühl atmosphäre untermalung "
        "dinner tour art kram zeug sachen kracher knaller sendung show radio mukke mucke laune feeling vibe lastig "
        "lastige lastiger lastiges lastigen geprägt getrieben basiert nummer ausflug runde stunde stunden block "
        "kanal station programm hymne repertoire reihe sammlung auswahl mixtape ecke szene welle truppe formation "
        "combo trio quartett quintett ensemble kapelle scheibe platte platten single singles dinger teile bett "
        "passage passagen linie linien parts part teil klangfarbe begeisterte fans hörer liebhaber spieler "
        "spielerin duo improvisation improvisationen variation variationen gruppe gruppen freundlich medley "
        "session sessions"
    )
)
#: Short words that many others begin with, and mean nothing there ("Ostrock", "Runde", "Spaß").
_NO_HEADS = words(
    "ost run spa bus mad sad low fun fete sax new old alt neu sea men child kid eve dub emo edm dnb idm cry rai bass "
    "tube boat zug alter alt fest grand men carm gentle hof feld wald see uni gem pop rap hit ska koch"
) - {"pop", "rap", "ska", "wald", "see", "bass", "hof", "koch", "hit", "alt"}
#: What is said of the time only before another word ("Frühschicht").
_TIMES = {"frueh": "morning", "morgen": "morning", "spaet": "night"}
#: What says the sort of a thing, whatever stands before it: "Gartenparty", "Wüstenrock".
_STRONG_TAILS = tuple(
    fold(word)
    for word in words(
        "party parties piano klavier rock pop metal punk jazz blues techno soul folk schlager fest feste feier "
        "feiern gitarre gitarren orgel flöte flöten chor chöre orchester trompete trompeten sonate sonaten sinfonie "
        "walzer ballade balladen trommel trommeln saxofon saxophon hits klassiker sport training tanz putz "
        "spaziergang wanderung rap musical oper konzert reggae disco gesang swing kinder winter sommer herbst "
        "urlaub ferien yoga meditation abend nachmittag"
    )
)
#: What looks like a compound and is none, or none of music.
_NO_COMPOUNDS = words(
    "barock lollipop therapie rezept satrap shamrock bedrock transport export import passport manifest protest "
    "podcast kpop hiphop norfolk suffolk developer trooper improper einwanderung auswanderung zuwanderung "
    "restraining konstanz substanz instanz akzeptanz distanz bausubstanz firlefanz feiertag feiertage festplatte "
    "festplatten gentlemen carmen grandchildren bartender powerhouse clubhouse hypertension barrage hardcover "
    "hardworking kennenlernen fastenzeit lebensabend vorabend trauerspiel staatsoper bettwaesche tagesablauf "
    "clubhaus telefonnummer handynummer hausnummer geister hamster"
)
_LINKS = ("", "s", "n", "en", "es", "e")
_LONGEST, _SHORTEST = 40, 6
#: How much of a word may be unknown before what it ends with.
MIN_HEAD = 3


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
    if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isalpha() or folded in _NO_COMPOUNDS:
        return ()
    for cut in range(len(folded) - 3, 2, -1):
        head = _head(folded[:cut])
        if head:
            tail = _tail(folded[cut:])
            if tail is not None:
                return _joined(head, cut, tail, len(folded))
    return _by_tail(folded)


def _by_tail(folded: str) -> tuple[tuple[int, int, tuple[Sense, ...]], ...]:
    """Read a word by what it ends with, where that says the sort of a thing."""
    if any(folded.startswith(word) for word in ("ver", "ent", "zer", "miss")):
        return ()
    for tail in _STRONG_TAILS:
        if folded.endswith(tail) and len(folded) - len(tail) >= MIN_HEAD:
            found = tuple(lexicon().senses(tail))
            if found:
                return ((0, len(folded), found),)
    return ()


def _head(written: str) -> tuple[Sense, ...]:
    if written in _NO_HEADS:
        return ()
    if written in _TIMES:
        return (Sense("time_of_day", _TIMES[written], written),)
    for link in _LINKS:
        if (
            written.endswith(link)
            and written[: len(written) - len(link)] not in _NO_HEADS
            and len(written) - len(link) >= 3
        ):
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
    if head[0].kind == "instrument" and tail and tail[0][2][0].value == "live":
        tail = ((tail[0][0], tail[0][1], (Sense("genre", "classical", "konzert"),)),)
    if not tail:
        return ((0, length, head),)
    return ((0, cut, head), *((cut + begin, cut + end, senses) for begin, end, senses in tail))
