"""The ground floor: what is known of artists, tracks and listeners, and how it gets in and out."""
