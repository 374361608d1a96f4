"""Artists by what listeners say of them: tags of HetRec as queries, words, meaning and company beside each other.

The taggers are halved by a seed. Documents are built from what one half says, through importer, store and
`read_documents`; queries are the tags of the other half that it gave to five artists or more, and the gain of an artist
is log2(1 + how many gave the tag). All 17,632 artists are ranked. Two fifths of the tags, by a hash, are for choosing
(weights, constants, how documents are described); the rest is what is reported: nDCG@10, means over tags, with 95 %
bootstrap intervals, those of differences in pairs. Plays are all listeners'.

`bm25`: tantivy, the words of a tag in the tags of an artist, each as often as it was given, any word will do.
`bm25_plays` breaks ties by listeners, `bm25_told` multiplies by how much is said of an artist, as `SemanticIndex` does
its cosines; `plays` orders by listeners alone. `dense`: MiniLM through `SemanticIndex`; `dense_text` is the same model
on one text an artist ("name. tag, tag, …"), the usual way. `rrf`: reciprocal ranks of `bm25` and `dense`; `weighted`:
their scores, with a weight from the tags for choosing. `company`: who is listened to together with the thirty best of
BM25. `rrf3` and `fused`: all three, by ranks and by scores; `told_weighted` and `told_fused`: the same
with `bm25_told` for the words. `ranker`: LambdaMART over scores and ranks of all three and
plays, learnt from the tags for choosing.

`engine` is `SearchEngine.search(tag)` end to end in the workspace of these documents, with an index of meanings and
trained models; `engine_untrained` the same before training, `engine_words` without the index too. The engine takes a
tag for whatever text it is: an artist who is called so comes first. `engine_ms` is the median of one search.

`known_…` are tags that the documents have, `new_…` those that they have not. `german_…`: common tags asked for in
German, whose judgements are those of the English tag; `english_…` is the same in English, `german_raw_dense` without
the grammar. `phrases_per_s` is encoding on one core, `refresh_again_s` a second refresh, in which nothing changed;
`find_ms` and `fused_ms` are medians for one query.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import tantivy
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks import held_out
from benchmarks.company import Company
from benchmarks.rank_fusion import Ranking, by_ranks, by_scores
from benchmarks.target import Target
from ml.data.identity import normalise
from ml.intelligent_search.semantic import SemanticIndex, open_encoder
from ml.intelligent_search.semantic.describing import lengths_of
from ml.metrics.significance import bootstrap_mean

TARGETS = {
    "engine_above_bm25_low": Target(at_least=0.0),
    "engine_above_dense_low": Target(at_least=0.0),
    "told_fused_above_bm25_told_low": Target(at_least=0.0),
    "told_fused_above_dense_low": Target(at_least=0.0),
    "fused_above_bm25_low": Target(at_least=0.0),
    "fused_above_dense_low": Target(at_least=0.0),
    "weighted_above_bm25_low": Target(at_least=0.0),
    "weighted_above_dense_low": Target(at_least=0.0),
}
K, DEPTH, SEEDS, LEAST = 10, 1_000, 30, 5
GRID = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
#: What German listeners would write for tags that many gave.
GERMAN = {
    "traurig": "sad", "fröhlich": "happy", "weihnachten": "christmas", "filmmusik": "soundtrack",
    "klassik": "classical", "klavier": "piano", "liebe": "love", "akustisch": "acoustic",
    "elektronisch": "electronic", "ruhig": "calm", "sommer": "summer", "tanzbar": "dance", "deutsch": "german",
    "französisch": "french", "japanisch": "japanese", "spanisch": "spanish", "schwedisch": "swedish",
    "italienisch": "italian", "weibliche stimme": "female vocalists", "männliche stimme": "male vocalists",
    "achtziger": "80s", "neunziger": "90s", "siebziger": "70s", "sechziger": "60s", "psychedelisch": "psychedelic",
    "experimentell": "experimental", "atmosphärisch": "atmospheric", "episch": "epic", "verträumt": "dreamy",
    "gitarre": "guitar", "melancholisch": "melancholic", "romantisch": "romantic", "entspannt": "relax",
    "klassiker": "classic", "eingängig": "catchy", "mittelalter": "medieval", "lustig": "funny", "wütend": "angry",
    "energiegeladen": "energetic", "weltmusik": "world", "geige": "violin", "orchester": "orchestral",
    "brasilianisch": "brazilian", "ohne gesang": "instrumental", "nostalgisch": "nostalgic", "balladen": "ballad",
    "hoffnungsvoll": "hope",
}  # fmt: skip
Judged = Mapping[str, float]
Asked = Mapping[str, Ranking]
Fuse = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class World:
    """Documents of one half, judgements of the other: gains by uid, by tag."""

    documents: pl.DataFrame
    judged: Mapping[str, Judged]
    plays: csr_matrix  # listeners by documents


def run(quick: bool) -> dict[str, float]:
    from threadpoolctl import threadpool_limits

    if "hetrec" not in held_out.available():
        return {}
    with threadpool_limits(1), tempfile.TemporaryDirectory() as place:
        world = built(Path(place))
        return measured(world, Path(place), quick)


def built(place: Path) -> World:
    """Import HetRec with the tags of half of the taggers, and read its documents."""
    from ml.data.ingest import run as import_path
    from ml.data.store import Store
    from ml.intelligent_search.documents import read_documents

    source, copy = held_out.DATA / held_out.FOLDERS["hetrec"], place / "hetrec"
    copy.mkdir()
    for name in ("artists.dat", "tags.dat", "user_artists.dat"):
        shutil.copyfile(source / name, copy / name)
    given = _read(source / "user_taggedartists.dat")
    taggers = given["userID"].unique().sort()
    ours = taggers.gather(np.random.default_rng(7).permutation(len(taggers))[: len(taggers) // 2])
    given.filter(pl.col("userID").is_in(ours.implode())).write_csv(copy / "user_taggedartists.dat", separator="\t")
    (place / "store").mkdir()
    store = Store.at(place / "store")
    import_path(store, copy, rejects_folder=place / "rejects")
    with store.read() as connection:
        documents = read_documents(connection, None)
    uids = _uids(store, documents)
    store.close()
    names = dict(_read(source / "tags.dat").iter_rows())
    rest = given.filter(~pl.col("userID").is_in(ours.implode()))
    rest = rest.with_columns(
        tag=pl.col("tagID").replace_strict({key: normalise(name) for key, name in names.items()}, default=None),
        uid=pl.col("artistID").replace_strict(uids, default=None, return_dtype=pl.String),
    ).drop_nulls(["tag", "uid"])
    judged: dict[str, dict[str, float]] = {}
    for tag, uid, number in rest.group_by("tag", "uid").agg(pl.col("userID").n_unique()).iter_rows():
        judged.setdefault(tag, {})[uid] = float(np.log2(1 + number))
    asked = {tag: judged[tag] for tag in sorted(judged) if tag and len(judged[tag]) >= LEAST}
    return World(documents, asked, _plays(source, documents, uids))


def _read(file: Path) -> pl.DataFrame:
    return pl.read_csv(file, separator="\t", quote_char=None, encoding="utf8-lossy")


def _uids(store: object, documents: pl.DataFrame) -> dict[int, str]:
    """Give the uid of each artist of HetRec, by its number there."""
    from sqlalchemy import select

    from ml.data.schema import aliases
    from ml.data.store import bulk

    with store.read() as connection:  # type: ignore[attr-defined]
        rows = bulk.read(connection, select(aliases.c.source, aliases.c.external_id, aliases.c.item_key))
    known = set(documents["uid"].to_list())
    found = {}
    for source, name, key in rows.iter_rows():
        if source == "hetrec" and name.startswith("artist/") and f"a{key}" in known:
            found[int(name.removeprefix("artist/"))] = f"a{key}"
    return found


def _plays(source: Path, documents: pl.DataFrame, uids: Mapping[int, str]) -> csr_matrix:
    place = {uid: row for row, uid in enumerate(documents["uid"].to_list())}
    table = _read(source / "user_artists.dat").filter(pl.col("artistID").is_in(list(uids)))
    users = table["userID"].rank("dense").to_numpy() - 1
    items = [place[uids[artist]] for artist in table["artistID"].to_list()]
    weights = table["weight"].to_numpy().astype(np.float32)
    return csr_matrix((weights, (users, items)), shape=(int(users.max()) + 1, len(documents)))


class Words:
    """BM25 over tags, each as often as it was given."""

    def __init__(self, documents: pl.DataFrame) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("uid", stored=True, tokenizer_name="raw")
        builder.add_text_field("tags", tokenizer_name="default", index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(64 << 20, 1)
        for uid, tags, counts in documents.select("uid", "tags", "tag_counts").iter_rows():
            text = " ".join(" ".join([tag] * number) for tag, number in zip(tags, counts, strict=True))
            writer.add_document(tantivy.Document(uid=uid, tags=text))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, text: str) -> Ranking:
        """Rank by BM25."""
        words = "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
        if not words:
            return Ranking((), ())
        terms = [tantivy.Query.term_query(self._schema, "tags", word) for word in words]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        hits = self._searcher.search(query, DEPTH, count=False).hits
        ids = [self._searcher.doc(address)["uid"][0] for _, address in hits]
        return Ranking(ids, [score for score, _ in hits])


def ndcg(ids: Sequence[str], judged: Judged) -> float:
    """Normalised discounted cumulative gain at 10, with graded gains."""
    discounts = 1 / np.log2(np.arange(2, K + 2))
    gains = np.array([judged.get(uid, 0.0) for uid in ids[:K]])
    ideal = np.sort(np.array(list(judged.values())))[::-1][:K]
    return float(gains @ discounts[: len(gains)] / (ideal @ discounts[: len(ideal)]))


class Searches:
    """All rankings for a text."""

    def __init__(self, world: World, index: SemanticIndex, words: Words) -> None:
        self._index, self._words = index, words
        self.uids = world.documents["uid"].to_list()
        self._row = {uid: row for row, uid in enumerate(self.uids)}
        totals = np.array([sum(counts) for counts in world.documents["tag_counts"].to_list()], dtype=np.float32)
        self._told = lengths_of(totals).tolist()
        self._company = Company.of(world.plays, rng=np.random.default_rng(0))

    def ask(self, text: str) -> dict[str, Ranking]:
        """Rank by words, meaning and company."""
        words = self._words.find(text)
        near = self._index.find(text, DEPTH)
        return {
            "words": words,
            "told": self.told(words),
            "meaning": Ranking(list(near), list(near.values())),
            "company": self.company(words),
        }

    def told(self, words: Ranking) -> Ranking:
        """Rank by a ranking's scores and how much is said of each artist."""
        scored = [(score * self._told[self._row[uid]], uid) for uid, score in zip(words.ids, words.scores, strict=True)]
        scored.sort(key=lambda one: (-one[0], one[1]))
        return Ranking([uid for _, uid in scored], [score for score, _ in scored])

    def company(self, words: Ranking) -> Ranking:
        """Rank by who is listened to together with the best of a ranking."""
        if not words.ids:
            return Ranking((), ())
        rows = np.array([self._row[uid] for uid in words.ids[:SEEDS]])
        near = self._company.around(rows, np.array(words.scores[:SEEDS]) / words.scores[0])
        best = np.argsort(-near, kind="stable")[:DEPTH]
        best = best[near[best] > 0]
        return Ranking([self.uids[row] for row in best], near[best].tolist())


