"""Ways out: one file for each format."""
