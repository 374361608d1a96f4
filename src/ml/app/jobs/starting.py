"""A runner in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from ml.data.jobs import RunnerLock
from ml.foundation.inheritance import environment

if TYPE_CHECKING:
    from ml.app.app import App

#: What runners say, in the workspace's folder.
LOG = "runner.log"
# A longer one is begun anew.
_LONGEST_LOG_BYTES = 1 << 20


def start_runner(app: App) -> bool:
    """Start a runner of the app's workspace unless there is one; give whether it was started.

    It does not end with this process, but when no job is left. Of two that are started at once, one finds the other at
    work and ends.

    Raises
    ------
    StoreError
        If the database cannot be asked.
    """
    if not RunnerLock(app.workspace).is_free():
        return False
    home = app.workspace.home
    log = home / LOG
    longer = log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES
    with log.open("wb" if longer else "ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ml.app.jobs", str(home)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=environment(app.settings),
            start_new_session=True,  # neither Ctrl-C nor the end of a terminal is meant for it
        )
    # Should it end before we do, somebody has to take note of it.
    threading.Thread(target=process.wait, name="ml-runner", daemon=True).start()
    return True
