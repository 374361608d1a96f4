"""Remembering results of expensive functions: ``@cache_ml_result(ttl=…)``.

Conventions
-----------
- A cache may fail, the call never does: what cannot be keyed, stored or reached is computed, and
  said once on the logger ``ml``.
- Nobody can change what is kept: values are copied (in process) or encoded (Redis) on the way in
  and on the way out.
- Concurrent calls with equal arguments compute once in this process. Exceptions are not kept.
- Times to live are seconds. Nothing is connected or read at import.
"""

from ml.foundation.cache.decorator import CacheInfo, CachingSettings, bind, cache_ml_result
from ml.foundation.cache.memory import MemoryCache

__all__ = ["CacheInfo", "CachingSettings", "MemoryCache", "bind", "cache_ml_result"]
