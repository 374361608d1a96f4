"""More or less of something: "slower", "etwas ruhiger", "more acoustic", "weniger Gesang".

Conventions
-----------
A German word in ``-er`` is a comparative or an adjective before a noun ("ruhiger Jazz"). It is an adjective where a
noun follows, also behind a chain of its like ("ruhiger, trauriger Folk"), unless a word before it measures ("etwas
ruhiger").
"""

from __future__ import annotations

import re

from ml.features.language.compounds import split
from ml.features.language.lexicon import Sense, lexicon
from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Change, Range
from ml.features.language.tokens import Line, fold, words

#: Features of sound and catalogue that a change is about; others are instruments, genres, tags and moods.
FEATURES = (
    "tempo",
    "energy",
    "loudness",
    "valence",
    "year",
    "acousticness",
    "danceability",
    "vocals",
    "popularity",
    "duration",
)
_WORDS = {
    "tempo+": "faster quicker speedier snappier schneller flotter zügiger rascher",
    "tempo-": "slower langsamer gemächlicher",
    "energy+": (
        "heavier harder wilder rougher edgier livelier punchier stronger bouncier peppier härter heftiger fetziger "
        "krachiger dynamischer wilder kräftiger energischer energiegeladener intensiver aggressiver treibender "
        "rauer lebhafter lebendiger schwungvoller"
    ),
    "energy-": (
        "calmer softer gentler lighter mellower tamer subtler dezenter besinnlicher stiller chiller smoother cosier "
        "ruhiger sanfter weicher entspannter gemütlicher chilliger gechillter gelassener zarter sachter relaxter"
    ),
    "loudness+": "louder lauter",
    "loudness-": "quieter leiser",
    "valence+": (
        "happier brighter cheerier sunnier merrier jollier funnier beschwingter unbeschwerter fröhlicher heller "
        "heiterer glücklicher lustiger positiver freundlicher sonniger"
    ),
    "valence-": (
        "sadder darker gloomier moodier bleaker grimmer trauriger düsterer dunkler melancholischer finsterer "
        "schwermütiger"
    ),
    "year+": "newer younger neuer moderner jünger aktueller",
    "year-": "older älter",
    "acousticness+": "akustischer",
    "danceability+": "tanzbarer dancier",
    "duration+": "longer länger",
    "duration-": "shorter kürzer",
    "popularity+": "bekannter beliebter populärer",
    "popularity-": "obscurer unbekannter",
    "groovy+": "groovier",
    "dreamy+": "dreamier verträumter sphärischer",
    "epic+": "epischer",
    "romantic+": "romantischer",
    "electronic+": "elektronischer",
    "pop+": "poppier poppiger",
    "rock+": "rockier rockiger",
    "funk+": "funkier funkiger",
    "jazz+": "jazzier jazziger",
    "experimental+": "weirder experimenteller",
}
_FORMS = {fold(word): feature for feature, forms in _WORDS.items() for word in forms.split()}
#: Forms that cannot be an adjective before a noun, since the vowel has changed or they are English.
_ONLY_COMPARATIVE = frozenset(
    fold(word)
    for word in words(
        "härter älter jünger länger kürzer faster quicker slower heavier harder calmer softer gentler lighter mellower "
        "chiller louder quieter happier brighter sunnier sadder darker gloomier moodier newer younger older longer "
        "shorter smoother rougher edgier livelier punchier dancier groovier dreamier poppier rockier funkier jazzier "
        "weirder bleaker stronger bouncier peppier snappier tamer subtler funnier grimmer"
    )
)
_ENDINGS = ("e", "en", "es", "er", "em")
_INFLECTED = {
    form + ending: feature
    for form, feature in _FORMS.items()
    if form.endswith("er") and form not in {"lighter", "longer", "harder", "older", "younger"}
    for ending in _ENDINGS
}
_MEASURES = words(
    "etwas bisschen noch viel deutlich wesentlich tick bit little much even slightly somewhat way lot gern eher"
)
MIN_DERIVED = 6
_MORE = {"more": 1, "mehr": 1, "less": -1, "weniger": -1, "fewer": -1}
_FEW = words("wenig wenige wenigen wenigem little few kaum hardly barely minimal")
_NOUNS = words(
    "song lied track titel sound sounds mix beat beats musik songs lieder gesang text klang rhythmus klassiker hit hits"
)
_NOT_MUCH = re.compile(
    r"(?:not|nicht|without|ohne|no|kein) (?:quite |ganz )?(?:so|as|that|too|zu|allzu)?(?: ?(?:much|many|viel|viele|"
    r"vielen))"
    r"(?= )"
)
_SEEDS = words("like wie similar aehnlich")
_NOT_SO = re.compile(r"(?:not|nicht) (?:quite |ganz )?(?:so|as)(?= )")
STARTS = frozenset(_FORMS) | frozenset(_INFLECTED) | frozenset(_MORE) | _FEW | {"not", "nicht", "without", "ohne"}
_MOODS = {
    "happy": ("valence", 1),
    "excited": ("energy", 1),
    "energetic": ("energy", 1),
    "angry": ("energy", 1),
    "gloomy": ("valence", -1),
    "sad": ("valence", -1),
    "sleepy": ("energy", -1),
    "calm": ("energy", -1),
}
_TAGS = {"acoustic": "acousticness", "danceable": "danceability"}


