"""Titles and names that no word announces: before "by" and "von", and after a "not".

Conventions
-----------
- What stands before "by NAME" is a title where it does not say what sort of music is meant: "Purple Rain by Prince"
  is a title, "sad songs by Adele", "jazz by Miles Davis" and "something new by Blur" are none. A title is never read.
- A name that is refused goes on over capitals ("not Last Christmas"), but not over a sort of music ("kein Helene
  Fischer Schlager").
"""

from __future__ import annotations

from collections.abc import Callable

from ml.features.language.filler import FILLER
from ml.features.language.tokens import QUOTED, Line, words

LONGEST = 10
_BY = words("by von")
#: What asks for a title and is none of it.
_ASKS = words(
    "play spiel spiele spielt put listen hear find finde such suche search show zeig zeige give gib start starte leg "
    "queue add fuege hoeren hoer bitte please can could would you kannst koenntest du mir uns me us i ich we wir want "
    "to wanna will moechte wuerde gern gerne mal now jetzt hey hi hello hallo ok okay let lets and und the this that "
    "song track single album titel lied stueck record den das der die dieses diesen dem called namens is was it es "
    "looking for nach need brauche einmal again nochmal noch also auch then dann id love like whats wie heisst on an "
    "version of von cover"
)
#: What a title may well begin with, and a request does not go on with.
_NOUNS = words("lied titel song album track single stueck platte record tune")
_VERBS = words(
    "play spiel spiele spielt find finde such suche search show zeig zeige queue put hear hoer hoeren please bitte can "
    "could kannst koenntest add leg start starte song album track titel lied ich"
)
#: What says that music of some sort is meant, and no title.
_SORTS = words(
    "songs tracks music musik lieder liedern tunes titeln stuecke stuecken pieces albums alben records platten "
    "scheiben aufnahmen recordings something anything nothing everything all stuff more mehr etwas irgendwas was "
    "alles nichts nur only best beste besten bestes some any werke werken works playlist mix discography "
    "diskographie artists bands written performed sung composed produced gesungen komponiert geschrieben gespielt "
    "produziert singles hits sachen no not kein keine keinen nicht nix one eins viel viele many ones those von by "
    "inspired followed songs sound sounds zeug kram mucke list liste lot klaenge like similar wie aehnlich than als"
)
_WEAK = frozenset(
    {"mood", "time_of_day", "weekday", "location", "device", "energy_level", "activity", "mode", "unclear", "language"}
)
#: Tags that are nouns of music: before "by" they say what is asked for.
_TAGS_OF_MUSIC = words("live acoustic cover remix remaster demo ballad classics love minimal duet protest experimental")
_ARTICLES = words("the die der das a an den dem")
#: These join only what is not known: "Sonderzug nach Pankow", but "Metallica mit Orchester".
_PLACING = words("nach durch am im auf mit with at from")
_JOINTS = _PLACING | words("of the and & + de la der die das und in to a an for on du van von el los")
#: German nouns that are said after "ohne" and "kein" and are no names.
_COMMON = words(
    "hektik werbung ansagen ansage moderation moderationen unterbrechung unterbrechungen kitsch geschwaetz gelaber "
    "stress krach laerm gedudel schnickschnack intro intros outro outros effekte effekt drop drops skit skits "
    "wiederholungen wiederholung duplikate dopplungen gejammer experimente ueberraschungen gequatsch gerede kommerz "
    "schmalz pathos chaos verzerrung tempowechsel pausen pause luecken melodie melodien rhythmus beat beats refrain "
    "strophen jodler klischees klischee radio musik lust mist muell quatsch ausnahme ende sinn zeit problem ahnung "
    "plan geld druck hall echo samples sample loops loop solo soli solos bandname name namen titel interpreten "
    "kuenstler songs lieder wort worte text texte gesang stimme stimmen jahr jahre alkohol drogen gewalt sex krieg "
    "politik religion liebe tod herzschmerz drama spannung hoehen tiefen uebergaenge uebergang sprache sprachen "
    "sprueche witze hoerspiele dialoge geraeusche stoergeraeusche klatschen applaus publikum jubel gekreische "
    "gefuehle kram zeug kaese krachmacher mainstream kommerzielles dance pop firlefanz schnulze tamtam trara "
    "brimborium ding dinger sachen playback"
)
#: Before a noun that is made of an adjective: "nichts Peinliches".
_NEUTERS = words("nichts nix etwas was irgendwas wenig viel alles")
_NO_NAMES = FILLER - {"last"}
_SUFFIXES = (
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "tion",
    "tionen",
    "ismus",
    "chen",
    "lein",
    "nis",
    "tum",
    "itaet",
    "erei",
)

