"""Ten recommendations with their reasons. Run `make demo` first, or import a history of your own.

The situation is part of the question; what of it had no effect is said in the notices.
"""

from __future__ import annotations

import asyncio

from ml.recommendation_engine import EnhancedRecommendationEngine


async def main(user_id: str) -> None:
    engine = EnhancedRecommendationEngine()
    result = await engine.get_recommendations(
        user_id=user_id,
        context={"mood": "energetic", "activity": "workout"},
        algorithm="hybrid_deep",
        count=10,
    )
    for track in result["tracks"]:
        print(f"{track['rank']:2} {track['artist']} — {track['title']}")
        print(f"   {track['why']}")
    for notice in result["notices"]:
        print(f"note: {notice}")


if __name__ == "__main__":
    asyncio.run(main("user_12345"))
