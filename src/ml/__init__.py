"""Music intelligence on your own catalogue, listening history and audio files."""
