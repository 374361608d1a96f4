"""The commands by name, each imported when it is asked for: a playlist waits for nothing that trains models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from ml.cli.recording import audited

#: What each module of this package adds, in the order of the help.
MODULES: Mapping[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "imports": ("import",),
    "exports": ("export",),
    "models": ("train",),
    "model_sets": ("models",),
    "evaluation": ("evaluate",),
    "tuning": ("tune",),
    "experiments": ("experiment",),
    "exposure": ("exposure",),
    "listening": ("recommend", "similar"),
    "explanations": ("explain",),
    "feedback": ("record", "undo", "history"),
    "onboarding": ("onboard",),
    "audio": ("audio",),
    "playlist_group": ("playlist",),
    "search": ("search",),
    "library_map": ("map",),
    "workspace": ("status", "snapshot", "settings", "workspace"),
    "jobs": ("jobs",),
    "identity": ("identity",),
    "serve": ("serve",),
    "audit": ("audit",),
    "access": ("access",),
    "keys": ("keys",),
    "listeners": ("listeners",),
    "doctor": ("doctor",),
}
_MODULE_OF = {name: module for module, names in MODULES.items() for name in names}


@cache
def commands_of(module: str) -> dict[str, Any]:
    """Import a module of commands, and give them by name."""
    group = typer.Typer(rich_markup_mode="rich")
    import_module(f"ml.cli.{module}").add_to(group)
    return {name: audited(command, name) for name, command in get_group(group).commands.items()}


class _Commands(MutableMapping[str, Any]):
    """All commands; what is not looked at is not imported."""

    def __init__(self, more: Mapping[str, Any]) -> None:
        self._more = dict(more)

    def __getitem__(self, name: str) -> Any:
        if name in self._more:
            return self._more[name]
        return commands_of(_MODULE_OF[name])[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*_MODULE_OF, *self._more])

    def __len__(self) -> int:
        return len(_MODULE_OF) + len(self._more)

    def __setitem__(self, name: str, command: Any) -> None:
        self._more[name] = command

    def __delitem__(self, name: str) -> None:
        del self._more[name]


class CommandTable(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands(self.commands)
