"""The ranker: candidates of several models, ranked by the chance that they will be played.

Conventions
-----------
- Candidates come from full scores of all items, never from a sample.
- Trees are grown on a later window of time than the members learned from; they are kept as text in an
  array, and LightGBM (extra ``deep``) reads them when they are first asked.
- A feature of a pair never depends on the other candidates; see :mod:`ml.models.ranker.features`.
"""

from ml.models.ranker.ranker import Ranker, has_trees, ranker_members
from ml.models.ranker.wish import Wish

__all__ = ["Ranker", "Wish", "has_trees", "ranker_members"]
