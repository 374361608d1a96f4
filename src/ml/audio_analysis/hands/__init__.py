"""Who analyses many files: what is done with one, the processes that do it side by side."""
