"""What a signal, a text or a word says of music: pure functions and tables, without state and without models."""
