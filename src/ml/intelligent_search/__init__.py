"""One box for words, misspellings, meaning and sound.

Conventions
-----------
- A *document* is an artist, an album or a track of the workspace. Indexes are made from documents, lie in the
  workspace's folder ``indexes``, and can be thrown away.
"""