def read(line: Line, index: int) -> Reading | None:
    """Read a comparative.

    >>> from ml.features.language.tokens import tokenise
    >>> for text in ("slower", "ruhiger", "ruhiger Jazz", "more acoustic", "weniger Gesang"):
    ...     found = read(tokenise(text), 0)
    ...     print(text, "→", found and found.slots[0].value)
    slower → tempo-
    ruhiger → energy-
    ruhiger Jazz → None
    more acoustic → acousticness+
    weniger Gesang → vocals-
    """
    word = line.folded(index)
    if word in {"not", "nicht", "without", "ohne"}:
        return _not_as(line, index) or _not_much(line, index)
    if word in _MORE:
        return _more(line, index, _MORE[word])
    if word in _FEW:
        return _few(line, index)
    feature = _FORMS.get(word) or _INFLECTED.get(word)
    if feature is None:
        return _derived(line, index)
    if word in _FORMS and word not in _ONLY_COMPARATIVE and _before_noun(line, index):
        return None
    name, direction = feature[:-1], 1 if feature[-1] == "+" else -1
    if name in {"year", "duration"} and line.folded(index + 1) in {"than", "als"}:
        return None
    if name == "year" and line.folded(index + 1) in _NOUNS:
        return reading(line, index, index + 1, "unclear", "years", word)
    return reading(line, index, index + 1, "change", Change(name, direction), word)


def _derived(line: Line, index: int) -> Reading | None:
    """Read what a known adjective makes: "bluesier", "souliger"."""
    word = line.folded(index)
    if not word.endswith("er") or len(word) < MIN_DERIVED or _before_noun(line, index):
        return None
    stems = (word[:-3] + "y",) if word.endswith("ier") else (word[:-2],)
    senses = [sense for stem in stems for sense in lexicon().senses(stem)]
    if not senses or (not word.endswith("ier") and not _measured(line, index)):
        return None
    about = _feature(senses[0])
    if about is None:
        return None
    return reading(line, index, index + 1, "change", Change(about[0], about[1]), word)


def _measured(line: Line, index: int) -> bool:
    """Tell whether words around say that it is more than something: "etwas grooviger", "spannender als"."""
    return line.folded(index - 1) in _MEASURES | {"nur", "aber", "but", "just", "und", "and"} or line.folded(
        index + 1
    ) in {"als", "than"}


def is_form(word: str) -> bool:
    """Tell whether a folded word looks like a comparative."""
    return word in _FORMS or word in _INFLECTED


