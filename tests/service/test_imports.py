"""Files that are sent to be imported: looked at, imported, refused in part or whole, mended, undone."""

import csv
import gzip
import io
import json
import zipfile

import pytest
from tests.service.test_jobs import ended

HEAD = "user,artist,title,listened_at\n"
MIXED = (
    HEAD
    + "ann,Calm Artist,A new song,2026-06-01T10:00:00Z\n"
    + 'ann,"=cmd(), or so",,2026-06-02T10:00:00Z\n'
    + "ann,Calm Artist,'t Is so,not a time\n"
    + "ann,Calm Artist,A new song,2026-06-03T10:00:00Z,more\n"
    + "ann,Calm Artist,Another song,also no time\n"
)


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def preview(asker, content, name="mine.csv", **options):
    return asker("POST", "/imports/preview", files={"file": (name, content)}, data=options)


def imported(admin, content, name="mine.csv", **options):
    sent = admin("POST", "/imports", files={"file": (name, content)}, data=options)
    assert sent.status_code == 202, sent.text
    return ended(admin, sent.json()["id"])


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_preview_shows_what_would_be_stored_and_refused_and_stores_nothing(admin, client):
    before = admin.get("/status").json()["data"]
    answer = preview(admin, MIXED)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    (unit,) = found["units"]
    assert (found["name"], unit["kind"], unit["rows"], unit["refused"], unit["whole"]) == (
        *("mine.csv", "table", 5, 4),
        True,
    )
    assert [(each["name"], each["field"]) for each in unit["columns"]] == [
        *(("user", "user"), ("artist", "artist"), ("title", "title"), ("listened_at", "time")),
    ]
    (sample,) = unit["samples"]
    assert sample["holds"] == "listens"
    assert dict(zip(sample["columns"], sample["rows"][0], strict=True)) == {
        "kind": "track",
        "title": "A new song",
        "artist": "Calm Artist",
        "user_id": "local:user/ann",
        "listened_at": "2026-06-01T10:00:00Z",
    }
    assert found["reasons"]["listened_at is not a time"] == 2
    assert [each["line"] for each in unit["examples"]] == [3, 4, 5, 6]
    assert admin.get("/status").json()["data"] == before
    assert admin.get("/imports").json() == []
    assert not (client.app.state.service.app.workspace.home / "uploads").exists()


def test_a_preview_follows_a_mapping_also_of_columns_with_commas(admin):
    content = '"who, exactly",song,band\nann,Jóga,Björk\n'
    (unit,) = preview(admin, content).json()["units"]
    assert [each["field"] for each in unit["columns"]] == [None, "title", None]
    mapping = json.dumps({"user": "who, exactly", "artist": "band"})
    (unit,) = preview(admin, content, columns=mapping, source="mine").json()["units"]
    assert [each["field"] for each in unit["columns"]] == ["user", "title", "artist"]
    assert unit["samples"][0]["holds"] == "counts"
    assert "mine:user/ann" in unit["samples"][0]["rows"][0]


def test_columns_that_say_nothing_are_shown_with_what_is_missing(admin):
    (unit,) = preview(admin, "a,b\n1,2\n").json()["units"]
    assert "no column tells which track or artist" in unit["problem"]
    assert unit["hint"]
    assert [(each["name"], each["values"]) for each in unit["columns"]] == [("a", ["1"]), ("b", ["2"])]


def test_an_archive_is_looked_at_file_by_file(admin):
    playlist = "#EXTM3U\n#EXTINF:10,Air - Talisman\ntalisman.mp3\n"
    found = preview(admin, zipped(a_csv=MIXED, b_m3u=playlist, c_pdf="%PDF"), "all.zip").json()
    assert [(each["name"], each["kind"]) for each in found["units"]] == [("b.m3u", "playlists"), ("a.csv", "table")]
    assert found["unrecognised"] == ["c.pdf"]


