"""``ml keys``: encryption at rest, and the key that opens it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ml.app.encryption import VaultStatus
from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import own
from ml.data.vault import RootKey
from ml.data.vault.state import OPENING, SEALED
from ml.foundation.counting import number_of
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.progress import progress

group = typer.Typer(name="keys", help="Encryption at rest, and the key that opens it.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def status(json: Json = False) -> None:
    """Say whether the workspace is encrypted, with which key, and where that lies."""
    with own() as app:
        if not app.workspace.is_there:
            raise EmptyWorkspace(app.nothing, "name another with --home or ML_HOME, or begin: ml import PATH")
        found = app.vault_status()
    print_json(found) if json else _show(found)


@group.command()
def init(json: Json = False) -> None:
    """Make a key if there is none, and encrypt what is personal; again, it goes on where it was stopped."""
    with own() as app, progress(label="encrypt") as bar:
        done = app.encrypt(on_step=lambda name, rows: bar.describe(f"{name}: {rows}"))
    if json:
        print_json(done)
        return
    rows = sum(done.rows.values())
    say(f"encrypted: {number_of(rows, 'row')}, with the key [bold]{data(done.root)}[/]")
    say("keep a copy of that key elsewhere: without it nobody opens this workspace, or a backup of it")


@group.command()
def decrypt(
    confirm: Annotated[str, typer.Option(help="The id of the key in use, as `ml keys status` shows it.")] = "",
    json: Json = False,
) -> None:
    """Write everything in clear again, and need no key any more; again, it goes on where it was stopped."""
    with own() as app, progress(label="decrypt") as bar:
        done = app.decrypt(confirm=confirm, on_step=lambda name, rows: bar.describe(f"{name}: {rows}"))
    if json:
        print_json(done)
        return
    say(f"decrypted: {number_of(sum(done.rows.values()), 'row')}; whoever gets this disk can read them")
    say(f"keep the key [bold]{data(done.root)}[/] as long as backups from before: nothing else opens them")


@group.command()
def rotate(json: Json = False) -> None:
    """Change the key, while a service goes on; afterwards the old one opens nothing."""
    with own() as app, progress(label="data keys") as bar:
        done = app.rotate_keys(on_step=lambda count: bar.describe(f"{count} data keys"))
    if json:
        print_json(done)
        return
    say(f"{number_of(done.data_keys, 'data key')} wrapped with the key [bold]{data(done.new)}[/]")
    if not done.dropped:
        notices([f"take the old key {done.old} out of ML_VAULT_KEY now; nothing needs it any more"])


@group.command()
def new(json: Json = False) -> None:
    """Print a new key, for the variable ML_VAULT_KEY; nothing is stored."""
    key = RootKey.new()
    if json:
        print_json({"id": key.id, "key": key.text().reveal()})
    else:
        sys.stdout.write(f"{key.text().reveal()}\n")


def _show(found: VaultStatus) -> None:
    rows = [
        ["encrypted", "no" if found.phase is None else "yes" if found.phase == SEALED else "half"],
        ["key in use", found.root or ""],
        ["keys lie in", found.source or ""],
        ["keys there", ", ".join(found.there)],
    ]
    table(["", ""], [[name, data(text)] for name, text in rows])
    told = []
    if found.phase is None:
        told = ["encrypt it with: ml keys init"] if found.source else ["see docs/encryption.md for how to encrypt it"]
    elif found.phase == OPENING:
        told = ["decrypting it was stopped; go on with: ml keys decrypt, or back with: ml keys init"]
    elif found.plain:
        told = ["some rows are not encrypted; go on with: ml keys init"]
    if found.root is not None and found.root not in found.there:
        told.append("the key in use is not there: nobody opens this workspace")
    notices(told)
