"""One pass over a request, from left to right: at each place the longest thing that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ml.features.language import comparatives, counts, durations, eras, keys, tempo
from ml.features.language.compounds import split
from ml.features.language.filler import FILLER
from ml.features.language.lexicon import Sense, lexicon
from ml.features.language.likes import Names
from ml.features.language.negation import Scope, harmless, negator
from ml.features.language.phrases import SUNG
from ml.features.language.reading import Reading
from ml.features.language.slots import Range, Slot, Term
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
_OWN = words("the my our your his her dem meinem meinen einem")
_ON = words("on auf over ueber via vom")
_WITH = words("with mit")
#: After "not" they say that only what follows at once is not wanted so: "not so slow jazz".
_MEASURED = words("so too zu as very sehr overly that ganz allzu")
_LOVED = words("i we you id would really ich wir")


class Scan:
    """Reads a line once.

    Parameters
    ----------
    line : Line
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._readings: dict[int, Reading | None] = {}
        self._scope = Scope(line, self._kind_at)
        self._names = Names(line, self._kind_at)
        self._stretches: list[tuple[int, int, bool]] = []
        self._kept: set[int] = set()
        self._liked = False
        self.slots: list[Slot] = []

    def run(self) -> tuple[tuple[Slot, ...], tuple[Term, ...]]:
        """Give the slots and what is left, each in the order of the text."""
        index = 0
        while index < len(self._line.tokens):
            index = self._step(index)
        return tuple(self.slots), tuple(self._terms())

    def _step(self, index: int) -> int:
        """Read what begins at a token; give the index after it."""
        line = self._line
        named = self._named(index)
        if named is not None:
            return self._take(*named)
        found = self._reading(index)
        if found is not None and not found.slots:
            return self._keep(index, found.after)
        if found is not None:
            return self._take(found.slots, found.after)
        passed = harmless(line, index)
        if passed is not None:
            return passed
        refusing = negator(line, index)
        if refusing is not None:
            self._scope.open(line.folded(index), once=line.folded(refusing) in _MEASURED)
            return refusing
        sung = self._sung(index)
        if sung is not None:
            return sung
        return self._leave(index)

    def _named(self, index: int) -> tuple[tuple[Slot, ...], int] | None:
        """Read names: quoted, after "like" and "by", or after a comparative ("slower than")."""
        line = self._line
        if line.folded(index) == QUOTED:
            token = line.tokens[index]
            name = line.text[token.start + 1 : token.end - 1].strip()
            return (Slot("name", name, token.start, token.end),), index + 1
        names = self._names.read(index)
        if names is not None:
            slots, after, refused = names
            return tuple(replace(slot, wanted=not refused) for slot in slots), after
        return self._names.after_than(index) if self._follows("change", index) else None

    def _follows(self, kind: str, index: int) -> bool:
        """Tell whether a slot of a kind stands right before a token."""
        last = self.slots[-1] if self.slots else None
        return last is not None and last.kind == kind and last.end == self._line.tokens[index - 1].end

    def _take(self, slots: tuple[Slot, ...], after: int) -> int:
        """Keep slots, refused where a no reaches them."""
        refused = self._scope.covers(slots[0].kind)
        self._liked = self._liked or slots[0].kind == "like"
        self.slots += [_refused(slot) if refused else slot for slot in slots]
        return after

    def _sung(self, index: int) -> int | None:
        """Read "words" as singing, after a "no" or a "with"."""
        line = self._line
        if line.folded(index) not in SUNG:
            return None
        if self._follows("language", index):
            return index + 1
        start, end = line.span(index, index + 1)
        if self._scope.active and self._scope.covers("vocals"):
            self.slots.append(Slot("vocals", False, start, end))
            return index + 1
        if line.folded(index - 1) in _WITH:
            self.slots.append(Slot("vocals", True, start, end))
            return index + 1
        return index + 1 if self.slots and self.slots[-1].end == line.tokens[index - 1].end else None

    def _leave(self, index: int) -> int:
        """Leave a token that belongs to nothing; it is a term, or a name that is refused."""
        line, token = self._line, self._line.tokens[index]
        self._scope.passes(index)
        if line.ends_at(index) or not (token.is_word or token.is_number or token.folded in "&+/#"):
            return index + 1
        refused = (
            self._scope.active and (token.folded not in FILLER or self._joined(index)) and self._scope.covers("term")
        )
        if refused and token.capital and self._is_name(index):
            return self._unlike(index)
        if self._stretches and self._stretches[-1][1:] == (index, not refused):
            self._stretches[-1] = (self._stretches[-1][0], index + 1, not refused)
        else:
            self._stretches.append((index, index + 1, not refused))
        return index + 1

    def _is_name(self, index: int) -> bool:
        """Tell whether what is refused is a name: after a "not" or a "like", or of two words at least."""
        following = index + 1
        longer = not self._line.ends_at(following) and self._line.tokens[following].capital
        return self._scope.of_names or self._liked or (longer and self._reading(following) is None)

    def _unlike(self, index: int) -> int:
        """Read the name after a "not"."""
        after = index + 1
        while after < len(self._line.tokens) and self._line.tokens[after].capital and self._reading(after) is None:
            after += 1
        start, end = self._line.span(index, after)
        self.slots.append(Slot("like", self._line.text[start:end], start, end, wanted=False))
        return after

    def _keep(self, index: int, after: int) -> int:
        """Leave words that only look like a slot, whole."""
        self._stretches.append((index, after, not self._scope.covers("term")))
        self._kept |= set(range(index, after))
        return after

    def _joined(self, index: int) -> bool:
        return bool(self._stretches) and self._stretches[-1][1:] == (index, False)

    # --- what begins where

    def _kind_at(self, index: int) -> tuple[str, int] | None:
        found = self._reading(index) if index < len(self._line.tokens) else None
        return (found.slots[0].kind if found.slots else "name of a thing", found.after) if found is not None else None

    def _reading(self, index: int) -> Reading | None:
        if index not in self._readings:
            self._readings[index] = self._read(index)
        return self._readings[index]

    def _read(self, index: int) -> Reading | None:
        line = self._line
        if line.folded(index) == QUOTED:
            return None
        found = lexicon().longest(line, index)
        for read in _READERS if line.tokens[index].is_number or line.folded(index) in STARTS else ():
            number = read(line, index)
            if number is not None and (read is not comparatives.read or self._further(index, number, found)):
                return None if self._part_of_name(read, index, number) else number
        return self._meaning(index, found) if found is not None else self._compound(index)

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
            and self._readings.get(index - 1) is None
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

    # --- what is left

    def _terms(self) -> list[Term]:
        terms = []
        for first, after, wanted in self._stretches:
            begin, end = first, after
            while begin < end and self._is_filler(begin):
                begin += 1
            while begin < end and self._is_filler(end - 1):
                end -= 1
            if begin < end:
                start, stop = self._line.span(begin, end)
                terms.append(Term(self._line.text[start:stop], start, stop, wanted))
        return terms

    def _is_filler(self, index: int) -> bool:
        token = self._line.tokens[index]
        if index in self._kept:
            return False
        return token.folded in FILLER or not (token.is_word or token.is_number)


def _refused(slot: Slot) -> Slot:
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
