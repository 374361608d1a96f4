"""Recommendations for many listeners at once, and how long they took. Run `make demo` first.

In a batch the listeners' scores are computed together, and reasons are left out unless asked for.
"""

from __future__ import annotations

import asyncio

from ml.recommendation_engine import process_recommendations_batch
from ml.utils import profile_performance


async def main() -> None:
    user_ids = [f"user_{number}" for number in range(12_000, 12_500)]
    with profile_performance("batch", report=False) as profile:
        answers = await process_recommendations_batch(user_ids, count=10)
    for answer in answers[:3]:
        print(answer["user_id"], "→", ", ".join(track["title"] for track in answer["tracks"][:3]))
    print(f"{len(answers)} listeners in {profile.wall_s:.1f} s, models loaded on the way")


if __name__ == "__main__":
    asyncio.run(main())
