"""Ways in: one file for each family of exports."""
