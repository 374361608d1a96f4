"""A parse as filters, wishes, words and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ml.features.keys import N_KEYS, NAMES, key_number
from ml.features.language import Change, Parse, Range, Slot, Term
from ml.features.language.described import described
from ml.features.vocabulary import VOCABULARY, energy_of
from ml.foundation.phrase import Phrase
from ml.intelligent_search.filters import Bounds, Filters
from ml.intelligent_search.lexical.suiting import VOCALS
from ml.intelligent_search.wishes import Wish

#: Kinds of slots whose words are of :data:`ml.features.vocabulary.VOCABULARY` and say what sound suits.
_SITUATIONS = ("mood", "activity", "time_of_day", "location")
#: Kinds of slots of which nothing here is made, and those of which nothing is made where they are refused.
_UNUSED = ("weekday", "device", "familiarity", "popularity", "duration_s", "count")
_NOT_REFUSED = (*_SITUATIONS, "language", "years", "tempo_bpm", "key", "mode", "energy_level", "track_duration_s")
_HALF_LEVEL = 1 / 6
_DECADE = 10
#: The decades whose two digits can mean no other.
_FIRST_SHORT, _LAST_SHORT = 1930, 2000


@dataclass(frozen=True)
class Understood:
    """What a text asks for.

    Parameters
    ----------
    filters : Filters
    wishes : tuple of Wish
    text : str
        Words that are left.
    whole : str
        What was typed, without what is refused.
    likes, unlikes : tuple of str
        Names that hits are to be like, and those that neither hits nor their artists are to have.
    changes : mapping of str to int
        By feature: 1 for more of it than what they are like has, -1 for less.
    """

    filters: Filters = field(default_factory=Filters)
    wishes: tuple[Wish, ...] = ()
    text: str = ""
    whole: str = ""
    likes: tuple[str, ...] = ()
    unlikes: tuple[str, ...] = ()
    changes: Mapping[str, int] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether there is more than words."""
        return bool(self.filters or self.wishes or self.likes or self.unlikes or self.changes)


def understand(parse: Parse) -> Understood:
    """Read a parse."""
    return Understood(
        filters=_filters(parse),
        wishes=_wishes(parse),
        text=" ".join([parse.words, *_texts(parse, "name")]).strip(),
        whole=_wanted(parse),
        likes=parse.likes,
        unlikes=tuple(dict.fromkeys([*parse.unlikes, *_texts(parse, "artist", wanted=False)])),
        changes=parse.changes,
    )


def _wanted(parse: Parse) -> str:
    """Give what was typed without what is refused, whose words would find just that."""
    sung = [slot for slot in parse.slots if slot.value is False and slot.kind == "vocals"]
    sung = [slot for slot in sung if "instrumental" not in (slot.word or "")]
    pieces: list[Slot | Term] = [*parse.slots, *parse.rest]
    if not sung and all(piece.wanted for piece in pieces):
        return parse.text
    wanted = sorted((piece for piece in pieces if piece.wanted), key=lambda piece: piece.start)
    return " ".join("instrumental" if piece in sung else parse.text[piece.start : piece.end] for piece in wanted)


def unused(parse: Parse) -> tuple[Phrase, ...]:
    """Say what was understood and has no say: nothing in a document tells so."""
    return tuple(
        _said(slot) for slot in parse.slots if slot.kind in _UNUSED or (not slot.wanted and slot.kind in _NOT_REFUSED)
    )


def said_change(feature: str, direction: int) -> Phrase:
    """Say what is to change."""
    return _said(Slot("change", Change(feature, direction), 0, 0))


def _said(slot: Slot) -> Phrase:
    return Phrase({"en": described((slot,), (), "en"), "de": described((slot,), (), "de")})


def _filters(parse: Parse) -> Filters:
    refused = [term.text for term in parse.rest if not term.wanted]
    refused += [text for kind in ("instrument", "tag", "name") for text in _texts(parse, kind, wanted=False)]
    return Filters(
        genres=_texts(parse, "genre"),
        not_genres=_texts(parse, "genre", wanted=False),
        languages=_texts(parse, "language"),
        years=() if _decades(parse) else tuple(_ends(years) for years in parse.years),
        bpm=_ends(parse.tempo_bpm),
        duration_s=_ends(parse.track_duration_s),
        energy=_energy(parse),
        musical_keys=_keys(parse),
        artists=_texts(parse, "artist"),
        explicit=False if parse.explicit is False else None,
        without=tuple(refused),
    )


def _wishes(parse: Parse) -> tuple[Wish, ...]:
    found = [_situation(parse, slot) for slot in parse.slots if slot.wanted and slot.kind in _SITUATIONS]
    found += [
        Wish(slot.kind, str(slot.value), _written(parse, slot))
        for slot in parse.slots
        if slot.wanted and slot.kind in ("instrument", "tag")
    ]
    # A subgenre is more than the genre that it belongs to, which is a filter.
    found += [
        Wish("genre", slot.word, (slot.word,))
        for slot in parse.slots
        if slot.kind == "genre" and slot.wanted and slot.word and slot.word != slot.value
    ]
    found += [Wish("years", tags[0], tags, years=years) for tags, years in _decades(parse)]
    if parse.vocals is not None:
        word = "vocals" if parse.vocals else "instrumental"
        found.append(Wish("vocals", word, (word,), bounds=VOCALS[word]))
    return tuple(found)


def _situation(parse: Parse, slot: Slot) -> Wish:
    word = str(slot.value)
    return Wish(slot.kind, word, _written(parse, slot), VOCABULARY[slot.kind][word].region)


def _written(parse: Parse, slot: Slot) -> tuple[str, ...]:
    """Give the tags that a slot may go by: its word, and what was written."""
    written = (str(slot.value), slot.word or "", parse.text[slot.start : slot.end].lower())
    return tuple(dict.fromkeys(text for text in written if text))


def _decades(parse: Parse) -> list[tuple[tuple[str, ...], Bounds]]:
    """Give the whole decades that are asked for: tags name them where no year is known.

    Empty where other stretches are asked for too: these are filters.
    """
    found: list[tuple[tuple[str, ...], Bounds]] = []
    for years in parse.years:
        low, high = years.low, years.high
        if low is None or high is None or low % _DECADE or high != low + _DECADE - 1:
            return []
        short = (f"{low % 100:02.0f}s",) if _FIRST_SHORT <= low <= _LAST_SHORT else ()
        found.append(((f"{low:.0f}s", *short), _ends(years)))
    return found


def _keys(parse: Parse) -> tuple[int, ...]:
    numbers = [key_number(*text.split(" ", 1)) for text in _texts(parse, "key") if " " in text]
    found = [number for number in numbers if number is not None]
    for mode in _texts(parse, "mode"):
        half = len(NAMES)
        found += range(half, N_KEYS) if mode == "minor" else range(half)
    return tuple(dict.fromkeys(found))


def _energy(parse: Parse) -> Bounds:
    for level in _texts(parse, "energy_level"):
        middle = energy_of(level)
        return round(middle - _HALF_LEVEL, 6), round(middle + _HALF_LEVEL, 6)
    return None, None


def _texts(parse: Parse, kind: str, *, wanted: bool = True) -> tuple[str, ...]:
    return tuple(str(value) for value in parse.of(kind, wanted=wanted))


def _ends(found: Range | None) -> Bounds:
    return (None, None) if found is None else (found.low, found.high)
