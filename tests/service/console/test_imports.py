"""Files come in: looked at, mapped, imported, refused in part, undone."""

import csv
import io

import pytest
from tests.service.console.test_everybody import PHONE, serious

HEAD = "user,artist,title,listened_at\n"


def history(title, *, bad=True):
    rows = [f"ann,Calm Artist,{title} {n},2026-06-01T10:{n:02d}:00Z" for n in range(12)]
    if bad:
        rows += ["ann,=cmd(),,2026-06-02T10:00:00Z", f"ann,Calm Artist,{title} 99,yesterday", "ann,Air,A,today"]
    return HEAD + "\n".join(rows) + "\n"


def choose(page, name, content):
    content = content.encode() if isinstance(content, str) else content
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def bring_in(page, name, content):
    choose(page, name, content)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name=f"What {name} brought").wait_for(timeout=60_000)


def fact(page, name):
    return page.locator("#counted > div").filter(has_text=name).locator("dd").evaluate("each => each.firstChild.data")


def test_an_import_is_stopped(served, visit, monkeypatch):
    # The first test: a runner that another import had started would linger, and take this one.
    monkeypatch.setattr("ml.app.jobs.background.start_runner", lambda _: False)
    monkeypatch.setattr("ml.app.jobs.starting.start_runner", lambda _: False)
    page = visit("/imports")
    choose(page, "slow.csv", history("Slow"))
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("waits for its turn").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("The import of slow.csv was stopped").wait_for()
    assert served.get("/jobs?count=1")[0]["state"] == "cancelled"


def test_a_file_is_looked_at_imported_its_refused_rows_read_and_all_of_it_undone(served, visit):
    page = visit("/imports")
    before = served.get("/status")["data"]["listens"]
    choose(page, "mine.csv", history("Wizard"))
    page.get_by_text("Of 15 rows that were looked at, 3 would be refused").wait_for()
    assert "Wizard 0" in page.get_by_role("group", name="As it would be stored: listens").inner_text()
    assert served.get("/status")["data"]["listens"] == before
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="What mine.csv brought").wait_for(timeout=60_000)
    assert [fact(page, name) for name in ("New", "Known already", "Refused")] == ["12", "0", "3"]
    record = served.get("/imports")[0]
    assert (record["path"], record["summary"]["rejected"]) == ("mine.csv", 3)
    assert served.get("/status")["data"]["listens"] == before + 12

    page.get_by_text("listened_at is not a time").click()
    page.get_by_text("ann,Calm Artist,Wizard 99,yesterday").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the refused rows").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    assert [row["artist"] for row in rows if row["title"] == ""] == ["'=cmd()"]
    found = served.get(f"/imports/{record['import_id']}/rejects")
    assert found["total"] == len(rows) == 3

    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("This import was undone").wait_for()
    assert served.get("/imports")[0]["status"] == "undone"
    assert served.get("/status")["data"]["listens"] == before
    assert page.get_by_role("button", name="Undo this import").count() == 0


def test_columns_are_read_as_they_are_chosen_to_be(served, visit):
    page = visit("/imports")
    choose(page, "odd.csv", "who; really,what,whom,heard on\nodd,Odd song,Odd artist,2026-06-03\n")
    page.get_by_text("no column tells which track or artist").wait_for()
    assert page.get_by_role("button", name="Import", exact=True).is_disabled()
    for column, field in (("what", "title"), ("whom", "artist"), ("heard on", "time"), ("who; really", "listener")):
        page.get_by_label(f"Read the column {column} as").select_option(label=field)
        page.locator("#wizard:not([aria-busy])").wait_for()
    page.get_by_role("heading", name="As it would be stored: listens").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="What odd.csv brought").wait_for(timeout=60_000)
    (listen,) = served.get("/listens?user_id=local:user/odd")["listens"]
    assert (listen["title"], listen["artist"], listen["at"][:10]) == ("Odd song", "Odd artist", "2026-06-03")


