"""Which outside ids and names are the same track, artist or listener."""
