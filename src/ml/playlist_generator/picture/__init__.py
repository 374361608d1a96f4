"""A playlist to look at: energy, tempo and loudness along it, and its way round the wheel of keys."""

from ml.playlist_generator.picture.page import check, write_picture

__all__ = ["check", "write_picture"]
