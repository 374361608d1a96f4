"""Numbers about rankings and how far to trust them: pure functions, a noun a module."""
