"""The group ``ml playlist``."""

from __future__ import annotations

import typer

from ml.cli import playlist_files, playlist_made, playlist_servers

group = typer.Typer(name="playlist", help="Playlists: made, as files, in the store, on servers.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    for module in (playlist_made, playlist_files, playlist_servers):
        module.add_to(group)
    app.add_typer(group)
