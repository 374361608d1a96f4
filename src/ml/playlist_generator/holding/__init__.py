"""What a playlist has to hold to, whether it can, and what stands in the way where it cannot.

Conventions
-----------
- A *demand* has a name, which messages and results use, and says what it asks of a list; :class:`~.demands.Demands` are
  all of one request. That no song comes twice is no demand: it always holds.
- Whether demands can be met is decided exactly where the budget allows it, and else said to be unknown.
"""
