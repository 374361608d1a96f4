"""The metrics that are known by name; each is a SELECT as anybody could write it (:mod:`ml.experiments.sql`).

Private sessions count nowhere. Playing time that no source told is not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

_LISTENS = (
    "FROM exposed JOIN listens ON listens.user_key = exposed.user_key AND listens.incognito IS NOT TRUE"
    " AND listens.listened_at >= exposed.since AND listens.listened_at < exposed.until"
)
_CLICKS = (
    "FROM exposed JOIN outcomes ON outcomes.user_key = exposed.user_key AND outcomes.event = 'click'"
    " AND outcomes.occurred_at >= exposed.since AND outcomes.occurred_at < exposed.until"
)
_SAID = (
    "FROM exposed JOIN feedback ON feedback.user_key = exposed.user_key AND feedback.undone IS NOT TRUE"
    " AND feedback.at >= exposed.since AND feedback.at < exposed.until AND feedback.kind = "
)


@dataclass(frozen=True)
class Counted:
    """How a metric is counted.

    Parameters
    ----------
    sql : str
    good : str
        ``"up"`` or ``"down"``.
    says : str
        What it is, for people.
    """

    sql: str
    good: str
    says: str


def _per_listener(value: str, source: str) -> str:
    return f"SELECT exposed.user_key, {value} AS value {source} GROUP BY exposed.user_key"


COUNTED = MappingProxyType(
    {
        "clicks": Counted(_per_listener("SUM(outcomes.value)", _CLICKS), "up", "clicks that were recorded"),
        "plays": Counted(_per_listener("COUNT(*)", _LISTENS), "up", "listens, skipped or not"),
        "completed": Counted(
            _per_listener(
                "SUM(CASE WHEN listens.skipped IS TRUE THEN 0 WHEN listens.ms_played < 0.9 * items.duration_ms THEN 0"
                " ELSE 1 END)",
                f"{_LISTENS} JOIN items ON items.key = listens.item_key",
            ),
            "up",
            "listens not skipped and, where both are known, of nine tenths of the track",
        ),
        "skips": Counted(
            _per_listener("SUM(CASE WHEN listens.skipped IS TRUE THEN 1 ELSE 0 END)", _LISTENS), "down", "skips"
        ),
        "minutes": Counted(
            _per_listener("SUM(listens.ms_played) / 60000.0", _LISTENS), "up", "minutes played, as far as told"
        ),
        "likes": Counted(_per_listener("COUNT(*)", f"{_SAID}'like'"), "up", "likes that were not undone"),
        "dislikes": Counted(_per_listener("COUNT(*)", f"{_SAID}'dislike'"), "down", "dislikes that were not undone"),
        "active_days": Counted(
            _per_listener("COUNT(DISTINCT listens.listened_at / 86400000)", _LISTENS), "up", "days with a listen"
        ),
    }
)

#: Those that can be credited to the ranking an item came from; see :mod:`ml.experiments.credits`.
CREDITED = ("clicks", "plays", "completed", "likes")
