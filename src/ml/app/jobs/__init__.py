"""Work in the background: imports, trainings, scans and whatever else takes minutes, in a process of its own.

Conventions
-----------
- Whoever asks for a job gets its number at once. A *runner*, one process a workspace, does the jobs one after the
  other and ends when none is left; :func:`start_runner` starts it where none runs.
- Arguments are checked when a job is asked for. Of paths, only those are taken that lie in the folders which the
  caller may read from.
- A runner writes down twice a second how far it is. A job that is cancelled stops where its work says next how far it
  is, and leaves what it stored whole: the same import or scan goes on from there.
- What a dead runner left behind is seen to by the next one: imports, scans, indexes and snapshots are begun again, and
  go on where they were; other jobs have failed, and say so.
"""

from __future__ import annotations

from ml.app.jobs.background import BackgroundJobs
from ml.app.jobs.kinds import KINDS, Kind
from ml.app.jobs.runner import run
from ml.app.jobs.starting import start_runner
from ml.app.jobs.watch import Stopped, Watch

__all__ = ["KINDS", "BackgroundJobs", "Kind", "Stopped", "Watch", "run", "start_runner"]
