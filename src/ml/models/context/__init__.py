"""What suits a situation: learned from the situations that listens tell of, believed from publications where none do.

:class:`Context` gives every item a *lift*, the logarithm of how much likelier it is in a situation than otherwise, for
the scores of any model to be moved by. It ranks nothing itself.

Conventions
-----------
- Lifts come from listens (:mod:`~ml.models.context.lifts`); a trial on later listens says how far they are to be
  believed, and exactly 0 where the gain may be chance (:mod:`~ml.models.context.trial`).
- A word that too few listens know is taken as publications have it (:mod:`~ml.models.context.beliefs`).
- What a listener comes back to is a matter of their own plays there (:mod:`~ml.models.context.coming_back`).
"""

from ml.models.context.model import Context
from ml.models.context.shifting import likelier, shift
from ml.models.context.suited import Suited

__all__ = ["Context", "Suited", "likelier", "shift"]
