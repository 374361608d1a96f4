"""What sounds like something that is named, where no model knows who listens to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from ml.data.catalogue import Facts
from ml.data.identity.lookup import families
from ml.data.schema import aliases, files
from ml.intelligent_search.hearing.answering import uids_of
from ml.intelligent_search.lexical.fields import Shown
from ml.models.retrieval import nearest, standardising

#: Sounds that are nearest, at most.
_MOST = 200
#: Beyond so many standard deviations nothing is told apart.
_FAR = 4.0


def sounds_like(connection: Connection, facts: Facts | None, named: Sequence[Shown]) -> dict[str, float]:
    """Find the sounds nearest to the middle of some, by the vectors of scanned files.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    facts : Facts, optional
    named : sequence of Shown
        What they are to sound like.

    Returns
    -------
    dict of str to float in [0, 1]
        By uid, the nearest first: 1 is the same, 0.5 is as any; empty where none of these was scanned.
    """
    if facts is None or not facts.vectors.size or not named:
        return {}
    heard = np.flatnonzero(facts.vectors.any(axis=1))
    names = facts.frame["content_hash"].gather(heard).to_list()
    theirs = np.flatnonzero(np.isin(names, list(_sounds_of(connection, named))))
    if not len(theirs):
        return {}
    vectors = facts.vectors[heard].astype(np.float32)
    mean, scale = standardising(vectors)
    vectors = np.clip((vectors - mean) * scale, -_FAR, _FAR)
    lengths = np.linalg.norm(vectors[theirs], axis=1, keepdims=True)
    middle = (vectors[theirs] / np.maximum(lengths, np.float32(1e-9))).mean(axis=0)
    near = [(names[place], cosine) for place, cosine in nearest(vectors, middle, _MOST + len(theirs))]
    uids, wanted = uids_of(connection, [name for name, _ in near]), {one.uid for one in named}
    found: dict[str, float] = {}
    for name, cosine in near:
        if uids[name] not in wanted:
            # Against the mean of a small library, even the nearest may point the other way.
            found.setdefault(uids[name], min(max((1 + cosine) / 2, 0.0), 1.0))
    return found


def _sounds_of(connection: Connection, named: Sequence[Shown]) -> set[str]:
    """Give the hashes of the sounds that documents have."""
    nameless = {one.uid[1:] for one in named if one.key is None}
    keys = [key for family in families(connection, {one.key for one in named if one.key}).values() for key in family]
    owned = select(files.c.content_hash).where(files.c.item_key.in_(keys))
    aliased = select(aliases.c.external_id).where(aliases.c.source == "file", aliases.c.item_key.in_(keys))
    return nameless.union(*(connection.execute(asked).scalars() for asked in (owned, aliased)))