BOMB = zipped(a_csv=b"0" * (100 << 20))
BAD = {
    "empty": ("mine.csv", b"", "0 bytes"),
    "junk": ("mine.bin", bytes(range(256)) * 40, "nothing to import"),
    "junk that calls itself a table": ("mine.csv", bytes(range(256)) * 40, ""),
    "a zip bomb": ("mine.zip", BOMB, "zip bomb"),
    "half a zip": ("mine.zip", zipped(a_csv=MIXED * 50)[:-40], "truncated"),
    "a zip that is broken inside": ("mine.zip", zipped(a_csv=MIXED * 50).replace(b"PK\x03\x04", b"PK\x03\x05"), ""),
    "an empty zip": ("mine.zip", zipped(), "it is empty"),
    "half a gzip": ("mine.csv.gz", gzip.compress(MIXED.encode() * 500)[:60], ""),
    "a gzip bomb": ("mine.csv.gz", gzip.compress(HEAD.encode() + b"a,b,c,d\n" * (9 << 20)), ""),
    "no parquet": ("mine.parquet", b"PAR1" + bytes(100) + b"PAR1", ""),
    "no JSON": ("endsong_0.json", b'[{"ts": ', ""),
    "another encoding": ("mine.csv", (HEAD + "ann,Björk,Jóga,2026-06-01\n").encode("cp1252"), "UTF-8"),
    "UTF-16 without its mark": ("mine.csv", MIXED.encode("utf-16-le"), ""),
    "a huge line": ("mine.csv", HEAD.encode() + b"a" * (1 << 20) + b"\n", ""),
    "columns of no meaning": ("mine.csv", b"a,b\n1,2\n", "no column tells"),
    "dates of no meaning": ("mine.csv", (HEAD + "ann,Air,Talisman,yesterday\n").encode(), "is not a time"),
    "a header alone": ("mine.csv", HEAD.encode(), "no rows below"),
    "a playlist without entries": ("mine.xspf", b"<playlist>", ""),
    "a page instead of an export": ("mine.csv", b"<!doctype html><html><body>Log in</body></html>", ""),
}


def said_in(found):
    """Give all words of a preview that say what is wrong."""
    words = [*found["reasons"]]
    for unit in found["units"]:
        words += [unit["problem"] or "", unit["hint"] or ""]
    return " ".join(words)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_what_is_wrong_and_where_nothing_lies(admin, name):
    file, content, said = BAD[name]
    answer = preview(admin, content, file)
    assert answer.status_code in {200, 400}, answer.text
    assert "/ml-upload-" not in answer.text
    found = answer.json()
    words = said_in(found) if answer.status_code == 200 else found["detail"]
    assert words.strip()
    assert said in words
    if answer.status_code == 400:
        assert found["hint"]


@pytest.mark.parametrize("name", ["junk", "a zip bomb", "half a zip", "columns of no meaning"])
def test_an_import_of_a_bad_file_fails_in_words(admin, name):
    file, content, said = BAD[name]
    job = imported(admin, content, file)
    assert (job["state"], job["result"]) == ("failed", None)
    assert said in job["error"]["message"]
    assert "/uploads/" not in json.dumps(job)
    assert job["arguments"]["path"] == file


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "nothing"},
        {"columns": "user"},
        {"columns": "{"},
        {"columns": '{"user": 7}'},
        {"columns": "person=user"},
    ],
)
def test_options_that_cannot_be_are_named(admin, options):
    answer = preview(admin, MIXED, **options)
    said = answer.json()["detail"] if answer.status_code == 400 else said_in(answer.json())
    assert next(iter(options)) in said or "person" in said
    assert answer.status_code in {200, 400}


@pytest.mark.parametrize("path", ["/imports/preview", "/imports"])
def test_a_field_that_nobody_reads_is_named_with_the_known_ones(admin, path):
    before = admin("GET", "/jobs?count=1").json()
    answer = admin("POST", path, files={"file": ("mine.csv", MIXED)}, data={"colums": "user=who", "user": "local:me"})
    assert answer.status_code == 422, answer.text
    (field,) = answer.json()["fields"]
    assert field["field"] == "colums"
    hint = answer.json()["hint"]
    assert "did you mean 'columns'?" in hint
    assert "item_kind" in hint
    assert ("again" in hint) == (path == "/imports")
    assert admin("GET", "/jobs?count=1").json() == before


