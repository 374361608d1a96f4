"""What a snapshot says of items besides who heard them: sound, year, language, explicit words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.data.snapshot import Snapshot
from ml.models.plays import Floats
from ml.models.situations import coded


def read_facts(snapshot: Snapshot, item_keys: NDArray[np.int64]) -> dict[str, Any]:
    """Read the fields of :class:`ml.models.base.TrainingData` that describe items.

    Parameters
    ----------
    snapshot : Snapshot
    item_keys : int64 [shape=(n_items,)]
        Sorted, of one kind.
    """
    keys = pl.DataFrame({"key": item_keys}).with_row_index("row")
    told = snapshot.items.select("key", "year", "language", "explicit")
    items = keys.lazy().join(told, on="key", how="left", maintain_order="left").collect()
    languages, language_names = coded(items["language"].str.to_lowercase())
    features, feature_names = _features(snapshot, keys)
    # A year that does not fit is a mistake of the source, and says nothing.
    years = items["year"].cast(pl.Int16, strict=False).fill_null(0).clip(lower_bound=0)
    return {
        "features": features,
        "feature_names": feature_names,
        "years": years.to_numpy(),
        "languages": languages,
        "language_names": language_names,
        "explicit": items["explicit"].cast(pl.Int8).fill_null(-1).to_numpy(),
    }


def _features(snapshot: Snapshot, keys: pl.DataFrame) -> tuple[Floats, tuple[str, ...]]:
    rows = snapshot.features.join(keys.lazy(), left_on="item_key", right_on="key").collect()
    names = rows["feature"].unique().sort()
    values = np.full((len(keys), len(names)), np.nan, dtype=np.float32)
    columns = names.search_sorted(rows["feature"]).to_numpy() if len(rows) else np.empty(0, int)
    values[rows["row"].to_numpy(), columns] = rows["value"].to_numpy()
    return values, tuple(names)