def weighed(asked: Asked, names: Sequence[str], weights: Mapping[str, float]) -> list[str]:
    return by_scores({name: asked[name] for name in names}, weights, K)


def ranked(asked: Asked, names: Sequence[str]) -> list[str]:
    return by_ranks([asked[name] for name in names], K)


def chosen(asked: Sequence[Asked], judged: Sequence[Judged], names: Sequence[str]) -> dict[str, float]:
    """Choose the weights of rankings beside the first, which has 1."""
    options = [{name: value} for name in names[1:2] for value in GRID]
    for name in names[2:]:
        options = [option | {name: value} for option in options for value in GRID]
    reached = [
        np.mean([ndcg(weighed(one, names, option), by) for one, by in zip(asked, judged, strict=True)])
        for option in options
    ]
    return options[int(np.argmax(reached))]


def measured(world: World, place: Path, quick: bool) -> dict[str, float]:
    index = SemanticIndex(place / "semantic", open_encoder(kept=place / "encoders"))
    done = index.refresh(world.documents)
    again = index.refresh(world.documents)
    words = Words(world.documents)
    searches = Searches(world, index, words)
    tags = list(world.judged)[:: 10 if quick else 1]
    choosing = [tag for tag in tags if int(sha256(tag.encode()).hexdigest(), 16) % 10 < 4]
    tested = [tag for tag in tags if tag not in set(choosing)]
    first = [searches.ask(tag) for tag in choosing]
    by = [world.judged[tag] for tag in choosing]
    two, three = ("words", "meaning"), ("words", "meaning", "company")
    weights, weights3 = chosen(first, by, two), chosen(first, by, three)
    told, told3 = ("told", "meaning"), ("told", "meaning", "company")
    weights_told, weights_told3 = chosen(first, by, told), chosen(first, by, told3)
    begin = perf_counter()
    asked = [searches.ask(tag) for tag in tested]
    spent = perf_counter() - begin
    ranker = Ranker(first, by, world)
    texts = Texts(world.documents, place)
    popular = _popular(world)
    engine = Engine(place / "store", world.documents)
    ways: dict[str, list[Sequence[str]]] = {
        "bm25": [one["words"].ids for one in asked],
        "bm25_plays": [_by_plays(one["words"], popular) for one in asked],
        "bm25_told": [one["told"].ids for one in asked],
        "dense": [one["meaning"].ids for one in asked],
        "dense_text": [texts.find(tag) for tag in tested],
        "company": [one["company"].ids for one in asked],
        "rrf": [ranked(one, two) for one in asked],
        "weighted": [weighed(one, two, weights) for one in asked],
        "rrf3": [ranked(one, three) for one in asked],
        "fused": [weighed(one, three, weights3) for one in asked],
        "told_weighted": [weighed(one, told, weights_told) for one in asked],
        "told_fused": [weighed(one, told3, weights_told3) for one in asked],
        "ranker": [ranker.rank(one) for one in asked],
        "engine_words": engine.rank_all(tested),
        "engine_untrained": engine.with_meanings().rank_all(tested),
        "engine": engine.trained().rank_all(tested),
        "plays": [sorted(popular, key=lambda uid: -popular[uid])[:K]] * len(tested),
    }
    scores = {
        name: np.array([ndcg(ids, world.judged[tag]) for ids, tag in zip(lists, tested, strict=True)])
        for name, lists in ways.items()
    }
    said = {tag for tags in world.documents["tags"].to_list() for tag in tags}
    known = np.array([tag in said for tag in tested])
    numbers = {
        "artists": len(world.documents),
        "described": done.documents,
        "tags_for_choosing": len(choosing),
        "tags_tested": len(tested),
        "weight_meaning": weights["meaning"],
        "weight3_meaning": weights3["meaning"],
        "weight3_company": weights3["company"],
        "weight_told_meaning": weights_told["meaning"],
        "weight_told3_meaning": weights_told3["meaning"],
        "weight_told3_company": weights_told3["company"],
    }
    return (
        numbers
        | _means(scores, known)
        | _german(world, searches, index, weights3)
        | {
            "phrases": done.phrases,
            "phrases_per_s": done.phrases_per_s or 0.0,
            "refresh_again_s": again.duration_s,
            "index_bytes_per_artist": index.n_bytes / len(world.documents),
        }
        | _times(searches, index, tested, weights3)
        | {"all_lists_ms": 1_000 * spent / len(tested), "engine_ms": engine.median_ms}
    )


