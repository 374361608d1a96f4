"""Text on its way into the store."""

import polars as pl
import pytest
from sqlalchemy import select

from ml.data.frames import FILES, ITEMS, conform
from ml.data.importers.base import Batch
from ml.data.importers.reasons import REASONS
from ml.data.ingest import load, record_listen
from ml.data.ingest.checks import check, clean, clean_text
from ml.data.ingest.countries import country_code
from ml.data.schema import items, listens, tags, users
from ml.data.snapshot import take
from ml.data.store import bulk


def test_lyrics_keep_their_lines_and_paths_their_names():
    row = {
        "title": "x",
        "path": "/music/Cafe\u0301 /a.mp3",
        "content_hash": "1",
        "lyrics": "[00:01]one\n[00:02]two\x07",
    }
    cleaned = clean(conform(pl.DataFrame([row]), FILES)).row(0, named=True)
    assert cleaned["lyrics"] == "[00:01]one\n[00:02]two"
    assert cleaned["path"] == row["path"]


def test_a_path_with_control_characters_is_refused():
    row = {"title": "x", "path": "/music/a\x1e.mp3", "content_hash": "1"}
    good, bad = check("files", clean(conform(pl.DataFrame([row]), FILES)))
    assert good.is_empty()
    assert "control characters" in REASONS.read(bad["reason"].item())


def test_lists_are_cleaned_too():
    frame = conform(pl.DataFrame({"title": ["x"], "genres": [["rock\x1e1\x1fevil", " ", "pop"]]}), ITEMS)
    assert clean(frame)["genres"].to_list() == [["rock 1 evil", None, "pop"]]


@pytest.mark.parametrize("text", ["a\x1fb", "a\x1eb", "a\x00b", "a\nb"])
def test_no_text_can_forge_a_row(store, tmp_path, text):
    catalogue = pl.DataFrame({"item_id": ["a:1"], "title": ["Song"], "genres": [[text]]})
    heard = pl.DataFrame(
        {"item_id": ["a:1"], "title": ["Song"], "user_id": ["a:u"], "listened_at": [1_600_000_000_000]}
    )
    load(store, [Batch("x", 2, {"items": catalogue, "listens": heard})])
    with store.read() as connection:
        user, item = connection.execute(select(users.c.key)).scalar(), connection.execute(select(items.c.key)).scalar()
    record_listen(store, user, item, device=text, activity="")
    with store.read() as connection:
        assert bulk.read(connection, select(listens.c.device, listens.c.item_key)).sort("device").to_dicts() == [
            {"device": None, "item_key": item},
            {"device": "a b", "item_key": item},
        ]
        assert connection.execute(select(tags.c.tag)).scalar() == "a b"
    assert take(store, tmp_path / "snapshots").listens.collect()["device"].to_list() == [None, "a b"]


def test_one_text_is_cleaned_like_a_column():
    assert clean_text(None) is None
    assert clean_text("") is None
    assert clean_text(" a\tb ") == "a b"


def test_a_country_is_its_code_whatever_a_source_calls_it():
    frame = pl.DataFrame({"country": ["Germany", "Korea, Republic of", "GBR", "fr", "Atlantis", None]})
    assert clean(frame)["country"].to_list() == ["DE", "KR", "GB", "FR", "Atlantis", None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("United States", "US"),
        ("Russian Federation", "RU"),
        ("Viet Nam", "VN"),
        ("Cote D'Ivoire", "CI"),
        ("Saint Lucia", "LC"),
        ("Congo, the Democratic Republic of the", "CD"),
        ("276", "DE"),
        ("UK", "GB"),
        ("EU", "EU"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Taiwan, Province of China", "TW"),
        ("Saint Vincent and the Grenadines", "VC"),
        ("Korea, North", "Korea, North"),
        ("Ireland, Northern", "Ireland, Northern"),
        ("Georgia, USA", "Georgia, USA"),
        ("Unknown Region", "Unknown Region"),
    ],
)
def test_names_of_countries(text, code):
    assert country_code(text) == code
