"""``python -m ml.app.jobs HOME``: do the jobs of a workspace, and end when none is left."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ml.app.app import App
from ml.app.jobs.runner import run
from ml.foundation import configuration, log
from ml.foundation.errors import MLError

#: Whoever answers requests goes first.
NICER_BY = 10


def main(words: list[str]) -> int:
    """Run the jobs of the workspace in a folder.

    The folder is that of the settings, with their database; any other, such as the demo world's, has SQLite in it.
    """
    if len(words) != 1:
        sys.stderr.write("usage: python -m ml.app.jobs HOME\n")
        return 2
    os.nice(NICER_BY)
    # As Ctrl-C: what is at work is given back on the way out.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    try:
        settings = configuration.current()
        log.setup(settings.compute.log_level)
        home = Path(words[0]).absolute()
        app = App(settings) if home == settings.storage.home else App(settings, home=home)
        try:
            run(app)
        finally:
            app.close()
    except MLError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
