"""A request in words, and what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ml.features.language.described import described, pieces
from ml.features.language.filler import COURTESY
from ml.features.language.scanning import Scan
from ml.features.language.slots import KINDS, Change, Range, Slot, Term, Value
from ml.features.language.tokens import Line, tokenise
from ml.foundation.results import Result

#: What asks for a title and is none; "play" alone may be one.
_ASKED = re.compile(
    r"(?:please |bitte )?(?:play (?:me some|me|some)|find (?:me some|me)|search for|look for|show me|i want to hear|"
    r"spiele? (?:mir |uns )?(?:bitte |mal )?(?:etwas von|was von|von)?|suche? (?:mir |nach )?|finde? (?:mir "
    r")?|zeige? mir|who (?:sings|sang|wrote|plays|made)|wer (?:singt|sang|spielt)|von wem ist)(?= )"
)

#: What begins a request that is no title.
_MUSIC = re.compile(
    r"(?:(?:that|the|das|ein|a) )?(?:song|lied|track|songs|music|musik|lieder|tracks|tunes|something|anything|stuff|"
    r"playlist|etwas|irgendwas|was|mucke|titel|stuecke) "
    r"(?:for|to|about|with|from|that|which|fuer|zum|zur|zu|ueber|mit|aus|beim|im|in|at|on|while|die|der|das|wo)(?= )"
)


@dataclass(frozen=True, slots=True)
class Parse(Result):
    """What a request asks for.

    Parameters
    ----------
    text : str
        As given.
    slots : tuple of Slot
        In the order of the text; their spans lie in it and do not overlap, nor do those of ``rest``.
    rest : tuple of Term
        Words that belong to no slot.
    """

    text: str
    slots: tuple[Slot, ...]
    rest: tuple[Term, ...]

    def of(self, kind: str, *, wanted: bool = True) -> tuple[Value, ...]:
        """Give the values of a kind that are wanted, or those that are not, each once, in order.

        Raises
        ------
        KeyError
            Where there is no such kind.
        """
        if kind not in KINDS:
            raise KeyError(kind)
        return tuple(dict.fromkeys(slot.value for slot in self.slots if slot.kind == kind and slot.wanted == wanted))

    def _first(self, kind: str) -> Value | None:
        return next(iter(self.of(kind)), None)

    @property
    def vocals(self) -> bool | None:
        """Whether there is to be singing; None where nothing is said."""
        found = self._first("vocals")
        return found if isinstance(found, bool) else None

    @property
    def explicit(self) -> bool | None:
        """False where explicit words are to be left out, None where nothing is said."""
        found = self._first("explicit")
        return found if isinstance(found, bool) else None

    @property
    def years(self) -> tuple[Range, ...]:
        """Stretches of years, any of which will do."""
        return tuple(value for value in self.of("years") if isinstance(value, Range))

    @property
    def tempo_bpm(self) -> Range | None:
        """Tempo: what all that is said of it leaves; None where nothing is said."""
        return _common(self.of("tempo_bpm"))

    @property
    def duration_s(self) -> Range | None:
        """Duration of the list."""
        return _common(self.of("duration_s"))

    @property
    def track_duration_s(self) -> Range | None:
        """Duration of each track."""
        return _common(self.of("track_duration_s"))

    @property
    def count(self) -> int | None:
        """How many tracks."""
        found = self._first("count")
        return found if isinstance(found, int) else None

    @property
    def likes(self) -> tuple[str, ...]:
        """Names that it is to be like."""
        return tuple(str(name) for name in self.of("like"))

    @property
    def unlikes(self) -> tuple[str, ...]:
        """Names that it is not to be like."""
        return tuple(str(name) for name in self.of("like", wanted=False))

    @property
    def changes(self) -> dict[str, int]:
        """By feature: 1 for more of it than the seed has, -1 for less."""
        return {value.feature: value.direction for value in self.of("change") if isinstance(value, Change)}

    @property
    def words(self) -> str:
        """What is left for a search, without what is refused."""
        return " ".join(term.text for term in self.rest if term.wanted)

    def without(self, slot: Slot) -> Parse:
        """Give the parse with one slot taken out, as somebody does who edits it."""
        return replace(self, slots=tuple(each for each in self.slots if each != slot))

    def described(self, language: str = "en") -> str:
        """Say in English or German what was understood.

        >>> parse("ruhige Klaviermusik zum Lernen ohne Gesang").described("en")
        'mood: calm; instrument: piano; activity: focus; without vocals'

        Raises
        ------
        ml.foundation.errors.BadInput
            Where nothing is said in that language.
        """
        return described(self.slots, self.rest, language)

    def pieces(self, language: str = "en") -> tuple[str, ...]:
        """Say piece by piece what was understood.

        >>> parse("calm piano, no vocals").pieces("de")
        ('Stimmung: ruhig', 'Instrument: Klavier', 'ohne Gesang')

        Raises
        ------
        ml.foundation.errors.BadInput
            Where nothing is said in that language.
        """
        return pieces(self.slots, self.rest, language)


def parse(text: str) -> Parse:
    """Read a request in English or German.

    Parameters
    ----------
    text : str
        Any text; what is not understood is left in ``rest``.

    Returns
    -------
    Parse

    Examples
    --------
    >>> found = parse("like Radiohead but calmer, 2000s")
    >>> found.likes, found.changes, [str(years) for years in found.years]
    (('Radiohead',), {'energy': -1}, ['2000-2009'])
    >>> [str(slot) for slot in parse("rainy Sunday, French, no vocals").slots]
    ['tag=rain', 'weekday=sunday', 'language=fr', 'vocals=no']
    >>> parse("bohemian rhapsody").words
    'bohemian rhapsody'
    """
    line = tokenise(text)
    slots, rest = Scan(line).run()
    if not slots and all(term.wanted for term in rest) and not (rest and _says_music(line)):
        rest = _whole(line)
    return Parse(text, slots, rest)


def _says_music(line: Line) -> bool:
    """Tell whether words without any slot are no title, since they begin with "songs about" or "Musik für"."""
    asked = line.match(_ASKED, 0)
    return line.match(_MUSIC, asked[1] if asked else 0) is not None


def _whole(line: Line) -> tuple[Term, ...]:
    """Leave a request without any slot as it is: a title may be made of any words."""
    asked = line.match(_ASKED, 0) if line.tokens else None
    tokens = [token for token in line.tokens[asked[1] if asked else 0 :] if token.is_word or token.is_number]
    while tokens and tokens[0].folded in COURTESY:
        tokens = tokens[1:]
    while tokens and tokens[-1].folded in COURTESY:
        tokens = tokens[:-1]
    if not tokens:
        return ()
    start, end = tokens[0].start, tokens[-1].end
    return (Term(line.text[start:end], start, end),)


def _common(values: tuple[Value, ...]) -> Range | None:
    """Give what all ranges have in common; the last where they have nothing."""
    ranges = [value for value in values if isinstance(value, Range)]
    if not ranges:
        return None
    lows = [each.low for each in ranges if each.low is not None]
    highs = [each.high for each in ranges if each.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return Range(low, high) if low is None or high is None or low <= high else ranges[-1]
