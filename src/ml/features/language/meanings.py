"""What words mean at a place of a line: numbers first, then the lexicon, compounds, misspelt words."""

from __future__ import annotations

from collections.abc import Callable

from ml.features.language import comparatives, counts, durations, eras, keys, tempo
from ml.features.language.compounds import split
from ml.features.language.filler import FILLER
from ml.features.language.lexicon import Sense, lexicon
from ml.features.language.negation import negator
from ml.features.language.reading import Reading
from ml.features.language.slots import Slot
from ml.features.language.spelling import respelt
from ml.features.language.tokens import QUOTED, Line, fold, words

#: In this order: "8A" is a key and no count, "90s" a decade, "1h30" a duration.
_READERS: tuple[Callable[[Line, int], Reading | None], ...] = (
    keys.read,
    tempo.read,
    eras.read,
    durations.read,
    counts.read,
    comparatives.read,
)
#: Words that one of them can begin with.
STARTS = frozenset().union(keys.STARTS, tempo.STARTS, eras.STARTS, durations.STARTS, counts.STARTS, comparatives.STARTS)
_TO_DO = words("for to while when during zum zur beim fuer fuers waehrend vorm der die")
_PLACED = words("at in im am ins zu inside aufm vom")
_OWN = words("the my our your his her dem meinem meinen einem mein meine unser unsere unserem unseren")
_ON = words("on auf over ueber via vom")
#: What a song is about is none of the listener's places and doings: "songs about driving".
_ABOUT = words("about ueber")
#: Before these the German "fast" is "almost".
_ALMOST = words("nur kein keine keinen alle alles immer ohne ein eine einen nichts nie zwei drei schon zu")
_SUBJECTS = frozenset({"location", "activity", "time_of_day", "weekday"})
_LOVED = words("i we you id would really ich wir")


class Meanings:
    """Tells what begins where, each place asked once.

    Parameters
    ----------
    line : Line
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._readings: dict[int, Reading | None] = {}
        self._respelt: set[int] = set()

    def kind_at(self, index: int) -> tuple[str, int] | None:
        """Give the kind of slot that begins at a token, with the index after it; None where none does."""
        found = self.at(index) if index < len(self._line.tokens) else None
        return (found.slots[0].kind if found.slots else "name of a thing", found.after) if found is not None else None

    def exact_at(self, index: int) -> tuple[str, int] | None:
        """Give what begins at a token if it is spelt as the tables have it."""
        found = self.kind_at(index)
        return None if index in self._respelt else found

    def at(self, index: int) -> Reading | None:
        """Give what begins at a token; None where nothing is known."""
        if index not in self._readings:
            self._readings[index] = self._read(index)
        return self._readings[index]

    def _read(self, index: int) -> Reading | None:
        line = self._line
        if line.folded(index) == QUOTED:
            return None
        found = lexicon().longest(line, index)
        for read in (
            _READERS
            if line.tokens[index].is_number or line.folded(index) in STARTS or line.folded(index).endswith("er")
            else ()
        ):
            number = read(line, index)
            if number is not None and read is counts.read and found is not None and found[1] > index + 1:
                break
            if number is not None and (read is not comparatives.read or self._further(index, number, found)):
                return None if self._part_of_name(read, index, number) else number
        if found is not None:
            return self._meaning(index, found)
        return self._compound(index) or self._mended(index)

    def _mended(self, index: int) -> Reading | None:
        """Read a misspelt word, unless it is one of several with capitals, as names are."""
        token = self._line.tokens[index]
        if not token.is_word or token.folded in FILLER or negator(self._line, index) is not None:
            return None
        beside = [place for place in (index - 1, index + 1) if not self._line.ends_at(place)]
        if token.capital and any(
            self._line.tokens[place].capital and lexicon().longest(self._line, place) is None for place in beside
        ):
            return None
        meant = respelt(token.folded)
        if meant is None:
            return None
        self._respelt.add(index)
        sense = lexicon().senses(meant)[0]
        return Reading((Slot(sense.kind, sense.value, token.start, token.end, word=meant),), index + 1)

    @staticmethod
    def _further(index: int, number: Reading, found: tuple[list[Sense], int] | None) -> bool:
        """Tell whether a comparative says more than the lexicon, which has "weniger bekannt" as a phrase."""
        return found is None or number.after > found[1] or number.after == found[1] == index + 1

    def _part_of_name(self, read: object, index: int, found: Reading) -> bool:
        """Tell whether a number belongs to the words before it: "blink 182 songs"."""
        before = self._line.tokens[index - 1] if index else None
        return (
            read is counts.read
            and self._line.tokens[index].is_number
            and before is not None
            and before.is_word
            and before.folded not in FILLER
            and self.at(index - 1) is None
            and bool(found.slots)
            and negator(self._line, index - 1) is None
        )

    def _meaning(self, index: int, found: tuple[list[Sense], int]) -> Reading | None:
        senses, after = found
        sense = self._chosen(senses, index)
        if sense is None:
            return self._compound(index)
        if sense.kind == "name of a thing":
            return Reading((), after)
        if sense.word == "fast" and self._line.folded(after) in _ALMOST:
            return None
        behind = index - 1 - (self._line.folded(index - 1) in _OWN | _TO_DO)
        if sense.kind in _SUBJECTS and self._line.folded(behind) in _ABOUT and behind < index:
            return None
        if sense.kind == "tag" and sense.word == "love" and self._line.folded(index - 1) in _LOVED:
            return None
        start, end = self._line.span(index, after)
        return Reading((Slot(sense.kind, sense.value, start, end, word=sense.word),), after)

    def _chosen(self, senses: list[Sense], index: int) -> Sense | None:
        """Choose a sense by the word before: "to work", "at work", "on the computer"."""
        before, earlier = self._line.folded(index - 1), self._line.folded(index - 2)
        cues = (
            ("location", before in _PLACED or before in _OWN),
            ("activity", before in _TO_DO or (before in _OWN and earlier in _TO_DO)),
            ("device", before in _ON and any(sense.kind == "device" for sense in senses)),
        )
        for kind, given in cues:
            if given:
                meant = next((sense for sense in senses if sense.kind == kind), None)
                if meant is not None:
                    return meant
        cued = before in _TO_DO or before in _OWN
        return next((sense for sense in senses if cued or not sense.cued), None)

    def _compound(self, index: int) -> Reading | None:
        token = self._line.tokens[index]
        slots = []
        for begin, end, senses in split(token.folded):
            start, stop = self._place(index, begin), self._place(index, end)
            sense = senses[0]
            slots.append(Slot(sense.kind, sense.value, start, stop, word=sense.word))
        return Reading(tuple(slots), index + 1) if slots else None

    def _place(self, index: int, folded: int) -> int:
        """Give the place in the text of a place in a folded token."""
        token = self._line.tokens[index]
        written = self._line.text[token.start : token.end]
        length = next(
            (count for count in range(len(written) + 1) if len(fold(written[:count])) >= folded), len(written)
        )
        return token.start + length

    def value_at(self, index: int) -> str | None:
        """Give the value of what begins at a token, in words."""
        found = self.at(index)
        return str(found.slots[0].value) if found is not None and found.slots else None
