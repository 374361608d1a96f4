"""How the demo world makes room for a workspace of real data, while the service runs.

Conventions
-----------
- What answers was built for one workspace. So a process that serves the demo world ends as soon as the own workspace
  is taken up, and another begins in its place; whoever asks meanwhile waits.
- Who gets in stays: that is kept in the own workspace all along.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from ml.app import App

#: How often a process looks whether it is time, and how long answers have to get out, in seconds.
_LOOK_S, _GRACE_S = 1.0, 0.2


class Succession:
    """Lets a process that serves the demo world end when its time has come.

    Parameters
    ----------
    app : ml.app.App
    """

    def __init__(self, app: App) -> None:
        self._app = app
        #: Whether this process ends to make room.
        self.is_due = False
        #: Ends the process, finishing what it has begun.
        self.leave: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTERM)

    @property
    def is_expected(self) -> bool:
        """Whether the demo world answers, which may have to make room."""
        return self._app.own is not self._app.workspace

    def leave_soon(self) -> None:
        """End this process once its answers are out."""
        if not self.is_due:
            self.is_due = True
            asyncio.get_running_loop().call_later(_GRACE_S, self.leave)

    async def watch(self) -> None:
        """Look now and then whether the own workspace was taken up, by another process or at the shell."""
        while not await asyncio.to_thread(self._app.own.is_taken_up):
            await asyncio.sleep(_LOOK_S)
        self.leave_soon()
