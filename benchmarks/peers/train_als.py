"""Train one peer's implicit ALS; run by the interpreter of the peers' own environment, which knows nothing of `ml`.

``python train_als.py PLAYS.npz SETTINGS.json [FACTORS]``: the plays are a SciPy matrix, the settings `library`,
`iterations`, `threads` and what the library's constructor takes. The time of the training goes to standard output as
JSON; item factors after every iteration, which cost time, to FACTORS/<iteration>.npy where that is given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, load_npz

Keep = Callable[[int, Any], None]


def implicit(plays: csr_matrix, iterations: int, threads: int, keep: Keep | None, settings: dict[str, Any]) -> None:
    from implicit.cpu.als import AlternatingLeastSquares

    steps = settings.pop("cg_steps", 3)
    model = AlternatingLeastSquares(iterations=iterations, num_threads=threads, random_state=0, **settings)
    model.cg_steps = steps
    callback = keep and (lambda iteration, *_: keep(iteration + 1, model.item_factors))
    model.fit(plays, show_progress=False, callback=callback)


def irspack(plays: csr_matrix, iterations: int, threads: int, keep: Keep | None, settings: dict[str, Any]) -> None:
    from irspack import IALSRecommender

    model = IALSRecommender(plays, n_threads=threads, random_seed=0, **settings)
    model.start_learning()
    for iteration in range(1, iterations + 1):
        model.run_epoch()
        if keep:
            keep(iteration, model.get_item_embedding())


def main(plays_file: str, settings_file: str, folder: str | None = None) -> Iterator[float]:
    settings = json.loads(Path(settings_file).read_text(encoding="utf-8"))
    train = {"implicit": implicit, "irspack": irspack}[settings.pop("library")]
    plays = csr_matrix(load_npz(plays_file), dtype=np.float32)
    iterations, threads = settings.pop("iterations"), settings.pop("threads")
    if folder:
        train(plays, iterations, threads, lambda i, items: np.save(Path(folder) / f"{i}.npy", items), settings)
        return
    # What is loaded at the first call of a library is not training.
    train(csr_matrix(np.eye(4, dtype=np.float32)), 1, threads, None, dict(settings))
    begin = perf_counter()
    train(plays, iterations, threads, None, settings)
    yield perf_counter() - begin


if __name__ == "__main__":
    print(json.dumps({"seconds": list(main(*sys.argv[1:]))}))