def _before_noun(line: Line, index: int) -> bool:
    if line.folded(index - 1) in _MEASURES:
        return False
    after = index + 1
    for _ in range(4):
        joint = line.folded(after)
        follower = after + (joint in {",", "und"})
        if line.folded(follower) not in _FORMS:
            break
        after = follower + 1
    if line.ends_at(after):
        return False
    following = line.tokens[after]
    if following.folded in _NOUNS or (following.capital and following.is_word):
        return True
    found = lexicon().longest(line, after)
    return (found is not None and found[0][0].kind in {"genre", "instrument"}) or bool(split(following.folded))


def _more(line: Line, index: int, direction: int) -> Reading | None:
    """Read what is to be more, or less."""
    begin = index + 1
    if line.ends_at(begin):
        return None
    if line.folded(begin) in {"recent", "modern", "modernes", "aktuelles"}:
        return reading(line, index, begin + 1, "change", Change("year", direction))
    if line.folded(begin) in {"energy", "energie", "power", "drive", "tempo", "speed"}:
        feature = "tempo" if line.folded(begin) in {"tempo", "speed"} else "energy"
        return reading(line, index, begin + 1, "change", Change(feature, direction))
    found = _about(line, begin)
    if found is None:
        return None
    (feature, sign), after = found
    return reading(line, index, after, "change", Change(feature, direction * sign))


def _not_as(line: Line, index: int) -> Reading | None:
    """Read "nicht so traurig wie": less of it than the seed that follows."""
    so = line.match(_NOT_SO, index)
    found = None if so is None or line.ends_at(so[1]) else _about(line, so[1])
    if found is None:
        return None
    seeded = any(line.folded(place) in _SEEDS for place in range(max(0, index - 14), index))
    if line.folded(found[1]) not in {"wie", "as"} and not seeded:
        return None
    (feature, sign), after = found
    return reading(line, index, after, "change", Change(feature, -sign))


def _not_much(line: Line, index: int) -> Reading | None:
    """Read "nicht so viel Gesang": less of it."""
    much = line.match(_NOT_MUCH, index)
    found = None if much is None or line.ends_at(much[1]) else _about(line, much[1])
    if found is None:
        return None
    (feature, sign), after = found
    return reading(line, index, after, "change", Change(feature, -sign))


def _few(line: Line, index: int) -> Reading | None:
    """Read "wenig Text": little of what can be more or less."""
    begin = index + 1
    if line.ends_at(begin):
        return None
    found = _about(line, begin)
    if found is None or (found[0][0] != "vocals" and not _is_instrument(line, begin)):
        return None
    (feature, sign), after = found
    return reading(line, index, after, "change", Change(feature, -sign))


def _is_instrument(line: Line, index: int) -> bool:
    found = lexicon().longest(line, index)
    return found is not None and any(sense.kind == "instrument" for sense in found[0])


def _about(line: Line, index: int) -> tuple[tuple[str, int], int] | None:
    """Give the feature that a word speaks of, with its sign, and the index after it."""
    if line.folded(index) in {
        "text",
        "texte",
        "texten",
        "lyrics",
        "words",
        "worte",
        "stimme",
        "stimmen",
        "voice",
        "voices",
    }:
        return ("vocals", 1), index + 1
    found = lexicon().longest(line, index)
    if found is None:
        parts = split(line.folded(index))
        found = (list(parts[0][2]), index + 1) if parts else None
    if found is None:
        return None
    about = _feature(found[0][0])
    return None if about is None else (about, found[1])


def _feature(sense: Sense) -> tuple[str, int] | None:
    value = str(sense.value)
    if sense.kind == "mood":
        return _MOODS.get(value, (value, 1))
    if sense.kind == "energy_level":
        if sense.word in {"loud", "laut", "quiet", "leise"}:
            return "loudness", 1 if value == "high" else -1
        return "energy", 1 if value == "high" else -1
    if sense.kind == "tempo_bpm" and isinstance(sense.value, Range):
        return "tempo", 1 if (sense.value.low or 0) >= 100 else -1
    if sense.kind == "vocals":
        return "vocals", 1 if sense.value else -1
    if sense.kind == "popularity":
        return "popularity", 1 if value == "popular" else -1
    return (_TAGS.get(value, value), 1) if sense.kind in {"tag", "genre", "instrument"} else None
