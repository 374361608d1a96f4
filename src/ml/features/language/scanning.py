"""One pass over a request, from left to right: at each place the longest thing that is known."""

from __future__ import annotations

from dataclasses import replace

from ml.features.language.filler import FILLER, MEASURES, OF_TITLES
from ml.features.language.likes import DONE, Names
from ml.features.language.meanings import Meanings
from ml.features.language.negation import (
    DENYING,
    DENYING_BETWEEN,
    DENYING_END,
    Scope,
    harmless,
    negator,
    refusal,
)
from ml.features.language.objects import cleans_place, is_object, sung_in
from ml.features.language.phrases import SUNG
from ml.features.language.slots import Slot, Term
from ml.features.language.titles import is_by, refused_name, title_alone, title_before
from ml.features.language.tokens import QUOTED, Line, words

_WITH = words("with mit viel viele vielen lots")
_VERSIONS = words("one ones version versions songs stuff")
#: After "not" they say that only what follows at once is not wanted so: "not so slow jazz".
_MEASURED = words("so too zu as very sehr overly that ganz allzu")


class Scan:
    """Reads a line once.

    Parameters
    ----------
    line : Line
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._meanings = Meanings(line)
        self._scope = Scope(line, self._meanings.kind_at)
        self._names = Names(line, self._meanings.exact_at)
        self._stretches: list[tuple[int, int, bool]] = []
        self._kept: set[int] = set()
        self._titles = self._found_titles()
        self.slots: list[Slot] = []

    def run(self) -> tuple[tuple[Slot, ...], tuple[Term, ...]]:
        """Give the slots and what is left, each in the order of the text."""
        index = 0
        while index < len(self._line.tokens):
            index = self._step(index)
        return tuple(self.slots), tuple(self._terms())

    def _found_titles(self) -> dict[int, int]:
        """Give titles that no word announces, by their first token: the index after each."""
        line, found = self._line, {}
        for by, token in enumerate(line.tokens):
            if by and is_by(token.folded) and self._names.follows(by + 1):
                title = title_before(
                    line, by - (line.folded(by - 1) in DONE), self._meanings.exact_at, self._meanings.value_at
                )
                if title is not None:
                    found[title[0]] = title[1]
        if not found:
            alone = title_alone(line, self._meanings.exact_at, self._meanings.value_at)
            if alone is not None:
                found[alone[0]] = alone[1]
        return found

    def _step(self, index: int) -> int:
        """Read what begins at a token; give the index after it."""
        line = self._line
        if index in self._titles:
            return self._keep(index, self._titles[index])
        named = self._named(index)
        if named is not None:
            return self._take(*named)
        found, refusing = self._meanings.at(index), negator(line, index)
        if found is not None and (refusing is None or refusing <= found.after):
            return self._take(found.slots, found.after) if found.slots else self._keep(index, found.after)
        passed = harmless(line, index)
        if passed is not None:
            return passed
        if refusing is not None:
            if self._denies_last(index, refusing):
                return refusing
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
        """Keep slots, refused where a no reaches them, or a "free" follows."""
        line, kind = self._line, slots[0].kind
        refused = self._scope.covers(kind, beside=self._beside_refused(slots[0]))
        if is_object(line, self.slots, slots[0]):
            return after
        if cleans_place(line, self.slots, slots[0]) or sung_in(line, self.slots, slots[0]):
            self.slots.pop()
        if line.folded(after) == "free" and kind in {"instrument", "vocals", "tag", "genre"}:
            refused, after = True, after + 1
        self.slots += [refusal(slot) if refused else slot for slot in slots]
        if line.folded(after) == "heavy" and kind in {"instrument", "vocals", "tag"} and self._ends_with(after):
            after += 1
        return after

    def _beside_refused(self, slot: Slot) -> bool:
        """Tell whether a refused word stands right before a slot: "no cheesy ballads"."""
        if not self._stretches or self._stretches[-1][2]:
            return False
        end = self._line.tokens[self._stretches[-1][1] - 1].end
        return not self._line.text[end : slot.start].strip()

    def _ends_with(self, index: int) -> bool:
        """Tell whether what is known at a token is that token alone."""
        found = self._meanings.at(index)
        return found is None or found.after == index + 1

    def _denies_last(self, index: int, end: int) -> bool:
        """Refuse what stands before a "nicht" that ends a thought: "Schlager bitte nicht"."""
        line, after = self._line, end
        while line.folded(after) in DENYING_END:
            after += 1
        if line.folded(end - 1) not in DENYING or not line.ends_at(after) or self._scope.active:
            return False
        before = index - 1
        while before > 0 and line.folded(before) in DENYING_BETWEEN:
            before -= 1
        last = self._stretches[-1] if self._stretches else (0, 0, False)
        if last[1] == before + 1 and last[2] and line.tokens[last[0]].capital:
            self._stretches.pop()
            self._unlike(last[0], last[1])
            return True
        if not self.slots or line.tokens[before].end != self.slots[-1].end or not self.slots[-1].wanted:
            return False
        self.slots[-1] = refusal(self.slots[-1])
        return True

    def _sung(self, index: int) -> int | None:
        """Read "words" as singing, after a "no" or a "with"."""
        line = self._line
        named = line.folded(index) in {"word", "wort"} and line.folded(index - 1) in {"the", "das"}
        if line.folded(index) not in SUNG or (named and not line.ends_at(index + 1)):
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
        name = refused_name(line, index, self._meanings.exact_at) if self._scope.active and token.is_word else None
        if name is not None and self._scope.covers("term"):
            return self._unlike(index, name)
        if line.ends_at(index) or not (token.is_word or token.is_number or token.folded in "&+/#"):
            return index + 1
        refused = (
            self._scope.active and (token.folded not in FILLER or self._joined(index)) and self._scope.covers("term")
        )
        if self._stretches and self._stretches[-1][1:] == (index, not refused):
            self._stretches[-1] = (self._stretches[-1][0], index + 1, not refused)
        else:
            self._stretches.append((index, index + 1, not refused))
        return index + 1

    def _unlike(self, index: int, after: int) -> int:
        """Keep a name that is refused, without the article of "not the Leonard Cohen one"."""
        if self._line.folded(index) == "the" and self._line.folded(after) in _VERSIONS:
            index += 1
        start, end = self._line.span(index, after)
        self.slots.append(Slot("like", self._line.text[start:end], start, end, wanted=False))
        return after

    def _keep(self, index: int, after: int) -> int:
        """Leave words that only look like a slot, whole; a name where they are refused."""
        if self._scope.covers("term"):
            return self._unlike(index, after)
        self._stretches.append((index, after, True))
        self._kept |= set(range(index, after))
        return after

    def _joined(self, index: int) -> bool:
        return bool(self._stretches) and self._stretches[-1][1:] == (index, False)

    # --- what is left

    def _terms(self) -> list[Term]:
        terms = []
        for first, after, wanted in self._stretches:
            begin, end = first, after
            while begin < end and self._is_filler(begin) and not self._belongs(begin, end):
                begin += 1
            while begin < end and self._is_filler(end - 1) and not (begin < end - 1 and self._hyphen(end - 2)):
                end -= 1
            if begin < end:
                start, stop = self._line.span(begin, end)
                terms.append(Term(self._line.text[start:stop], start, stop, wanted))
        return terms

    def _beside_capital(self, index: int) -> bool:
        beside = (place for place in (index - 1, index + 1) if not self._line.ends_at(place))
        return any(self._line.tokens[place].capital for place in beside)

    def _belongs(self, index: int, end: int) -> bool:
        """Tell whether a word belongs to the one behind it: "build-ups", "long intros"."""
        tokens = self._line.tokens
        if index + 1 >= end:
            return False
        says = not self._is_filler(index + 1) or self._belongs(index + 1, end)
        measures = tokens[index].folded in MEASURES and says
        return measures or self._hyphen(index)

    def _hyphen(self, index: int) -> bool:
        """Tell whether a hyphen joins a token to the next."""
        return self._line.text[self._line.tokens[index].end : self._line.tokens[index + 1].start] == "-"

    def _is_filler(self, index: int) -> bool:
        token = self._line.tokens[index]
        if index in self._kept or (token.capital and token.folded in OF_TITLES and self._beside_capital(index)):
            return False
        return token.folded in FILLER or not (token.is_word or token.is_number)
