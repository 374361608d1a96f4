"""From a CSV file to recommendations, in a workspace that is thrown away afterwards.

Twelve listeners have one of two tastes. Ada has heard three of the quiet tracks, and gets the others.
"""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from ml.app import App
from ml.foundation.settings import Settings

QUIET = ["First Snow", "Harbour at Four", "Paper Boats", "Slow Lamp", "Moss", "Low Tide"]
LOUD = ["Engine Room", "Sparks", "Red Ladder", "Overpass", "Static", "Run the Block"]


def write_history(file: Path) -> None:
    rows = [("ada", title, "2026-03-01T20:00:00Z") for title in QUIET[:3]]
    for listener in range(12):
        taste = QUIET if listener % 2 else LOUD
        heard = [title for place, title in enumerate(taste) if place != listener // 2]  # everybody misses one
        rows += [(f"listener {listener}", title, f"2026-02-{listener + 1:02}T18:30:00Z") for title in heard]
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["user", "title", "artist", "listened_at"])
        writer.writerows((user, title, f"The {title} Band", at) for user, title, at in rows)


def main() -> None:
    with TemporaryDirectory() as folder:
        settings = Settings()
        settings.storage.home = Path(folder) / "workspace"
        history = Path(folder) / "history.csv"
        write_history(history)

        app = App(settings)
        summary = app.import_path(history)
        print(f"{summary.added['listens']} listens imported, {summary.rejected} rows rejected")
        app.train()
        for track in app.engine.recommend("ada", count=3, familiar_ratio=0.0)["tracks"]:
            print(f"{track['rank']} {track['title']}: {track['why']}")
        app.close()


if __name__ == "__main__":
    main()
