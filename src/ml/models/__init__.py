"""Models: they score, and do nothing else.

Ranking, filtering what was heard, ids, diversity and explanations live once, elsewhere.

Conventions
-----------
- Items and listeners are *indices* here (``int32``, from 0); the vocabulary that maps them to
  the store's keys travels with the model files, not with the models.
- What listeners heard is a :class:`~ml.models.plays.Plays`, both for fitting and for asking.
- Scores are ``float32 [n_users, n_items]``; larger is better; comparable within a row.
- Randomness arrives as ``rng``; same data and seed give the same model.
"""
