"""What is not wanted: which words say no, and how far a no reaches.

Conventions
-----------
A no reaches to the next comma, "and", "but", or a word that begins something new ("no vocals *for* studying"). What
it names first is the end of it where that is a thing ("no vocals"); adjectives before it are included ("no slow
songs"). "Or" goes on, and so does "and" between things of one sort ("without drums and vocals"), and a list of them
that ends in "or".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ml.features.language.slots import Range, Slot
from ml.features.language.tokens import Line, words

_NEGATORS = re.compile(
    r"(?:no|not|without|w / o|non|never|neither|except for|except|excluding|exclude|minus|sans|avoid|hate|"
    r"hates|dislike|"
    r"(?:please )?(?:do not|dont|doesnt|didnt|cant)(?: want| play| like| need| include| stand| give me)?(?: to "
    r"hear)?(?: any)?|isnt|arent|aint|"
    r"(?:anything|everything|all|nothing) (?:other )?than|(?:anything|everything|all|any genre) but|other "
    r"than|apart from|aside from|(?:et)?was (?:ganz )?anderes als|alles andere als|"
    r"leave out|no more|not even|nothing|none|"
    r"kein|keine|keinen|keinem|keiner|keines|keinerlei|ohne|nicht|nichts|nie|niemals|weder|ausser|"
    r"alles ausser|alles aber|mag kein|mag keine|mag keinen|bloss kein|bloss keine|hasse|verzichte auf|"
    r"(?:im |i am )?(?:sick|tired|bored|fed up) (?:of|with)(?: hearing)?|enough of|not a fan of|kein fan von|genug von|"
    r"(?:anything|everything|all|alles) (?:except|ausser)(?: for)?|everything but|anything that (?:isnt|is not)|"
    r"skip(?: the| all)?|free of|free from|frei von|devoid of|void of|as opposed to|rather than|nix|auf keinen fall|"
    r"keine lust auf|alles bis auf|mit ausnahme (?:von|der)|with the exception of|bloss nicht|bitte nicht|bitte kein|"
    r"bitte keine|verschon(?:e)? mich mit|(?:ich )?kann keine?n?|will kein|will keine|lass (?:den|die|das) weg|"
    r"ausgenommen|"
    r"lacking|nein|nor|hide(?: all)?|block|mute|ban|filter out|hold the|cut the|drop the|weg mit|exklusive|statt|"
    r"anstatt|instead of|~)(?= |$)"
)
_NO_NEGATION = re.compile(
    r"(?:not only|nicht nur|why not|warum nicht|nothing else|sonst nichts|nichts anderes|nothing but|nichts "
    r"als|no matter|"
    r"no problem|no idea|keine ahnung|if not|wenn nicht|non stop|not sure|nicht sicher|no preference|kein "
    r"problem)(?= |$)"
)
#: Every word of the two patterns, and so each that one can begin with.
_FIRST = frozenset(re.findall(r"[a-z]+|~", f"{_NEGATORS.pattern} {_NO_NEGATION.pattern}"))
#: After "not" a name stands for what it sounds like; "no" is for things.
_OF_NAMES = words("not nicht nichts nothing anything everything alles")
_ON = words("or / oder nor noch sowie bzw")
_AND = words("and und & plus + sowie")
_BUT = words("but aber sondern jedoch doch dafuer instead stattdessen lieber rather only just nur however")
_NEW = words(
    "for to from since with mit zum zur beim fuer fuers aus seit von in im on auf am at by like wie while "
    "around um circa ca bei waehrend that which because"
)
_CLOSING = frozenset({"vocals", "explicit", "term", "like", "artist", "name"})
_THINGS = frozenset({"genre", "instrument", "tag", "activity", "location", "device", "popularity", "familiarity"})
#: A "nicht" at the end of a thought refuses what stands before it, over these words.
DENYING = words("nicht nein not")
DENYING_BETWEEN = words(
    "bitte lieber aber mag ich wir will wollen brauche brauchen brauch muss moechte eher gar heute diesmal dabei "
    "unbedingt gefaellt mir uns das es auf keinen fall soll sollte sein : please nun"
)
DENYING_END = words(
    "bitte mehr unbedingt dabei sein please heute thanks danke welcome wanted needed allowed required hoeren leiden "
    "ausstehen ertragen erwuenscht gewuenscht noetig"
)
#: They say when, and not what is refused: "no sad songs tonight".
_WHEN = frozenset({"time_of_day", "weekday"})
_NUMBERS = frozenset({"years", "tempo_bpm", "duration_s", "track_duration_s", "count", "key", "mode"})
_GROUPS = {"vocals": "sound", "instrument": "sound"}


def group(kind: str) -> str:
    """Name the sort of things that a kind of slot belongs to; only things of one sort are listed together."""
    return _GROUPS.get(kind, kind)


def _is_weder(folded: str) -> bool:
    return folded == "weder"


def negator(line: Line, index: int) -> int | None:
    """Give the index after a word that says no; None where there is none."""
    if line.folded(index) == "noch" and line.within(0, _is_weder, index):
        return index + 1
    if line.folded(index) not in _FIRST:
        return None
    found = line.match(_NEGATORS, index)
    return None if found is None else found[1]


def harmless(line: Line, index: int) -> int | None:
    """Give the index after words that look like a no and are none ("nothing else")."""
    if line.folded(index) not in _FIRST:
        return None
    found = line.match(_NO_NEGATION, index)
    return None if found is None else found[1]


@dataclass
class Scope:
    """How far the last no reaches, while a line is read from left to right.

    Parameters
    ----------
    kind_at : callable
        The kind of slot that begins at a token, with the index after it; None where none does.
    """

    line: Line
    kind_at: Callable[[int], tuple[str, int] | None]
    active: bool = False
    of_names: bool = False
    _covered: bool = field(default=False, init=False)
    _last: str | None = field(default=None, init=False)
    _once: bool = field(default=False, init=False)

    def open(self, word: str, *, once: bool = False) -> None:
        """Begin a no, of one thing only where ``once``."""
        self.active, self.of_names, self._once = True, word in _OF_NAMES, once or word == "non"
        self._covered, self._last = False, None

    def close(self) -> None:
        """End it."""
        self.active, self._covered, self._last = False, False, None

    def covers(self, kind: str, *, beside: bool = False) -> bool:
        """Tell whether what is read now is refused, and remember it.

        Parameters
        ----------
        kind : str
        beside : bool
            Whether it stands right behind a word that is refused and belongs to it ("no cheesy ballads").
        """
        if not self.active:
            return False
        if beside and self._last == "term":
            self._last = None
        if self._once and self._covered:
            self.close()
            return False
        if self._covered and kind in _WHEN and self._last not in {None, kind}:
            self.close()
            return False
        after_thing = self._last in _THINGS and kind not in _THINGS | {"vocals", "term"}
        if (
            self._last in _CLOSING - {kind}
            or after_thing
            or (self._covered and kind in _NUMBERS and self._last is not None)
        ):
            self.close()
            return False
        if self._last == kind == "vocals":
            self.close()
            return False
        self._covered, self._last = True, kind
        return True

    def passes(self, index: int) -> None:
        """Look at a token that is no slot: a sign, a conjunction or a preposition may end the no."""
        word = self.line.folded(index)
        if not self.active:
            return
        if word == ",":
            self._go_on(self._list_follows(index))
        elif self.line.ends_at(index) or word in _BUT:
            self.close()
        elif word in _ON and self._covered:
            self._last = None
            self._covered = not self._once
        elif word in _AND and self._covered:
            self._go_on(self._same_follows(index))
        elif word in _NEW and self._last is not None:
            self.close()

    def _go_on(self, goes_on: bool) -> None:
        if goes_on:
            self._last = None
        else:
            self.close()

    def _same_follows(self, index: int) -> bool:
        following = self._item(index + 1)
        if self._last == "term" and following is None:
            return index + 1 < len(self.line.tokens) and self.line.tokens[index + 1].capital
        return following is not None and self._last is not None and group(following[0]) == group(self._last)

    def _list_follows(self, index: int) -> bool:
        """Tell whether things of one sort follow, the last one after an "or"."""
        if self._last is None:
            return False
        if self._last == "term":
            return self._names_follow(index + 1)
        place = index
        for _ in range(8):
            following = self._item(place + 1)
            if following is None or group(following[0]) != group(self._last):
                return False
            place = following[1]
            if self.line.folded(place) in _ON or (self.line.folded(place) in _AND and group(self._last) == "sound"):
                return self._item(place + 1) is not None
            if self.line.folded(place) != ",":
                return False
        return False

    def _names_follow(self, index: int) -> bool:
        """Tell whether names follow in a list, the last one after an "or" or an "and"."""
        for place in range(index, min(index + 12, len(self.line.tokens))):
            token = self.line.tokens[place]
            if token.folded in _ON | _AND:
                return True
            if token.folded != "," and not token.capital:
                return False
        return False

    def _item(self, index: int) -> tuple[str, int] | None:
        return self.kind_at(index) if index < len(self.line.tokens) else None


def refusal(slot: Slot) -> Slot:
    """Give a slot as a "no" leaves it: turned round where it can be, and not wanted elsewhere."""
    if slot.kind in {"vocals", "explicit"}:
        return replace(slot, value=not slot.value)
    if isinstance(slot.value, Range) and (slot.value.low is None) != (slot.value.high is None):
        return replace(slot, value=_complement(slot.value, step=int(slot.kind == "years")))
    return replace(slot, wanted=False)


def _complement(span: Range, *, step: int) -> Range:
    """Give what is not in a range with one end: "nothing faster than 100" is at most 100."""
    if span.low is not None:
        return Range(None, span.low - step)
    return Range(None if span.high is None else span.high + step, None)
