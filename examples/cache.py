"""Results that are computed once: on plain and on coroutine functions, whatever the order of the arguments."""

from __future__ import annotations

import asyncio
import time

from ml import cache_ml_result


@cache_ml_result(ttl=60)
def slow_square(number: int) -> int:
    time.sleep(0.2)
    return number * number


@cache_ml_result(ttl=60)
async def playlist(wishes: dict[str, object]) -> list[str]:
    await asyncio.sleep(0.2)
    return [f"{name}={wish}" for name, wish in sorted(wishes.items())]


async def twice() -> None:
    # Two calls at once, equal but for the order of the keys: one computes, the other waits for it.
    first, second = await asyncio.gather(
        playlist({"mood": "calm", "minutes": 30}), playlist({"minutes": 30, "mood": "calm"})
    )
    print(first, first == second, playlist.cache_info())


def main() -> None:
    for _ in range(2):
        started = time.perf_counter()
        answer = slow_square(12)
        print(f"{answer} after {time.perf_counter() - started:.3f} s")
    print(slow_square.cache_info())
    asyncio.run(twice())


if __name__ == "__main__":
    main()