KindAt = Callable[[int], tuple[str, int] | None]
WordAt = Callable[[int], str | None]


def title_before(line: Line, by: int, kind_at: KindAt, value_at: WordAt) -> tuple[int, int] | None:
    """Give the tokens of a title that stands before "by" or "von"; None where none does.

    Parameters
    ----------
    line : Line
    by : int
        The token "by"; a name follows.
    kind_at, value_at : callable
        The kind of slot that begins at a token, with the index after it, and its value.
    """
    by -= line.folded(by - 1) in {"!", "?"}
    first = by
    while first > 0 and by - first < LONGEST + 8 and not line.ends_at(first - 1) and line.folded(first - 1) != QUOTED:
        first -= 1
    mixed = any(token.capital for token in line.tokens)
    first = _stripped(line, first, by, mixed)
    if not 0 < by - first <= LONGEST:
        return None
    if any(not line.tokens[index].capital and line.folded(index) in _SORTS for index in range(first, by)):
        if not mixed or not line.tokens[first].capital or line.folded(first) in _SORTS:
            return None
        if any(line.folded(index) in {"like", "wie", "songs", "musik"} for index in range(first, by)):
            return None
    if by - first == 1 and line.folded(first) in _NOUNS:
        return None
    if by - first == 1 and line.tokens[first].is_number:
        return first, by
    return None if _sort_of_music(line, first, by, kind_at, value_at, mixed) else (first, by)


def _stripped(line: Line, first: int, by: int, mixed: bool) -> int:
    """Leave out what asks for a title."""
    if mixed and first < by - 1 and line.tokens[first].capital:
        following = line.tokens[first + 1]
        if line.folded(first) in _VERBS or (line.folded(first) in _ASKS and not following.capital):
            first += 1
        else:
            return first
    while first < by - 1:
        token = line.tokens[first]
        if token.folded not in _ASKS and not (mixed and token.folded in FILLER):
            break
        if mixed and token.capital and not (token.folded in _NOUNS and line.tokens[first + 1].capital):
            break
        first += 1
    return first


def _sort_of_music(line: Line, first: int, by: int, kind_at: KindAt, value_at: WordAt, mixed: bool) -> bool:
    """Tell whether words say what sort of music is meant: what they end with is a noun of music, or all is known."""
    if line.folded(by - 1) in _SORTS or line.folded(first) in _SORTS:
        return True
    if mixed and not (line.tokens[first].capital or line.tokens[first].is_number):
        return True
    kinds: list[tuple[str, str | None]] = []
    unknown = 0
    index = first
    while index < by:
        found = kind_at(index)
        if found is None or found[0] == "name of a thing":
            unknown += (found is not None) or line.folded(index) not in FILLER
            index = index + 1 if found is None else found[1]
            continue
        kinds.append((found[0], value_at(index)))
        index = found[1]
    if not kinds:
        return False
    if unknown and mixed and line.tokens[by - 1].capital and by - first > 1:
        return any(line.folded(index) in _SORTS for index in range(first, by))
    kind, value = kinds[-1]
    return kind not in _WEAK and not (kind == "tag" and value not in _TAGS_OF_MUSIC)


def is_by(folded: str) -> bool:
    """Tell whether a folded word may stand between a title and a name."""
    return folded in _BY