def test_refused_rows_are_listed_in_pages_by_reason_and_shown_to_admins_only(admin, as_role):
    job = imported(admin, MIXED)
    assert job["result"]["rejected"] == 4, job
    place = f"/imports/{job['result']['import_id']}/rejects"
    found = admin.get(place).json()
    assert (found["total"], found["following"]) == (4, None)
    assert next(iter(found["reasons"].items())) == ("listened_at is not a time", 2)
    assert sorted((each["line"], each["raw"]) for each in found["rows"]) == [
        *((number, line) for number, line in enumerate(MIXED.splitlines(), 1) if number > 2),
    ]
    # A page goes on where the one before it ended, also among rows of one reason.
    first = admin.get(place, params={"count": 1, "reason": "listened_at is not a time"})
    following = first.json()["following"]
    assert f"after={following}" in first.headers["link"]
    second = admin.get(place, params={"count": 1, "reason": "listened_at is not a time", "after": following}).json()
    assert [each["line"] for each in (*first.json()["rows"], *second["rows"])] == [4, 6]
    assert second["following"] is None
    assert as_role("analyst").get(place).status_code == 403
    assert as_role("analyst").get(f"{place}.csv").status_code == 403
    assert admin.get("/imports/999/rejects").status_code == 404
    assert admin.get("/imports/999/rejects.csv").status_code == 404
    assert admin.get(place, params={"after": 7, "count": 1}).status_code == 200


def test_refused_rows_are_mended_and_imported_again(admin):
    import_id = imported(admin, MIXED)["result"]["import_id"]
    answer = admin.get(f"/imports/{import_id}/rejects.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="import-{import_id}-refused.csv"'
    rows = rows_of(answer.text)
    assert [*rows[0]] == ["user", "artist", "title", "listened_at", "refused_line", "refused_because", "refused_row"]
    # No spreadsheet takes a cell for a formula.
    assert "'=cmd(), or so" in {row["artist"] for row in rows}
    for row in rows:
        row["title"] = row["title"] or "Mended"
        row["listened_at"] = row["listened_at"] if row["listened_at"].startswith("2026") else "2026-06-20T10:00:00Z"
    mended = io.StringIO()
    writer = csv.DictWriter(mended, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    result = imported(admin, mended.getvalue(), "mended.csv")["result"]
    assert (result["rejected"], result["added"]["listens"]) == (0, 4)
    listens = admin.get("/listens?user_id=local:user/ann").json()["listens"]
    assert {"'t Is so", "Mended", "A new song", "Another song"} == {each["title"] for each in listens}
    assert "=cmd(), or so" in {each["artist"] for each in listens}


def test_refused_rows_of_several_files_come_with_their_file_or_one_by_one(admin):
    second = "artist;year\nAir;never\n"
    result = imported(admin, zipped(a_csv=MIXED, b_csv=second), "all.zip")["result"]
    place = f"/imports/{result['import_id']}/rejects.csv"
    rows = rows_of(admin.get(place).text)
    assert {row["refused_file"] for row in rows} == {"a.csv", "b.csv"}
    (row,) = rows_of(admin.get(place, params={"file": "b.csv"}).text)
    assert (row["artist"], row["year"], row["refused_because"]) == ("Air", "never", "year is not a year")


def test_an_import_without_refusals_has_an_empty_list_of_them(admin):
    result = imported(admin, HEAD + "ann,Air,Talisman,2026-06-01\n")["result"]
    assert admin.get(f"/imports/{result['import_id']}/rejects").json()["total"] == 0
    assert rows_of(admin.get(f"/imports/{result['import_id']}/rejects.csv").text) == []


def test_imports_are_listed_in_pages(admin):
    for number in range(3):
        imported(admin, f"{HEAD}ann,Air,Talisman {number},2026-06-01\n", f"mine{number}.csv")
    whole = [each["import_id"] for each in admin.get("/imports").json()]
    assert len(whole) == 3
    first = admin.get("/imports?count=2")
    assert [each["import_id"] for each in first.json()] == whole[:2]
    assert f"before={whole[1]}" in first.headers["link"]
    rest = admin.get(f"/imports?count=2&before={whole[1]}")
    assert [each["path"] for each in rest.json()] == ["mine0.csv"]
    assert "link" not in rest.headers


def test_the_demo_world_takes_nothing_in_and_says_so_at_once(admin, client):
    client.app.state.service.app.workspace.store.state("label", "demo")
    answer = admin("POST", "/imports", files={"file": ("mine.csv", MIXED)})
    assert answer.status_code == 400
    assert "never mixed" in answer.json()["detail"]
    assert preview(admin, MIXED).status_code == 200
