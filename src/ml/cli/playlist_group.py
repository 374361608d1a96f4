"""The group ``ml playlist``."""

from __future__ import annotations

import typer

from ml.cli import playlist_live

group = typer.Typer(name="playlist", help="Playlists: as files, in the store, on servers.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    for module in (playlist_live,):
        module.add_to(group)
    app.add_typer(group)
