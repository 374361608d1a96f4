"""The tables of who gets in; see :mod:`ml.data.access`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from ml.data.schema.base import key, metadata

#: People who log in. ``login`` is the name as it is compared; see :mod:`ml.data.access`.
accounts = Table(
    "accounts",
    metadata,
    key("id", primary=True),
    Column("name", String, nullable=False),
    Column("login", String, nullable=False),
    Column("role", String, nullable=False),
    Column("user_source", String),  # of a listener: the outside id
    Column("user_external", String),
    Column("password", String),  # Argon2id, as its own text says; null: no password, nobody logs in
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    Column("logged_in_at", BigInteger),
    Column("failures", Integer, nullable=False),  # wrong passwords since the last right one
    Column("locked_until", BigInteger),
    Column("sealed", String),  # of an encrypted workspace: name and outside id; the columns are blind indexes
    Index(None, "login", unique=True),
)

#: Keys of other programs. Of a secret there is only its SHA-256.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("scopes", String),  # with spaces between; null: all of the role
    Column("user_source", String),  # of a listener: the outside id
    Column("user_external", String),
    Column("secret_hash", String, nullable=False),
    Column("previous_hash", String),  # of the secret before the last rotation
    Column("previous_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("rotated_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("used_at", BigInteger),  # to the minute
    Column("sealed", String),  # of an encrypted workspace: the outside id; the column is a blind index
)

#: Who is logged in. A row is deleted when its session ends.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    key("account_id"),
    Column("secret_hash", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),  # to the minute
    Index(None, "account_id"),
)

#: One-time links that make an account, or give one another password. A row is deleted when it is used.
invitations = Table(
    "invitations",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),  # setup | invitation | reset
    Column("role", String, nullable=False),
    key("account_id", nullable=True),  # of a reset: whose password
    Column("user_source", String),  # of a listener: the outside id
    Column("user_external", String),
    Column("secret_hash", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("sealed", String),  # as of keys
)

#: What an account is asked for beside its password.
second_factors = Table(
    "second_factors",
    metadata,
    key("account_id", primary=True),
    Column("secret", String, nullable=False),  # of an app, in base 32
    Column("confirmed_at", BigInteger),  # null: only begun, and not asked for
    Column("step", BigInteger),  # of the last code of the app that was used
    Column("codes", String, nullable=False),  # SHA-256 of recovery codes that are left, with spaces between
)
