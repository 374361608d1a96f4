"""Train RecTools' SASRec; run by an interpreter that has RecTools, and knows nothing of `ml`.

``python train_sasrec.py PLAYS.npz SETTINGS.json OUT.npz``: the plays are columns `users`, `items`, `times` (UTC
milliseconds) in the order of time, and `ask`, the listeners to recommend to. The settings are those of SASRecModel,
and `patience` and `most_epochs`. Every listener's last play is RecTools' own validation part; training stops when its
loss there no longer falls, and the weights of the best epoch are taken. Rankings of ten items go to OUT, with and
without what was heard; -1 fills up. The processor seconds of each epoch's training go to standard output as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

K = 10


def main(plays_file: str, settings_file: str, out: str) -> dict[str, Any]:
    from pytorch_lightning import Callback, Trainer, seed_everything
    from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
    from rectools import Columns
    from rectools.dataset import Dataset
    from rectools.models import SASRecModel

    settings = json.loads(Path(settings_file).read_text(encoding="utf-8"))
    patience, most = settings.pop("patience"), settings.pop("most_epochs")
    plays = np.load(plays_file)
    table = pd.DataFrame({Columns.User: plays["users"], Columns.Item: plays["items"], Columns.Weight: 1.0})
    table[Columns.Datetime] = pd.to_datetime(plays["times"], unit="ms")
    dataset = Dataset.construct(table)
    seconds: list[float] = []

    class Clock(Callback):
        def on_train_epoch_start(self, *_: Any) -> None:
            self.begun = process_time()

        # Validation runs inside an epoch: its time is taken out.
        def on_validation_start(self, *_: Any) -> None:
            self.paused = process_time()

        def on_validation_end(self, *_: Any) -> None:
            if hasattr(self, "begun"):
                self.begun += process_time() - self.paused

        def on_train_epoch_end(self, *_: Any) -> None:
            seconds.append(process_time() - self.begun)

    with tempfile.TemporaryDirectory() as folder:

        def trainer() -> Trainer:
            return Trainer(
                max_epochs=most,
                accelerator="cpu",
                callbacks=[
                    Clock(),
                    EarlyStopping("val_loss", patience=patience),
                    ModelCheckpoint(folder, monitor="val_loss"),
                ],
                enable_progress_bar=False,
                enable_model_summary=False,
                logger=False,
                num_sanity_val_steps=0,
            )

        seed_everything(0)
        model = SASRecModel(get_val_mask_func=last_plays, get_trainer_func=trainer, **settings)
        model.fit(dataset)
        best = model.fit_trainer.checkpoint_callback.best_model_path  # RecTools copies the callbacks
        model.load_weights_from_checkpoint(best)
    asked = plays["ask"][np.isin(plays["ask"], plays["users"])]
    ranked = {
        name: rankings(model.recommend(asked, dataset, k=K, filter_viewed=hidden), plays["ask"])
        for name, hidden in (("discovery", True), ("next_listen", False))
    }
    np.savez(out, **ranked)
    return {"seconds": seconds, "epochs": len(seconds)}


def last_plays(interactions: pd.DataFrame) -> np.ndarray:
    """Mark each listener's last play."""
    return (~interactions["user_id"].duplicated(keep="last")).to_numpy()


def rankings(found: pd.DataFrame, asked: np.ndarray) -> np.ndarray:
    """Put recommendations into rows, int32 [shape=(n_asked, K)]."""
    place = pd.Series(np.arange(len(asked)), index=asked)
    rows = np.full((len(asked), K), -1, dtype=np.int32)
    rows[place[found["user_id"]].to_numpy(), found["rank"].to_numpy() - 1] = found["item_id"].to_numpy()
    return rows


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(main(*sys.argv[1:])))
