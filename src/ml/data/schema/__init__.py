"""The tables of the store.

Conventions
-----------
- Tracks and artists are rows of one table, ``items``, and draw their integer keys from
  one sequence, so that a key alone names a thing of either kind. Keys are never reused.
- ``items.same_as`` points from a described recording to the one it turned out to be the
  same as. Listens keep the key they came with; readers follow ``same_as``. So a merge
  can be undone by clearing one field, and nothing is lost.
- Listener keys are random 53-bit numbers: a listen or a snapshot says nothing about a
  person once the row in ``subjects`` is gone.
- Times are UTC milliseconds; durations end in ``_ms``. No text is ever empty: null means
  that nothing is known.
- ``import_id`` names the import that brought a row; undoing that import removes it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table

from ml.data.schema.access import accounts, api_keys, invitations, second_factors, sessions
from ml.data.schema.base import key as _key
from ml.data.schema.base import metadata
from ml.data.schema.data_keys import data_keys
from ml.data.schema.jobs import jobs
from ml.data.schema.searches import saved_searches, search_choices, searches

__all__ = [
    "accounts",
    "aliases",
    "api_keys",
    "audio_analyses",
    "audio_corrections",
    "audio_embeddings",
    "audio_fingerprints",
    "blocks",
    "data_keys",
    "drafts",
    "experiments",
    "exposures",
    "facts",
    "features",
    "feedback",
    "files",
    "friends",
    "import_units",
    "imports",
    "invitations",
    "items",
    "jobs",
    "listens",
    "metadata",
    "outcomes",
    "play_counts",
    "playlist_items",
    "playlist_recipes",
    "playlists",
    "recipe_lists",
    "saved_searches",
    "scanned_files",
    "search_choices",
    "searches",
    "second_factors",
    "sequences",
    "sessions",
    "subjects",
    "tags",
    "track_artists",
    "users",
]


def _import() -> Column[int]:
    return Column("import_id", BigInteger, nullable=True)


#: The next free key of ``items``, ``playlists``, ``imports``, ``experiments``, ``jobs`` and recorded events.
sequences = Table(
    "sequences",
    metadata,
    Column("name", String, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

#: Facts about the workspace itself, such as its label.
facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    _key("id", primary=True),
    Column("path", String, nullable=False),
    Column("status", String, nullable=False),  # running | done | failed | undone
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("summary", String),  # JSON
)

#: One row a unit of an import; how resuming knows what is already stored.
import_units = Table(
    "import_units",
    metadata,
    _key("import_id", primary=True),
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("rows", BigInteger, nullable=False),  # read and stored, in order
    Column("finished", Boolean, nullable=False),
    Index(None, "fingerprint"),
)

items = Table(
    "items",
    metadata,
    _key("key", primary=True),
    Column("kind", String, nullable=False),  # track | artist
    Column("name", String, nullable=False),
    Column("credit", String),  # of a track: the artists as they were written
    Column("album", String),
    Column("duration_ms", BigInteger),
    Column("isrc", String),
    Column("mbid", String),
    Column("year", Integer),
    Column("language", String),
    Column("explicit", Boolean),
    Column("country", String),
    Column("match", String, nullable=False),  # normalised credit and name
    _key("same_as", nullable=True),
    Column("confidence", Float),  # of same_as, in [0, 1]
    Column("method", String),  # how same_as was found: isrc | mbid | name | path | hand
    _import(),
    Index(None, "match"),
    Index(None, "isrc"),
    Index(None, "mbid"),
    Index(None, "same_as"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("source", String, primary_key=True),
    Column("external_id", String, primary_key=True),
    _key("item_key"),
    _import(),
    Index(None, "item_key"),
)

#: Who made a track: one row an artist of its credit.
track_artists = Table(
    "track_artists",
    metadata,
    _key("track_key", primary=True),
    Column("position", Integer, primary_key=True),
    _key("artist_key"),
    Column("role", String, nullable=False),  # main | featured
    Index(None, "artist_key"),
)

users = Table(
    "users",
    metadata,
    _key("key", primary=True),
    Column("source", String, nullable=False),
    Column("external_id", String, nullable=False),  # of an encrypted workspace: its blind index
    _import(),
    Column("paused_at", BigInteger),  # since when plays are not kept; null: they are
    Column("changes", BigInteger, nullable=False, server_default="0"),  # grows with what is recorded of them
    Column("sealed", String),  # of an encrypted workspace: the id itself; see :mod:`ml.data.vault`
    Index(None, "source", "external_id", unique=True),
    Index(None, "external_id"),
)

#: Personal data; beside outside ids and the names of accounts, nothing else holds any.
subjects = Table(
    "subjects",
    metadata,
    _key("user_key", primary=True),
    Column("name", String),
    Column("gender", String),
    Column("age", Integer),
    Column("country", String),
    Column("registered_at", BigInteger),
    _import(),
    Column("sealed", String),  # of an encrypted workspace: all of it, and the columns above are null
)

friends = Table(
    "friends",
    metadata,
    _key("user_key", primary=True),
    _key("friend_key", primary=True),
    _import(),
    sqlite_with_rowid=False,
)

#: Clustered by listener: a history is one stretch of pages. Importers sort before they write.
listens = Table(
    "listens",
    metadata,
    _key("user_key", primary=True),
    Column("listened_at", BigInteger, primary_key=True, autoincrement=False),
    _key("item_key", primary=True),
    Column("ms_played", BigInteger),
    Column("skipped", Boolean),
    Column("incognito", Boolean),
    Column("shuffle", Boolean),
    Column("precision_ms", Integer),
    Column("reason_start", String),
    Column("reason_end", String),
    Column("device", String),
    Column("activity", String),
    _import(),
    _key("event_id", nullable=True),  # of a listen that was recorded: what undoes it
    sqlite_with_rowid=False,
)

#: Totals without dates.
play_counts = Table(
    "play_counts",
    metadata,
    _key("user_key", primary=True),
    _key("item_key", primary=True),
    Column("plays", BigInteger, nullable=False),
    _import(),
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    _key("item_key", primary=True),
    Column("tag", String, primary_key=True),
    Column("kind", String, primary_key=True),  # genre | tag
    _key("user_key", primary=True),  # 0: nobody in particular
    Column("tagged_at", BigInteger),
    _import(),
    sqlite_with_rowid=False,
)

features = Table(
    "features",
    metadata,
    _key("item_key", primary=True),
    Column("extractor", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("feature", String, primary_key=True),
    Column("value", Float, nullable=False),
    _import(),
    sqlite_with_rowid=False,
)

files = Table(
    "files",
    metadata,
    Column("path", String, primary_key=True),
    _key("item_key"),
    Column("content_hash", String, nullable=False),
    Column("size_bytes", BigInteger),
    Column("modified_at", BigInteger),
    Column("track_gain_db", Float),
    Column("album_gain_db", Float),
    Column("artwork", String),
    Column("lyrics", String),
    Column("lyrics_synced", Boolean),
    _import(),
    Index(None, "item_key"),
)

playlists = Table(
    "playlists",
    metadata,
    _key("key", primary=True),
    Column("source", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("name", String, nullable=False),
    _key("user_key", nullable=True),
    _import(),
    Index(None, "source", "external_id", unique=True),
)

playlist_items = Table(
    "playlist_items",
    metadata,
    _key("playlist_key", primary=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _key("item_key"),
    Column("path", String),
    _import(),
)

#: Requests that playlists are made from again and again; see :mod:`ml.playlist_generator.live.recipes`.
playlist_recipes = Table(
    "playlist_recipes",
    metadata,
    Column("name", String, primary_key=True),
    Column("request", String, nullable=False),  # JSON
    Column("rhythm", String, nullable=False),  # daily | weekly
    Column("avoid", Integer, nullable=False),  # so many of the last lists
    _key("user_key", nullable=True),  # of whom the request speaks
    Column("created_at", BigInteger, nullable=False),
)

#: Which playlist a recipe came to, by the first day of its time.
recipe_lists = Table(
    "recipe_lists",
    metadata,
    Column("recipe", String, primary_key=True),
    Column("day", String, primary_key=True),  # ISO 8601
    _key("playlist_key"),
    Column("made_at", BigInteger, nullable=False),
    Index(None, "playlist_key"),
)

#: Items a listener never wants to be offered.
blocks = Table(
    "blocks",
    metadata,
    _key("user_key", primary=True),
    _key("item_key", primary=True),
    Column("blocked_at", BigInteger, nullable=False),
)

#: What is tried out, and on whom; see :mod:`ml.experiments`.
experiments = Table(
    "experiments",
    metadata,
    _key("id", primary=True),
    Column("name", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("layer", String, nullable=False),
    Column("state", String, nullable=False),  # draft | running | stopped
    Column("definition", String, nullable=False),  # JSON; never changes
    Column("buckets", String, nullable=False),  # JSON: of its layer
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("stopped_at", BigInteger),
    Column("changed_at", BigInteger, nullable=False),
    Index(None, "name", unique=True),
)

#: Who was given which variant, and when first: one row a listener and experiment.
exposures = Table(
    "exposures",
    metadata,
    _key("experiment_id", primary=True),
    _key("user_key", primary=True),
    Column("variant", String, nullable=False),
    Column("exposed_at", BigInteger, nullable=False),
    Column("propensity", Float),  # of a bandit's draw, in (0, 1]; null: by the weights
    Index(None, "user_key"),
    sqlite_with_rowid=False,
)

#: Of an interleaved experiment: which of the two rankings has an item in a listener's lists, from a moment on.
drafts = Table(
    "drafts",
    metadata,
    _key("experiment_id", primary=True),
    _key("user_key", primary=True),
    _key("item_key", primary=True),
    Column("shown_at", BigInteger, primary_key=True, autoincrement=False),
    Column("team", Integer, nullable=False),  # 0: the first variant's, 1: the second's
    sqlite_with_rowid=False,
)

#: What listeners did that is no listen, such as clicks. Clustered by listener, as listens are.
outcomes = Table(
    "outcomes",
    metadata,
    _key("user_key", primary=True),
    Column("occurred_at", BigInteger, primary_key=True, autoincrement=False),
    Column("event", String, primary_key=True),
    _key("item_key", nullable=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)

#: What listeners said about items, an event a row; plays and skips are listens. Clustered by listener, like these.
feedback = Table(
    "feedback",
    metadata,
    _key("user_key", primary=True),
    _key("event_id", primary=True),  # in the order of recording
    _key("item_key"),
    Column("kind", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until_at", BigInteger),  # of not_now: when it is over
    Column("from_ms", BigInteger),  # of a seek: the places in the track
    Column("to_ms", BigInteger),
    Column("blocked_before", BigInteger),  # of a block and what lifts it: since when there was one before
    Column("undone", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

#: What :mod:`ml.audio_analysis.library` has met under the folders that it was shown.
scanned_files = Table(
    "scanned_files",
    metadata,
    Column("path", String, primary_key=True),
    Column("content_hash", String),  # of the sound, as in files; null: its bytes could not be read
    Column("size_bytes", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("problem_code", String),  # why there is no analysis
    Column("problem", String),
    Column("failed_with", String),  # what could not analyse it; null: worth another try
    Column("scanned_at", BigInteger, nullable=False),
    Index(None, "content_hash"),
)

#: What a sound is like, whichever files hold it. The columns between repeat what the document says, for searching.
audio_analyses = Table(
    "audio_analyses",
    metadata,
    Column("content_hash", String, primary_key=True),
    Column("version", String, nullable=False),  # of the analyzer
    Column("analysed_at", BigInteger, nullable=False),
    Column("duration_s", Float),
    Column("loudness_lufs", Float),
    Column("tempo_bpm", Float),
    Column("key", String),
    Column("mode", String),
    Column("time_signature", String),
    Column("document", String, nullable=False),  # JSON
)

#: What a recording is known by: :class:`ml.features.audio.fingerprint.Peaks` as bytes, in base 64.
audio_fingerprints = Table(
    "audio_fingerprints",
    metadata,
    Column("content_hash", String, primary_key=True),
    Column("version", BigInteger, nullable=False),  # of the peaks
    Column("peaks", String, nullable=False),
)

#: What larger embedders make of a sound: float32, little endian, in base 64; null: silence, which has no vector.
audio_embeddings = Table(
    "audio_embeddings",
    metadata,
    Column("embedder", String, primary_key=True),  # its name, with a hash of the model
    Column("content_hash", String, primary_key=True),
    Column("vector", String),
)

#: What somebody knows better than the analyzer. It belongs to the sound, so that it outlives scans and moves.
audio_corrections = Table(
    "audio_corrections",
    metadata,
    Column("content_hash", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("value", String, nullable=False),  # JSON
    Column("corrected_at", BigInteger, nullable=False),
)
