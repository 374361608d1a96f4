"""A Dask cluster that does jobs."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from ml.audio_analysis.hands.work import Job, Reply, do, problem
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

#: A scheduler that does not answer for this long is none.
PATIENCE_S = 30.0
_LOST = "the Dask scheduler is gone", "start it again, and scan again: what was finished is kept"


class Cluster:
    """The workers of a Dask cluster, which see the same files under the same paths and have this package too.

    Parameters
    ----------
    where : str or distributed.Client
        Address of the scheduler, such as ``tcp://10.0.0.5:8786``, or a client, which stays open.

    Raises
    ------
    BadInput
        If no scheduler answers there, or it has no workers.
    MissingExtra
        If ``distributed`` is not installed.
    """

    def __init__(self, where: Any) -> None:
        with extra("dask"):
            from distributed import Client, KilledWorker
        self._own = isinstance(where, str)
        self._lost = KilledWorker
        try:
            self._client: Any = Client(where, timeout=PATIENCE_S) if self._own else where  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise BadInput(
                f"{where}: no Dask scheduler answers there ({str(error).strip() or 'no answer'})",
                "start one: dask scheduler; and workers: dask worker ADDRESS",
            ) from error
        self.width = sum(self._client.nthreads().values())
        if not self.width:
            self.close()
            raise BadInput(f"{where}: the Dask cluster has no workers", "start some: dask worker ADDRESS")
        self._executor = self._client.get_executor(pure=False)

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a job, or let it wait."""
        told: Future[Reply] = Future()

        def answered(done: Future[Reply]) -> None:
            # As Dask leaves it where the scheduler is gone: to ask it for an exception would raise one here.
            if done.cancelled():
                told.set_exception(BadInput(*_LOST))
                return
            failure = done.exception()
            if failure is None:
                told.set_result(done.result())
            elif isinstance(failure, self._lost):
                told.set_result(problem("crashed", "it broke down every worker of the cluster that analysed it"))
            else:
                told.set_exception(failure)

        self._executor.submit(do, dict(job)).add_done_callback(answered)
        return told

    def close(self) -> None:
        """Leave the cluster, unless the client was given."""
        if self._own:
            self._client.close()
