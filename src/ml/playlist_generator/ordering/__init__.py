"""The search for a list: which tracks, and in which order.

Conventions
-----------
- A *problem* is arrays over ``m`` considered tracks; a *list* is a row of ``n`` of their places, an int array.
- What a list costs is a sum over its places and over its neighbours, in [0, 1]: :class:`~.table.Table`.
- What it breaks is counted, in steps that a single change can mend: :class:`~.rules.Rules`. A search lowers that first
  and the cost second.
"""
