"""What was found, for whoever asked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import Connection

from ml.data.identity import outside_ids
from ml.features.keys import camelot
from ml.features.text import compact, spellings
from ml.foundation.phrase import Language, Phrase, spoken
from ml.intelligent_search.candidate import Candidate
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.highlighting import Spans, highlighted
from ml.intelligent_search.lexical.candidates import Gathered
from ml.intelligent_search.results import DidYouMean, Hit
from ml.intelligent_search.words import say
from ml.models.retrieval.text import words_of

#: Parts that are said for themselves; the others name what suits.
_LEXICAL = frozenset(
    {
        "exact",
        "name",
        "words",
        "like",
        "meaning",
        "plays",
        "company",
        "change",
        "personal",
        "language",
        "situation",
        "chosen",
    }
)
_TEMPO = FEATURES.index("tempo_bpm")
#: A part from which on it is a reason, and a name from which on it is like another.
_REASON, _NEAR = 0.5, 0.6
#: The same of parts that are said in words of their own; most have some company, and what is like something was chosen
#: for that.
_SAID = {"like": 1e-9, "sounds like": 0.6, "meaning": _REASON, "company": 0.8}
#: The same of what moves a hit.
_REASONS = {"chosen": 0.1, "personal": 0.9, "situation": 0.5}
#: All words were found; fewer are said to be some.
_ALL_WORDS = 0.55

#: How far ahead of the next name is as good as any farther.
_FAR = 0.4
#: Of a logistic regression on :func:`signs_of`, a constant first: ``python -m benchmarks.training.name_confidence``.
CONFIDENCE = (-14.51, 18.0, 4.48, 0.34)


def hits_of(
    connection: Connection, page: Sequence[Candidate], text: str, *, typing: bool, language: Language
) -> tuple[Hit, ...]:
    """Give the hits of a page.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    page : sequence of Candidate
    text : str
        What was looked for.
    typing : bool
        Whether its last word may go on.
    language : {"en", "de"}
        Of the reasons.
    """
    keys = [one.shown.key for one in page if one.shown.key is not None]
    ids = outside_ids(connection, "item", keys) if keys else {}
    words = words_of(text)
    return tuple(_hit(one, ids, language, _highlights(one, words, typing=typing)) for one in page)


def _highlights(found: Candidate, words: Sequence[str], *, typing: bool) -> dict[str, Spans]:
    shown = found.shown
    texts = {"name": shown.name, "artist": shown.artist, "album": shown.album}
    spans = {name: highlighted(text, words, typing=typing) for name, text in texts.items() if text}
    return {name: there for name, there in spans.items() if there}


def _hit(found: Candidate, ids: dict[int, str], language: Language, highlights: dict[str, Spans]) -> Hit:
    shown = found.shown
    return Hit(
        id=_id(found, ids),
        kind=shown.kind,
        name=shown.name,
        score=round(found.score, 4),
        parts={name: round(value, 4) for name, value in found.parts.items() if value},
        artist=shown.artist,
        album=shown.album,
        year=shown.year,
        duration_s=None if shown.duration_s is None else round(shown.duration_s, 3),
        tempo_bpm=shown.features[_TEMPO],
        camelot=None if shown.musical_key is None else camelot(shown.musical_key),
        genres=tuple(shown.genres),
        plays=shown.plays,
        path=shown.path,
        why="; ".join(spoken(reason, language) for reason in _reasons(found)),
        highlights=highlights,
    )


def _id(found: Candidate, ids: dict[int, str]) -> str:
    shown = found.shown
    if shown.key is not None:
        return ids[shown.key]
    return f"album:{shown.uid[1:]}" if shown.kind == "album" else f"file:{shown.uid[1:]}"


def _reasons(found: Candidate) -> list[Phrase]:
    parts = found.parts
    if found.reason is not None:
        return [found.reason]
    moved = [say(name) for name, least in _REASONS.items() if parts.get(name, 0.0) >= least]
    if found.exact:
        return [say("exact"), *moved]
    said = []
    suits = tuple(name for name, value in parts.items() if name not in _LEXICAL and value >= _REASON)
    if suits:
        said.append(say("suits", words=suits))
    said += [say(name) for name, least in _SAID.items() if parts.get(name, 0.0) >= least]
    words, name = parts.get("words", 0.0), parts.get("name", 0.0)
    if words >= _ALL_WORDS and words >= name:
        said.append(say("worded"))
    elif name >= _NEAR:
        said.append(say("near", share=round(100 * name)))
    elif words:
        said.append(say("some_words"))
    return [*said, *moved]


def meant(named: Gathered, text: str) -> DidYouMean | None:
    """Say which name was probably meant, where nothing is called so."""
    if not named.names or not text or any(one.exact for one in named.candidates):
        return None
    best = named.names[0]
    for one in named.candidates:
        if best.spelling in spellings(one.shown.name):
            if compact(best.spelling) == compact(spellings(text)[0]):
                return None
            return DidYouMean(one.shown.name, round(confidence(named), 4))
    return None


def confidence(named: Gathered) -> float:
    """Tell how probable it is that the likest name was meant, in [0, 1]."""
    odds = CONFIDENCE[0] + sum(weight * sign for weight, sign in zip(CONFIDENCE[1:], signs_of(named), strict=True))
    return 1 / (1 + math.exp(-odds))


def signs_of(named: Gathered) -> tuple[float, float, float]:
    """Give what tells how sure a guess is: likeness, how far ahead it is of the next name, and length."""
    first, *others = named.names
    ahead = first.likeness - (others[0].likeness if others else 0.0)
    return first.likeness, min(ahead, _FAR), math.log(len(compact(first.spelling)))
