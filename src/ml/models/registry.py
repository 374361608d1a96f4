"""The models there are, by the name that ``algorithm=`` takes. Adding one is its file plus its line here."""

from __future__ import annotations

from ml.models.base import Model
from ml.models.blend import Blend
from ml.models.bpr import BPR
from ml.models.content import Content
from ml.models.content_tower import ContentTower
from ml.models.context import Context
from ml.models.ease import EASE
from ml.models.graph_filter import GraphFilter
from ml.models.group_popularity import GroupPopularity
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.popularity import CountryPopularity, Popularity, RecentPopularity
from ml.models.portfolio import Portfolio
from ml.models.ranker import Ranker
from ml.models.replay import Replay
from ml.models.sequential import Sequential
from ml.models.slim import SLIM
from ml.models.taste_groups import TasteGroups

MODELS: dict[str, type[Model]] = {
    "popularity": Popularity,
    "popularity_recent": RecentPopularity,
    "popularity_by_country": CountryPopularity,
    "popularity_by_group": GroupPopularity,
    "taste_groups": TasteGroups,
    "replay": Replay,
    "item_knn": ItemKNN,
    "ials": ImplicitALS,
    "content": Content,
    "content_tower": ContentTower,
    "ease": EASE,
    "graph_filter": GraphFilter,
    "slim": SLIM,
    "bpr": BPR,
    "sequential": Sequential,
    "hybrid": Blend,
    "portfolio": Portfolio,
    "hybrid_deep": Ranker,
}

#: What a set has beside its models: saved and restored like them, and no ``algorithm=``.
HELPERS: dict[str, type[Model]] = {"context": Context}
