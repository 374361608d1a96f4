"""A world made by a seed: artists, tracks and listeners whose planted structure is known."""