def _means(scores: Mapping[str, NDArray[np.float64]], known: NDArray[np.bool_]) -> dict[str, float]:
    rng = np.random.default_rng(1)
    numbers = {}
    for name, values in scores.items():
        found = bootstrap_mean(values, rng=rng)
        numbers |= {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
    for name in ("bm25", "dense", "weighted", "fused"):
        numbers |= {f"known_{name}": scores[name][known].mean(), f"new_{name}": scores[name][~known].mean()}
    pairs = [
        (ours, other) for ours in ("rrf", "weighted", "rrf3", "fused", "ranker") for other in ("bm25", "dense")
    ] + [
        ("fused", "weighted"),
        ("fused", "bm25_told"),
        ("weighted", "bm25_told"),
        ("told_weighted", "bm25_told"),
        ("told_fused", "bm25_told"),
        ("told_fused", "dense"),
        ("told_fused", "fused"),
        ("ranker", "told_fused"),
        ("engine", "bm25"),
        ("engine", "bm25_told"),
        ("engine", "dense"),
        ("engine", "told_fused"),
        ("engine", "engine_untrained"),
        ("engine", "ranker"),
        ("engine_untrained", "bm25"),
        ("engine_untrained", "engine_words"),
        ("ranker", "fused"),
    ]
    for ours, other in pairs:
        found = bootstrap_mean(scores[ours], baseline=scores[other], rng=rng)
        name = f"{ours}_above_{other}"
        numbers |= {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
    return numbers


def _german(world: World, searches: Searches, index: SemanticIndex, weights: Mapping[str, float]) -> dict[str, float]:
    pairs = [(word, tag) for word, tag in GERMAN.items() if tag in world.judged]
    judged = [world.judged[tag] for _, tag in pairs]
    numbers: dict[str, float] = {"german_queries": len(pairs)}
    for language, texts in (("german", [word for word, _ in pairs]), ("english", [tag for _, tag in pairs])):
        read = [index.read_as(text) for text in texts]
        asked = [searches.ask(text) for text in read]
        lists = {
            "bm25": [searches.ask(text)["words"].ids for text in texts],
            "dense": [one["meaning"].ids for one in asked],
            "fused": [weighed(one, ("words", "meaning", "company"), weights) for one in asked],
        }
        for name, found in lists.items():
            numbers[f"{language}_{name}"] = float(np.mean([ndcg(a, b) for a, b in zip(found, judged, strict=True)]))
    raw = [list(index.near(index.encoder.encode([word])[0], K)) for word, _ in pairs]
    numbers["german_raw_dense"] = float(np.mean([ndcg(a, b) for a, b in zip(raw, judged, strict=True)]))
    return numbers


def _times(
    searches: Searches, index: SemanticIndex, texts: Sequence[str], weights: Mapping[str, float]
) -> dict[str, float]:
    def median(call: Callable[[str], object]) -> float:
        spent = []
        for text in texts[:100]:
            begin = perf_counter()
            call(text)
            spent.append(perf_counter() - begin)
        return 1_000 * float(np.median(spent))

    three = ("words", "meaning", "company")
    return {
        "find_ms": median(lambda text: index.find(text, 10)),
        "fused_ms": median(lambda text: weighed(searches.ask(text), three, weights)),
    }


def _popular(world: World) -> dict[str, float]:
    return dict(
        zip(world.documents["uid"].to_list(), np.diff(world.plays.tocsc().indptr).astype(float).tolist(), strict=True)
    )


def _by_plays(words: Ranking, popular: Mapping[str, float]) -> list[str]:
    order = sorted(zip(words.ids, words.scores, strict=True), key=lambda one: (-round(one[1], 3), -popular[one[0]]))
    return [uid for uid, _ in order]


class Engine:
    """The search engine, over the workspace that was built."""

    def __init__(self, home: Path, documents: pl.DataFrame) -> None:
        from ml.app import App
        from ml.data.identity import outside_ids
        from ml.foundation.settings import Settings

        settings = Settings()
        settings.intelligent_search.log = False
        self._app = App(settings, home=home)
        self._engine = self._app.search_engine
        self._spent: list[float] = []
        with self._app.workspace.store.read() as connection:
            names = outside_ids(connection, "item", documents["key"].to_list())
        self._uids = {name: f"a{key}" for key, name in names.items()}

    def with_meanings(self) -> Engine:
        """Make the index of meanings."""
        self._engine.refresh(meaning=True)
        return self

    def trained(self) -> Engine:
        """Train the models that know who listens to what."""
        self._app.train(judge=False, deep=False)
        return self

    def rank_all(self, texts: Sequence[str]) -> list[Sequence[str]]:
        """Search for each text."""
        self._spent, found = [], []
        for text in texts:
            begin = perf_counter()
            found.append([hit.id for hit in next(self._engine.search_all([text], count=K)).hits])
            self._spent.append(perf_counter() - begin)
        return [[self._uids[name] for name in names] for names in found]

    @property
    def median_ms(self) -> float:
        """How long one of the last searches took."""
        return 1_000 * float(np.median(self._spent))


class Texts:
    """One text an artist, its vector, and the cosine: how a sentence transformer is mostly used."""

    def __init__(self, documents: pl.DataFrame, place: Path) -> None:
        self._encoder = open_encoder(kept=place / "encoders")
        told = documents.filter(pl.col("tags").list.len() > 0)
        self._uids = told["uid"].to_list()
        texts = [f"{name}. {', '.join(tags[:10])}" for name, tags in told.select("name", "tags").iter_rows()]
        self._vectors = self._encoder.encode(texts)

    def find(self, text: str) -> list[str]:
        """Rank by cosine."""
        near = self._vectors @ self._encoder.encode([text])[0]
        return [self._uids[row] for row in np.argsort(-near, kind="stable")[:K]]


class Ranker:
    """LambdaMART over what the three rankings say, learnt from the tags for choosing."""

    NAMES = ("words", "meaning", "company")

    def __init__(self, asked: Sequence[Asked], judged: Sequence[Judged], world: World) -> None:
        import lightgbm

        self._popular = _popular(world)
        rows, gains, groups = [], [], []
        for one, by in zip(asked, judged, strict=True):
            ids, facts = self._facts(one)
            if len(ids):
                rows.append(facts)
                gains += [round(by.get(uid, 0.0) * 2) for uid in ids]
                groups.append(len(ids))
        self._trees = lightgbm.LGBMRanker(
            n_estimators=80, learning_rate=0.05, num_leaves=7, min_child_samples=200, random_state=0, verbose=-1,
            deterministic=True, force_row_wise=True, n_jobs=1,
        )  # fmt: skip
        self._trees.fit(np.concatenate(rows), np.minimum(gains, 12), group=groups)

    def rank(self, asked: Asked) -> list[str]:
        """Rank by the trees."""
        ids, facts = self._facts(asked)
        if not ids:
            return []
        scores = self._trees.booster_.predict(facts)
        return [ids[row] for row in np.argsort(-scores, kind="stable")[:K]]

    def _facts(self, asked: Asked) -> tuple[list[str], NDArray[np.float64]]:
        """Take the first 200 of each ranking, with score as a share of the best and rank in all."""
        ids = list(dict.fromkeys(uid for name in self.NAMES for uid in asked[name].ids[:200]))
        columns = [np.array([np.log1p(self._popular[uid]) for uid in ids])]
        for name in self.NAMES:
            best = max(asked[name].scores, default=1.0)
            scores = dict(zip(asked[name].ids, asked[name].scores, strict=True))
            places = {uid: rank for rank, uid in enumerate(asked[name].ids, start=1)}
            columns.append(np.array([scores.get(uid, 0.0) / best for uid in ids]))
            columns.append(np.array([1 / (60 + places[uid]) if uid in places else 0.0 for uid in ids]))
        return ids, np.column_stack(columns) if ids else np.zeros((0, 7))
