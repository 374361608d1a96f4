"""Recording what commands do: one place, which every command comes past.

Conventions
-----------
- Who is the user of the operating system, by number (``local:1000``).
- The log is opened before the command begins, so that what cannot be recorded is not begun; the record is written when
  it ends, whatever it ends with. A command that was killed is seen by the opening that no record follows.
- A folder that holds no workspace is left alone. The demo world has no log.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import typer

from ml.cli.recorded import RECORDED, Act
from ml.foundation import configuration
from ml.foundation.errors import MLError

if TYPE_CHECKING:
    from ml.data.audit import AuditLog
    from ml.data.audit.record import Detail
    from ml.data.workspace import Workspace

_opened: list[AuditLog] = []


def audited(command: Any, path: str) -> Any:
    """Let a command, or the commands of a group, be recorded where the table says so."""
    for name, child in getattr(command, "commands", {}).items():
        audited(child, f"{path} {name}")
    act = RECORDED.get(path)
    if act is not None:
        command.callback = _recording(command.callback, path, act)
    return command


def present_log() -> AuditLog | None:
    """Give the log that the present command is recorded in; None where there is none."""
    return _opened[-1] if _opened else None


def _recording(callback: Any, path: str, act: Act) -> Any:
    @wraps(callback)
    def run(**given: Any) -> Any:
        with _recorded(path, act, given):
            return callback(**given)

    return run


@contextmanager
def _recorded(path: str, act: Act, given: Mapping[str, Any]) -> Iterator[None]:
    settings = configuration.current()
    if not settings.audit.on:
        yield
        return
    from ml.app.audits import audit_log  # late: `ml --version` waits for no database
    from ml.data.audit import Deed
    from ml.data.vault import source_of
    from ml.data.workspace import Workspace

    home = settings.storage.home
    workspace = Workspace.at(home, settings.storage.database_url, keys=source_of(settings.vault, home))
    log, result = audit_log(settings, workspace), "ok"
    _opened.append(log)
    whom: int | None = None
    try:
        if workspace.is_there:
            whom = _whom(workspace, act, given)  # afterwards they may be erased
            log.open(who=_who(), about={"command": path})
        yield
    except BaseException as error:
        result = _result(error)
        raise
    finally:
        try:
            if workspace.is_there:
                # A listener's first event makes their key.
                whom, about = whom or _whom(workspace, act, given), _about(act, given)
                log.record(Deed(_who(), act.what, "cli", role="local", whom=whom, result=result, about=about))
        finally:
            _opened.remove(log)
            log.close()
            workspace.close()


def _who() -> str:
    return f"local:{os.getuid()}"


def _result(error: BaseException) -> str:
    if isinstance(error, typer.Exit):
        return "ok" if error.exit_code == 0 else f"error:exit {error.exit_code}"
    return f"error:{type(error).__name__}"


def _about(act: Act, given: Mapping[str, Any]) -> dict[str, Detail]:
    named = {name: given[name] for name in act.about if given[name] is not None}
    simple = {name: one if isinstance(one, str | bool | int | float) else str(one) for name, one in named.items()}
    return simple | act.details(given)


def _whom(workspace: Workspace, act: Act, given: Mapping[str, Any]) -> int | None:
    """Find the listener whom a command named; None where it named nobody, or nobody whom we know."""
    named = given[act.whom] if act.whom is not None else None
    if not named:
        return None
    from ml.data.identity import find_user

    try:
        with workspace.store.read() as connection:
            return find_user(connection, str(named))
    except MLError:
        return None