def test_two_files_one_after_another_and_a_page_that_is_loaded_anew(served, visit):
    page = visit("/imports")
    bring_in(page, "one.csv", history("Twice", bad=False))
    assert "?job=" in page.url
    page.reload()
    page.get_by_role("heading", name="What one.csv brought").wait_for()
    assert fact(page, "New") == "12"
    page.get_by_role("button", name="Next file").click()
    bring_in(page, "one.csv", history("Twice", bad=False))
    page.get_by_text("This file was read to its end before").wait_for()
    page.get_by_role("button", name="Read it all the same").click()
    page.locator("#counted").wait_for(timeout=60_000)
    assert [fact(page, name) for name in ("New", "Known already")] == ["0", "12"]
    newest = served.get("/imports")[0]["import_id"]
    page.get_by_role("button", name="Next file").click()
    page.get_by_role("button", name=f"Details of import {newest}").click()
    page.get_by_role("heading", name="What one.csv brought").wait_for()
    assert page.url.endswith(f"?import={newest}")
    page.go_back()
    page.get_by_text("Drop an export").wait_for()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("junk.bin", bytes(range(256)) * 30, "nothing to import"),
        ("half.zip", b"PK\x03\x04 and then nothing", "not a zip archive, or a truncated one"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_another_can_be_chosen(visit, name, content, said):
    page = visit("/imports")
    choose(page, name, content)
    page.get_by_role("group", name=f"{name} cannot be read").wait_for()
    assert said in page.locator("#wizard .failed").inner_text()
    page.get_by_role("button", name="Another file").click()
    choose(page, "good.csv", history("Good", bad=False))
    page.get_by_text("12 rows, all looked at").wait_for()


def test_it_speaks_german_fits_a_phone_and_axe_finds_nothing_serious(visit):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit("/imports", locale="de-DE", color_scheme="dark", viewport=PHONE)
    choose(page, "meins.csv", history("Deutsch"))
    page.get_by_text("Von 15 angesehenen Zeilen würden 3 abgelehnt").wait_for()
    page.get_by_text("Optionen").click()
    assert serious(axe, page) == []
    page.get_by_role("button", name="Importieren").click()
    page.get_by_role("heading", name="Was meins.csv gebracht hat").wait_for(timeout=60_000)
    page.get_by_text("listened_at ist kein Zeitpunkt").click()
    page.get_by_text("ann,Air,A,today").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(axe, page) == []
    page.get_by_role("button", name="Diesen Import rückgängig machen").click()
    page.get_by_role("button", name="Behalten").click()
    page.get_by_role("button", name="Diesen Import rückgängig machen").wait_for()


def test_an_analyst_sees_what_came_in_but_no_rows_and_brings_nothing_in(served, visit):
    page = visit("/imports")
    bring_in(page, "theirs.csv", history("Theirs"))
    newest = served.get("/imports")[0]["import_id"]
    page = visit(f"/imports?import={newest}", "ann")
    page.get_by_role("heading", name="What a file brought").wait_for()
    assert [fact(page, name) for name in ("New", "Refused")] == ["12", "3"]
    assert "theirs.csv" not in page.content()
    assert page.locator(".reason").count() == 0
    assert page.locator("#file").count() == 0
    assert page.get_by_role("link", name="Download the refused rows").count() == 0
    assert page.get_by_role("button", name="Undo this import").count() == 0


def test_in_the_demo_world_it_says_where_imports_go(served, visit):
    served.app.workspace.store.state("label", "demo")
    try:
        page = visit("/imports")
        assert page.get_by_role("note").count() == 1  # said once
        page.get_by_text("the demo gives way to that").wait_for()
        choose(page, "mine.csv", history("Demo"))

        def begin(route):
            served.app.workspace.store.state("label", "real")
            route.fulfill(status=200, json={})

        page.route("**/workspace/begin", begin)
        page.get_by_role("button", name="Leave the demo and import").click()
        page.get_by_role("heading", name="What mine.csv brought").wait_for(timeout=60_000)
        assert page.get_by_text("the demo gives way to that").count() == 0
    finally:
        served.app.workspace.store.state("label", "real")


def test_a_doubt_has_its_choice_beside_it_in_the_words_of_the_page(visit):
    page = visit("/imports", locale="de-DE")
    choose(page, "days.csv", "artist,track,date\nAir,A,2024-05-01\nAir,B,2024-05-02\n")
    page.get_by_role("heading", name="So würde es gespeichert: Wiedergaben").wait_for()
    assert "--map" not in page.locator("#wizard").inner_text()
    page.get_by_role("button", name="Es ist keine Liste von Wiedergaben").click()
    page.get_by_role("heading", name="So würde es gespeichert: Titel und Künstler").wait_for()
    assert page.locator("#doubt").count() == 0


def test_a_table_of_several_people_in_another_dialect(served, visit):
    page = visit("/imports", locale="de-DE")
    rows = [f"{who};Björk;Jóga {n};0{n}.05.2024 20:0{n};3,5" for who in ("anna", "bert") for n in range(1, 4)]
    choose(page, "viele.csv", ("Wer;Künstler;Titel;Datum;Dauer\n" + "\n".join(rows)).encode("utf-16"))
    page.get_by_label("Die Spalte Wer lesen als").select_option(label="Hörer")
    page.locator("#wizard").get_by_text("local:user/bert").first.wait_for()
    page.get_by_role("button", name="Importieren", exact=True).click()
    page.get_by_role("heading", name="Was viele.csv gebracht hat").wait_for(timeout=60_000)
    found = {who: served.get(f"/listens?user_id=local:user/{who}")["listens"] for who in ("anna", "bert")}
    assert {who: len(listens) for who, listens in found.items()} == {"anna": 3, "bert": 3}
    assert found["bert"][0]["at"][:16] == "2024-05-03T20:03"


def test_a_table_without_rows_says_so_in_the_language_of_the_page(visit):
    page = visit("/imports", locale="de-DE")
    choose(page, "leer.csv", HEAD)
    page.get_by_text("eine Kopfzeile, aber keine Zeilen darunter").wait_for()
    page.get_by_text("sieh nach, ob der Export vollständig war").wait_for()
    assert page.get_by_role("button", name="Importieren", exact=True).is_disabled()
