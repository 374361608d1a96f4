"""The ground floor: items, listeners, what they heard, and where it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first version."""
    op.create_table(
        "aliases",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("source", "external_id", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_item_key"), "aliases", ["item_key"], unique=False)
    op.create_table(
        "blocks",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_key", "item_key", name=op.f("pk_blocks")),
    )
    op.create_table(
        "track_artists",
        sa.Column("track_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("artist_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("track_key", "position", name=op.f("pk_track_artists")),
    )
    op.create_index(op.f("ix_track_artists_artist_key"), "track_artists", ["artist_key"], unique=False)
    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "features",
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("feature", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("item_key", "extractor", "version", "feature", name=op.f("pk_features")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "files",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("track_gain_db", sa.Float(), nullable=True),
        sa.Column("album_gain_db", sa.Float(), nullable=True),
        sa.Column("artwork", sa.String(), nullable=True),
        sa.Column("lyrics", sa.String(), nullable=True),
        sa.Column("lyrics_synced", sa.Boolean(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_files")),
    )
    op.create_index(op.f("ix_files_item_key"), "files", ["item_key"], unique=False)
    op.create_table(
        "friends",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("friend_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_key", "friend_key", name=op.f("pk_friends")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_units",
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "name", name=op.f("pk_import_units")),
    )
    op.create_index(op.f("ix_import_units_fingerprint"), "import_units", ["fingerprint"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "items",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=True),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("isrc", sa.String(), nullable=True),
        sa.Column("mbid", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("explicit", sa.Boolean(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("same_as", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_isrc"), "items", ["isrc"], unique=False)
    op.create_index(op.f("ix_items_match"), "items", ["match"], unique=False)
    op.create_index(op.f("ix_items_mbid"), "items", ["mbid"], unique=False)
    op.create_index(op.f("ix_items_same_as"), "items", ["same_as"], unique=False)
    op.create_table(
        "listens",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("listened_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ms_played", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=True),
        sa.Column("incognito", sa.Boolean(), nullable=True),
        sa.Column("shuffle", sa.Boolean(), nullable=True),
        sa.Column("precision_ms", sa.Integer(), nullable=True),
        sa.Column("reason_start", sa.String(), nullable=True),
        sa.Column("reason_end", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("activity", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_key", "listened_at", "item_key", name=op.f("pk_listens")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "play_counts",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plays", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_key", "item_key", name=op.f("pk_play_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "playlist_items",
        sa.Column("playlist_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("playlist_key", "position", name=op.f("pk_playlist_items")),
    )
    op.create_table(
        "playlists",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_playlists")),
    )
    op.create_index(op.f("ix_playlists_source_external_id"), "playlists", ["source", "external_id"], unique=True)
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "subjects",
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("registered_at", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_key", name=op.f("pk_subjects")),
    )
    op.create_table(
        "tags",
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tagged_at", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("item_key", "tag", "kind", "user_key", name=op.f("pk_tags")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "users",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_users")),
    )
    op.create_index(op.f("ix_users_external_id"), "users", ["external_id"], unique=False)
    op.create_index(op.f("ix_users_source_external_id"), "users", ["source", "external_id"], unique=True)

    for name in ("import", "item", "playlist"):
        op.execute(sa.text("INSERT INTO sequences (name, next) VALUES (:name, 1)").bindparams(name=name))
