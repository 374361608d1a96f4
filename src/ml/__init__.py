"""Music intelligence on your own catalogue, listening history and audio files.

Everything here is loaded when it is first touched: importing ``ml`` costs a few milliseconds.

>>> import ml
>>> ml.ML_CONFIG["recommendation_engine"]["num_factors"]
64
>>> from ml.recommendation_engine import EnhancedRecommendationEngine
>>> ml.user_behavior  # doctest: +ELLIPSIS
Traceback (most recent call last):
...
AttributeError: ml.user_behavior is not built yet; built are: recommendation_engine, playlist_generator, audio_an...
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml.foundation.cache import cache_ml_result
    from ml.foundation.settings import Settings

    ML_CONFIG: Settings

__version__ = "0.1.0"

#: The eleven capabilities of the contract. One that is not built yet has no module.
CAPABILITIES = (
    "recommendation_engine",
    "playlist_generator",
    "audio_analysis",
    "user_behavior",
    "trend_analysis",
    "intelligent_search",
    "content_optimization",
    "enterprise_integrations",
    "integrations",
    "audience_analysis",
    "collaboration_matching",
)

__all__ = ["CAPABILITIES", "ML_CONFIG", "__version__", "cache_ml_result"]


def built() -> list[str]:
    """Name the capabilities that exist in this version."""
    return [name for name in CAPABILITIES if find_spec(f"{__name__}.{name}")]


def _config() -> Settings:
    from ml.foundation import configuration

    return configuration.current()


def _cache_decorator() -> Any:
    from ml.foundation import cache

    cache.bind(lambda: _config().caching)
    return cache.cache_ml_result


def _builder() -> None:
    """Tell the resolver how an App is built, without building one."""
    from ml.foundation import resolver

    def build() -> Any:
        from ml.app import App

        return App.of_settings(_config())

    def build_own() -> Any:
        from ml.app import App

        return App(_config())

    def home() -> Any:
        storage = _config().storage
        return storage.home, storage.database_url

    resolver.set_builder(build, key=home)
    resolver.own.set_builder(build_own, key=home)


_ON_FIRST_USE = {"ML_CONFIG": _config, "cache_ml_result": _cache_decorator}


def __getattr__(name: str) -> Any:
    if name in _ON_FIRST_USE:
        return _ON_FIRST_USE[name]()
    if name in CAPABILITIES:
        if find_spec(f"{__name__}.{name}") is None:
            raise AttributeError(f"ml.{name} is not built yet; built are: {', '.join(built())}")
        return import_module(f"{__name__}.{name}")
    if name in ("utils", "validation"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *built(), "utils", "validation"])


_builder()
