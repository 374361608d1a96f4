"""``ml access``: keys of programs, accounts of people, and links that make one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, problems, say, table
from ml.cli.workspaces import serving
from ml.data.access import ROLES, SCOPES, Account, Key
from ml.foundation.counting import number_of
from ml.foundation.errors import UnknownId
from ml.foundation.moments import in_utc
from ml.foundation.secret import Secret, find_secret

group = typer.Typer(name="access", help="Who gets in: keys, accounts and invitations.", no_args_is_help=True)

_DAY_MS, _HOUR_S = 86_400_000, 3_600
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Role = Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")]
Listener = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--for", help="Of the role listener: which one, by outside id."),
]
Id = Annotated[str, typer.Argument(help="Id of the key: the middle part of its token.")]
Name = Annotated[str, typer.Argument(help="Of the account.")]
PasswordFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(help="File that begins with the password; or ML_ACCOUNT_PASSWORD, or a prompt."),
]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def keys(json: Json = False) -> None:
    """List the keys, without their secrets."""
    with serving() as app:
        found = app.access.keys.list()
    if json:
        print_json(found)
        return
    rows = [
        [key.id, key.name, key.role, key.state, _when(key.expires_at), _when(key.used_at), _scopes(key)]
        for key in found
    ]
    table(["id", "name", "role", "state", "expires", "last used", "may"], rows)
    say(f"[dim]{number_of(len(found), 'key')}[/]")


@group.command(name="add-key")
def add_key(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Role,
    scope: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help=f"Only this of what the role may; repeat it for more. One of {', '.join(SCOPES)}."),
    ] = None,
    listener: Listener = None,
    days: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Days until it expires; left out, it never does.", min=0),
    ] = None,
    json: Json = False,
) -> None:
    """Make a key for another program; its token is printed now and never again."""
    expires_at_ms = None if days is None else time.time_ns() // 1_000_000 + int(days * _DAY_MS)
    with serving(new=True) as app:
        key, token = app.access.keys.create(
            name, role=role, scopes=scope or (), user_id=listener, expires_at_ms=expires_at_ms
        )
    _show_token("key", key, token, f"the key {key.id} of the role {role}", json=json)


@group.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Id of the key, or a whole token that got about.")], json: Json = False
) -> None:
    """Make a key invalid, from the next request on."""
    with serving() as app:
        revoked = app.access.keys.revoke(key)
    if json:
        print_json(revoked)
    else:
        say(f"the key {revoked.id} ({data(revoked.name)}) is revoked")


@group.command()
def rotate(
    key: Id,
    overlap_hours: Annotated[float, typer.Option(help="Hours for which the old token is valid too.")] = 0.0,
    json: Json = False,
) -> None:
    """Give a key another secret; its token is printed now and never again."""
    with serving() as app:
        rotated, token = app.access.keys.rotate(key, overlap_s=overlap_hours * _HOUR_S)
    old = _when(rotated.previous_until)
    _show_token(
        "key", rotated, token, f"the key {rotated.id}; the old token {f'is valid until {old}' if old else 'is void'}",
        json=json,
    )  # fmt: skip


@group.command()
def accounts(json: Json = False) -> None:
    """List the accounts."""
    with serving() as app:
        found = app.access.accounts.list()
    if json:
        print_json(found)
        return
    rows = [
        [each.id, each.name, each.role, each.user_id, _state(each), in_utc(each.created_at), _when(each.logged_in_at)]
        for each in found
    ]
    table(["id", "name", "role", "listener", "state", "since", "last log-in"], rows, right=[0])
    say(f"[dim]{number_of(len(found), 'account')}[/]")


@group.command(name="add-account")
def add_account(
    name: Annotated[str, typer.Argument(help="To log in with.")],
    role: Role,
    listener: Listener = None,
    password_file: PasswordFile = None,
    json: Json = False,
) -> None:
    """Make an account, with a password of 12 to 128 characters from a file, the environment or a prompt."""
    password = _password(password_file)
    with serving(new=True) as app:
        made = app.access.accounts.create(name, role=role, password=password.reveal(), user_id=listener)
    _show_account(made, "is made", json=json)


@group.command()
def invite(role: Role, listener: Listener = None, json: Json = False) -> None:
    """Make an invitation, with which somebody makes one account and chooses name and password."""
    with serving(new=True) as app:
        made, token = app.access.invitations.invite(role=role, user_id=listener)
    what = f"an invitation for the role {role}, valid once and until {in_utc(made.expires_at)}"
    _show_token("invitation", made, token, what, json=json)


@group.command()
def invitations(json: Json = False) -> None:
    """List the links that can still be accepted, without their secrets."""
    with serving() as app:
        found = app.access.invitations.list()
    if json:
        print_json(found)
        return
    rows = [[one.id, one.kind, one.role, one.user_id or one.account, in_utc(one.expires_at)] for one in found]
    table(["id", "makes", "role", "for", "valid until"], rows)
    say(f"[dim]{number_of(len(found), 'link')}; make one void with[/] [cyan]ml access withdraw ID[/]")


@group.command()
def withdraw(
    invitation: Annotated[str, typer.Argument(help="Id of the link, as ml access invitations lists it.")],
    json: Json = False,
) -> None:
    """Make a link void."""
    with serving() as app:
        if not app.access.invitations.withdraw(invitation):
            raise UnknownId(f"no link {invitation!r}", "ml access invitations lists them")
    if json:
        print_json({"withdrawn": invitation})
    else:
        say(f"the link {data(invitation)} is void")


@group.command()
def sessions(name: Name, json: Json = False) -> None:
    """List where somebody is logged in."""
    with serving() as app:
        found = app.access.sessions.list(app.access.accounts.find(name))
    if json:
        print_json(found)
        return
    rows = [[one.id, in_utc(one.created_at), in_utc(one.seen_at), in_utc(one.ends_at)] for one in found]
    table(["id", "since", "last seen", "ends"], rows)
    say(f"[dim]{number_of(len(found), 'session')}[/]")


@group.command(name="log-out")
def log_out(
    name: Name,
    session: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Only this one, by the id that ml access sessions lists; left out, all."),
    ] = None,
    json: Json = False,
) -> None:
    """End the sessions of an account, from their next request on; its password stays."""
    with serving() as app:
        account, kept = app.access.accounts.find(name), app.access.sessions
        if session is None:
            ended = kept.close_all(account)
        elif kept.end(account, session):
            ended = 1
        else:
            raise UnknownId(f"no session {session!r} of {account.name}", f"ml access sessions {account.name}")
    if json:
        print_json({"ended": ended})
    else:
        say(f"{number_of(ended, 'session')} of {data(account.name)} ended")


@group.command()
def reset(name: Name, json: Json = False) -> None:
    """Make a link with which somebody gives their account another password, once."""
    with serving() as app:
        made, token = app.access.invitations.reset(name)
    what = f"a link for another password of {made.account}, valid once and until {in_utc(made.expires_at)}"
    _show_token("invitation", made, token, what, json=json)


@group.command()
def disable(name: Name, json: Json = False) -> None:
    """Let nobody in by an account, from the next request on."""
    with serving() as app:
        changed = app.access.accounts.disable(name)
    _show_account(changed, "is disabled", json=json)


@group.command()
def enable(name: Name, json: Json = False) -> None:
    """Let a disabled account in again, and one that waits after wrong passwords at once."""
    with serving() as app:
        changed = app.access.accounts.enable(name)
    _show_account(changed, "is enabled", json=json)


@group.command()
def password(name: Name, password_file: PasswordFile = None, json: Json = False) -> None:
    """Give an account another password, and end its sessions."""
    with serving() as app:
        app.access.accounts.find(name)
        changed = app.access.accounts.set_password(name, _password(password_file).reveal())
    _show_account(changed, "has another password, and its sessions are over", json=json)


@group.command(name="reset-second-factor")
def reset_second_factor(name: Name, json: Json = False) -> None:
    """Ask an account for its password only, where somebody has lost app and recovery codes; its sessions end."""
    with serving() as app:
        account = app.access.accounts.find(name)
        had = app.access.second_factors.remove(account.id)
        app.access.sessions.close_all(account)
    _show_account(account, "is asked for its password only" if had else "had no second factor", json=json)


def _password(file: Path | None) -> Secret:
    return find_secret("password", variable="ML_ACCOUNT_PASSWORD", file=file, option="--password-file", ask=_asker())


def _asker() -> Callable[[], str] | None:
    """Give what asks a person, where one is there."""
    if not sys.stdin.isatty():
        return None
    return lambda: str(typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True))


def _show_token(name: str, made: Any, token: str, what: str, *, json: bool) -> None:
    """Print a token on stdout, alone or as JSON, and what it is on stderr."""
    problems().print(f"[dim]{data(what)}; its token is shown this once[/]", soft_wrap=True)
    if json:
        print_json({name: made, "token": token})
    else:
        sys.stdout.write(f"{token}\n")


def _show_account(account: Account, what: str, *, json: bool) -> None:
    if json:
        print_json(account)
    else:
        say(f"the account {data(account.name)} ({account.role}) {what}")


def _scopes(key: Key) -> str:
    return "all of its role" if key.scopes == ROLES.get(key.role) else ", ".join(sorted(key.scopes))


def _state(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.has_password else "no password"


def _when(moment: datetime | None) -> str | None:
    return None if moment is None else in_utc(moment)
