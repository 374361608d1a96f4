"""Which sounds suit what: the moods and situations of the vocabulary as words of the index.

A question for a stretch of a number reads the number of every document that comes into question. Who asks for a mood
asks for the same stretches each time: what lies in all of them is found once, when it is indexed.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ml.features.vocabulary import VOCABULARY
from ml.intelligent_search.documents import FEATURES

Ends = tuple[float, float]

#: From how much singing on somebody sings.
_SUNG = 0.5
#: Sounds with and without singing.
VOCALS: Mapping[str, Mapping[str, Ends]] = {
    "instrumental": {"instrumentalness": (_SUNG, 1.0)},
    "vocals": {"instrumentalness": (0.0, _SUNG)},
}


def _sounds() -> dict[str, Mapping[str, Ends]]:
    found: dict[str, Mapping[str, Ends]] = {f"vocals {word}": bounds for word, bounds in VOCALS.items()}
    for kind, words in VOCABULARY.items():
        for word, concept in words.items():
            bounds = {} if concept.region is None else concept.region.bounds
            known = {name: ends for name, ends in bounds.items() if name in FEATURES}
            if known:
                found[f"{kind} {word}"] = known
    return found


#: Stretches of features by the kind and the word of what they suit.
SOUNDS: Mapping[str, Mapping[str, Ends]] = _sounds()


def suits() -> pl.Expr:
    """Give the words for all that the sound of a document suits wholly."""
    each = [
        pl.when(pl.all_horizontal(pl.col(name).is_between(*ends) for name, ends in bounds.items())).then(pl.lit(word))
        for word, bounds in SOUNDS.items()
    ]
    return pl.concat_list(each).list.drop_nulls()
