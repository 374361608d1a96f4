"""Work in the background, as the store knows it: what was asked for, how far it is, what came of it.

Conventions
-----------
- ``queued`` → ``running`` → ``done``, ``failed`` or ``cancelled``; what has ended stays as it is. Only what its runner
  left behind goes back from ``running`` to ``queued``.
- Each step is one UPDATE that names the state it starts from, so that of two who take it one finds nothing to do: no
  job is run by two runners, and none is ``done`` that somebody has cancelled.
- A runner has a name, drawn anew by each. What it writes about a job counts only while the job is its own.
- Jobs are taken in the order in which they were asked for, and one left behind before those that came after it.
- One runner a workspace, held by :class:`RunnerLock`, which ends with the process, however that dies.
- Times are UTC milliseconds. Kinds, arguments and results are the caller's; here they are JSON.
"""

from __future__ import annotations

from ml.data.jobs.job import ENDED, SILENT_MS, STATES, Job, Progress
from ml.data.jobs.jobs import Jobs
from ml.data.jobs.lock import RunnerLock

__all__ = ["ENDED", "SILENT_MS", "STATES", "Job", "Jobs", "Progress", "RunnerLock"]
