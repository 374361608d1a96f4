"""What a snapshot is for: questions of one's own, in columns. Run `make demo` first.

A snapshot is a folder of Parquet files, so pandas, DuckDB or Spark read it as well.
"""

from __future__ import annotations

import polars as pl

import ml
from ml.app import App


def main() -> None:
    app = App.of_settings(ml.ML_CONFIG)
    snapshot = app.snapshot()
    by_hour = (
        snapshot.listens.with_columns(hour=pl.from_epoch("listened_at", time_unit="ms").dt.hour())
        .group_by("hour")
        .agg(listens=pl.len(), listeners=pl.col("user_key").n_unique())
        .sort("hour")
        .collect()
    )
    print(f"{snapshot.manifest.rows['listens']:,} listens, {snapshot.hash[:16]}")
    print(by_hour)
    app.close()


if __name__ == "__main__":
    main()
