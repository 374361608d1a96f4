"""Names after "like" and "by": stretches of text that the catalogue resolves later.

Conventions
-----------
- A name ends at a sign, at "but", or where a word begins something that the grammar knows; words that it knows are
  part of a name where they are written like one ("Soul Asylum", "Death Cab for Cutie").
- "and" and commas part names, except before "the" and "his" and their like ("Florence and the Machine"), and "&"
  never does.
- What is quoted is one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ml.features.language.cues import BY, LIKE, LOOSE
from ml.features.language.filler import FILLER
from ml.features.language.slots import Slot
from ml.features.language.tokens import QUOTED, Line, words

_NOT_LIKE_AFTER = words("would id wed youd feel feels looks look dont didnt")
_AND = frozenset({"and", "und", "or", "oder", "sowie", "meets", "plus"})
_OF_ONE_NAME = words("the his her their me i die seine ihre den der das sein")
_CONTRAST = words(
    "but aber nur just jedoch only except ausser without ohne not nicht no kein keine keinen nie doch dafuer bloss "
    "that which who whose"
)
_JOINTS = words(
    "for fuer fuers zum zur beim from aus seit since before vor nach after with mit in im on auf am at "
    "during waehrend while when to um around ab under over unter ueber als please bitte wenn"
)
_DATIVES = words("den dem")
_ARTICLES = words("the der die das den dem des a an ein eine einen einem einer")
LONGEST = 10
#: What somebody did to a title, before "by".
DONE = words("sung performed written composed produced played recorded gesungen komponiert gespielt geschrieben")
#: Every word of the two patterns, and so each that one can begin with.
_FIRST = frozenset(re.findall(r"[a-z]+", f"{LIKE.pattern} {BY.pattern}"))
_STYLES = words("style type maessig artig esque maessige maessiger maessiges artige artiger artiges")
_CUES = words(
    "like love enjoy wie to with of as me by von zu richtung la unlike an aus der des kuenstler artist interpret "
    "band vom nach think on auf mit mag magst moegt liebt between"
)


def _is_cue(folded: str) -> bool:
    return folded in _CUES


def _is_mag(folded: str) -> bool:
    return folded in {"mag", "magst", "moegt", "liebt", "liebst", "hoert", "hoerst"}


def _is_word(line: Line, index: int) -> bool:
    """Tell whether a word stands there and no number."""
    return index < len(line.tokens) and not line.tokens[index].is_number


class Names:
    """Reads names.

    Parameters
    ----------
    line : Line
    known_at : callable
        The kind of slot that begins at a token with the index after it, or None.
    """

    def __init__(self, line: Line, known_at: Callable[[int], tuple[str, int] | None]) -> None:
        self._line, self._read_at = line, known_at
        self._mixed = any(token.capital for token in line.tokens)

    def read(self, index: int) -> tuple[tuple[Slot, ...], int, bool] | None:
        """Give the slots of names after a "like" or a "by", the index after them, and whether they are refused."""
        styled = self._styled(index)
        if styled is not None:
            return styled
        if self._line.folded(index) not in _FIRST or not self._line.within(index, _is_cue, 8):
            return None
        line = self._line
        like = line.match(LIKE, index)
        if like is not None and self._line.folded(index - 1) not in _NOT_LIKE_AFTER:
            slots, after = self._list("like", like[1])
            if (
                slots
                and LOOSE.match(like[0].group())
                and not (
                    self._written(like[1])
                    and (line.folded(index) not in {"wenn", "wer"} or line.within(like[1], _is_mag, 7))
                )
            ):
                slots = ()
            if slots:
                return slots, after, like[0].group() in {"unlike", "less like", "weniger wie"}
        by = self._line.match(BY, index)
        if by is not None and "like" not in by[0].group():
            begin = by[1]
            article = self._line.tokens[begin] if begin < len(self._line.tokens) else None
            if by[0].group().endswith("von") and article and article.folded in _ARTICLES and not article.capital:
                begin += 1
            slots, after = self._list("artist", begin)
            if slots and _is_word(self._line, begin):
                return slots, after, False
        return None

    def _styled(self, index: int) -> tuple[tuple[Slot, ...], int, bool] | None:
        """Read "Radiohead-style" and "Beatles-mäßig"."""
        line, after = self._line, index
        while after < min(len(line.tokens), index + 4):
            token = line.tokens[after]
            if not (token.capital and token.is_word) or token.folded in FILLER or self._read_at(after) is not None:
                break
            after += 1
        if after == index or line.ends_at(after):
            return None
        glued = line.text[line.tokens[after - 1].end : line.tokens[after].start] == "-"
        if line.folded(after) not in _STYLES and not (glued and line.folded(after) == "like"):
            return None
        return (self._slot("like", index, after),), after + 1, False

    def follows(self, index: int) -> bool:
        """Tell whether a name begins at a token."""
        return index < len(self._line.tokens) and bool(self._list("artist", index)[0]) and _is_word(self._line, index)

    def _written(self, index: int) -> bool:
        """Tell whether a word has a capital, behind an article too."""
        behind = index + (self._line.folded(index) in _ARTICLES)
        return behind < len(self._line.tokens) and self._line.tokens[behind].capital

    def _known_at(self, index: int) -> tuple[str, int] | None:
        found = self._read_at(index)
        return None if found is None or found[0] == "name of a thing" else found

    def after_than(self, index: int) -> tuple[tuple[Slot, ...], int] | None:
        """Give the slots of a name after "than": the seed that something is to be slower than."""
        if self._line.folded(index) not in {"than", "als", "wie", "as"}:
            return None
        slots, after = self._list("like", index + 1)
        return (slots, after) if slots else None

    def _list(self, kind: str, begin: int) -> tuple[tuple[Slot, ...], int]:
        slots: list[Slot] = []
        after = begin
        for start, end in self._stretches(begin):
            slots.append(self._slot(kind, start, end))
            after = end
        if slots:
            return tuple(slots), after
        return (), begin

    def _slot(self, kind: str, start: int, end: int) -> Slot:
        token = self._line.tokens[start]
        if token.folded == QUOTED:
            return Slot(kind, self._line.text[token.start + 1 : token.end - 1].strip(), token.start, token.end)
        begin, stop = self._line.span(start, end)
        return Slot(kind, self._line.text[begin:stop], begin, stop)

    def _stretches(self, begin: int) -> Iterator[tuple[int, int]]:
        """Give names one after the other, as stretches of tokens."""
        index = begin
        for number in range(12):
            end = self._end(index, later=number > 0)
            if end is None:
                return
            yield index, end
            index = end
            if self._line.folded(index) == "," and self._line.folded(index + 1) in _AND:
                index += 1
            if self._line.folded(index) not in _AND | {","}:
                return
            index += 1
            index += self._line.folded(index) in _DATIVES and not self._line.tokens[index].capital

    def _end(self, begin: int, *, later: bool) -> int | None:
        """Give the index after the name that begins at a token; None where none does."""
        line, index = self._line, begin
        if begin >= len(line.tokens) or not self._begins(begin, later=later):
            return None
        if line.folded(begin) == QUOTED:
            return begin + 1
        while index < min(len(line.tokens), begin + LONGEST) and not self._stops(index, begin):
            index += 1
        while index > begin + 1 and line.folded(index - 1) in FILLER and not line.tokens[index - 1].capital:
            index -= 1
        return index if index > begin else None

    def _begins(self, index: int, *, later: bool) -> bool:
        line = self._line
        token = line.tokens[index]
        if token.folded == QUOTED:
            return True
        if line.ends_at(index) or not (token.is_word or token.is_number):
            return False
        begin = index + (token.folded in _ARTICLES)
        if line.ends_at(begin):
            return begin > index and token.capital
        found = self._known_at(begin)
        if found is None:
            word = line.tokens[begin]
            is_name = word.capital or word.folded not in FILLER
            return is_name and not (later and word.folded in _CONTRAST)
        return self._written_as_name(begin, found[1], later=later)

    def _written_as_name(self, begin: int, after: int, *, later: bool) -> bool:
        """Tell whether known words are a name all the same: more capitals follow, or words that nobody knows."""
        line = self._line
        if not line.tokens[begin].is_word:
            named = line.tokens[begin - 1].capital and line.folded(begin - 1) in _ARTICLES
            return named or (not later and not line.ends_at(after) and line.tokens[after].capital)
        if line.ends_at(after) or not line.tokens[after].is_word:
            return False
        if not self._mixed:
            return not later and self._known_at(after) is None and line.folded(after) not in FILLER | _AND | _CONTRAST
        return (
            line.tokens[begin].capital
            and line.tokens[after].capital
            and line.folded(after) not in FILLER | _AND | _CONTRAST | _JOINTS
        )

    def _stops(self, index: int, begin: int) -> bool:
        line = self._line
        token, word = line.tokens[index], line.folded(index)
        if word == QUOTED or (line.ends_at(index) and not self._sign_inside(index)):
            return True
        if index == begin:
            return False
        if word == "by" and not token.capital:
            return True
        if word in _AND:
            return self._parts(index)
        return self._joins(index) if word in _CONTRAST or word in _JOINTS else self._known_stops(index)

    def _parts(self, index: int) -> bool:
        """Tell whether an "and" parts two names: not in "Tones and I", nor in "Florence and the Machine"."""
        line, following = self._line, index + 1
        if line.folded(index) in {"or", "oder"} or line.ends_at(following):
            return True
        if line.folded(following) == "i":
            return False
        apart = line.tokens[following].capital or line.folded(following) not in _OF_ONE_NAME
        return apart or self._known_at(following + 1) is not None

    def _known_stops(self, index: int) -> bool:
        """Tell whether something that is known begins at a token and is no part of the name."""
        line, token = self._line, self._line.tokens[index]
        found = self._known_at(index)
        if found is None:
            return False
        if found[0] == "change" and token.capital and line.tokens[index - 1].capital:
            return False
        if found[0] in {"change", "tempo_bpm", "duration_s", "track_duration_s", "key", "count"}:
            return True
        if found[0] == "years":
            return found[1] - index > 1
        return self._mixed and not token.capital

    def _sign_inside(self, index: int) -> bool:
        """Tell whether a sign is part of a name: "Dr. Dre", "R.E.M.", "Panic! At the Disco"."""
        line = self._line
        word = line.folded(index)
        if word not in {".", "!"} or not 0 < index < len(line.tokens) - 1:
            return False
        before, following = line.tokens[index - 1], line.tokens[index + 1]
        return following.capital and (len(before.folded) <= 3 if word == "." else before.capital)

    def _joins(self, index: int) -> bool:
        """Tell whether at a preposition or a contrast something else begins, and the name goes on no longer."""
        line = self._line
        following = index + 1
        if line.ends_at(following):
            return True
        if line.folded(following) in _ARTICLES | {
            "my",
            "our",
            "mein",
            "meine",
            "meinen",
            "more",
            "less",
            "mehr",
            "weniger",
        }:
            following += 1
        if line.ends_at(following):
            return line.folded(index) in _CONTRAST
        token = line.tokens[following]
        if line.tokens[index].capital and token.capital:
            return False
        if self._known_at(following) is not None or not (token.is_word or token.is_number):
            return True
        return line.folded(index) in _CONTRAST and not line.tokens[index].capital
