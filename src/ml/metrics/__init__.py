"""Numbers about rankings: pure functions."""