def refused_name(line: Line, begin: int, kind_at: KindAt) -> int | None:
    """Give the index after the name that begins at a token after a "no"; None where it is none.

    A capital is a name in English. In German every noun has one: what is a common noun by its ending or in the
    table of such is none.
    """
    following = begin + 1
    start = begin
    if line.folded(begin) in _ARTICLES and not line.ends_at(following) and line.tokens[following].capital:
        start = following
        if kind_at(start) is not None and not _goes_on(line, start, kind_at):
            return None
    if not line.tokens[start].capital or _is_common(line, start, kind_at):
        return None
    after = start + 1
    while after < len(line.tokens) and after - begin < LONGEST:
        word = line.tokens[after]
        if word.folded in _JOINTS and not word.capital:
            if line.ends_at(after + 1) or not line.tokens[after + 1].capital or word.folded in {"and", "und"}:
                break
            if word.folded in _PLACING and kind_at(after + 1) is not None:
                break
        elif word.is_number and line.tokens[after - 1].capital and kind_at(after) is None:
            pass
        elif not (word.capital and word.is_word) or _is_sort(line, after, kind_at):
            break
        after += 1
    return after


def _is_common(line: Line, index: int, kind_at: KindAt) -> bool:
    """Tell whether a word with a capital is none of a name."""
    word = line.folded(index)
    if word in _NO_NAMES:
        return not _goes_on(line, index, kind_at)
    single = line.ends_at(index + 1) or not line.tokens[index + 1].capital
    made_of_adjective = line.folded(index - 1) in _NEUTERS and word.endswith("es") and line.ends_at(index + 1)
    return made_of_adjective or (single and (word in _COMMON or word.endswith(_SUFFIXES)))


def _goes_on(line: Line, index: int, kind_at: KindAt) -> bool:
    following = index + 1
    return not line.ends_at(following) and line.tokens[following].capital and kind_at(following) is None


def _is_sort(line: Line, index: int, kind_at: KindAt) -> bool:
    found = kind_at(index)
    return (found is not None and found[0] in {"genre", "instrument", "activity", "popularity", "vocals"}) or (
        found is None and line.folded(index) in FILLER
    )


_WEAK_TAGS = words("rain sun sunset sunrise summer autumn winter spring love nostalgic dreamy funny vacation epic") | {
    "female vocals",
    "male vocals",
}
#: Words that a request has a use for; with a capital inside a title they are part of it.
_CUES = words("like no not without never more less by from wie nicht kein keine ohne")
_SMALL = words("of the and in to a an on for with my your n at from by is it")


def title_alone(line: Line, kind_at: KindAt, value_at: WordAt) -> tuple[int, int] | None:
    """Give the tokens of a request that is a title and nothing else, by its capitals: "Purple Rain", "Paint It Black".

    All words but small ones have capitals, the first or one of three is not known, and no sort of music is among them.
    """
    last = len(line.tokens)
    while last and line.ends_at(last - 1):
        last -= 1
    if not 2 <= last <= LONGEST + 3 or any(line.ends_at(index) for index in range(last)):
        return None
    first = 0
    while first < last - 1 and line.folded(first) in _VERBS | {"me", "mir", "uns", "mal", "some"}:
        first += 1
    capitals = unknown = known = 0
    index = first
    while index < last:
        token, found = line.tokens[index], kind_at(index)
        if not (token.capital or (token.folded in _SMALL and index > first)) or token.folded == QUOTED:
            return None
        capitals += token.capital
        if found is None or found[0] == "name of a thing":
            if line.folded(index) in _SORTS and index in {first, last - 1}:
                return None
            unknown += token.folded not in FILLER
            known += index > first and token.capital and token.folded in _CUES
            index = index + 1 if found is None else found[1]
            continue
        if found[0] not in _WEAK and not (found[0] == "tag" and value_at(index) in _WEAK_TAGS):
            return None
        known += 1
        index = found[1]
    opens = kind_at(first) is None and line.folded(first) not in FILLER
    if not (known and unknown and (opens or capitals >= 3)):
        return None
    return first, last
