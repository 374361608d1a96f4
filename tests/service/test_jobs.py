"""Work in the background, over HTTP."""

import os
import time

from ml.service import kept_uploads

CSV = "user,artist,title,listened_at\nann,Calm Artist,A new song,2026-06-01T10:00:00Z\nann,Calm Artist,,2026-06-01\n"


def ended(admin, job_id):
    """Wait for a job."""
    for _ in range(600):
        job = admin.get(f"/jobs/{job_id}").json()
        if job["state"] not in {"queued", "running"}:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def test_a_file_is_imported_and_says_what_it_refused(admin, client):
    sent = admin("POST", "/imports", files={"file": ("mine.csv", CSV)})
    assert sent.status_code == 202, sent.text
    assert sent.headers["location"] == f"/api/v1/jobs/{sent.json()['id']}"
    job = ended(admin, sent.json()["id"])
    assert job["state"] == "done", job
    assert admin.get("/imports").json()[0]["path"].endswith("mine.csv")
    found = admin.post("/search", {"text": "a new song"}).json()["hits"]
    assert found[0]["name"] == "A new song"


def test_who_judges_models_learns_neither_whose_files_they_were_nor_where_they_lie(admin, as_role):
    sent = admin("POST", "/imports", files={"file": ("anns-music.csv", CSV)}, data={"user": "ann-the-great"})
    number = sent.json()["id"]
    broken = admin("POST", "/imports", files={"file": ("anns-other.csv", "a,b\n1,2\n")}, data={"user": "ann-the-great"})
    ended(admin, number)
    failed = ended(admin, broken.json()["id"])
    assert "anns-other" in str(failed)
    analyst = as_role("analyst")
    for path in ("/jobs", f"/jobs/{number}", f"/jobs/{failed['id']}", "/imports"):
        assert "ann" in admin.get(path).text, path
        told = analyst.get(path)
        assert told.status_code == 200
        assert "ann" not in told.text, path
    assert (
        analyst.get(f"/jobs/{number}").json()["result"]["added"]
        == admin.get(f"/jobs/{number}").json()["result"]["added"]
    )
    assert analyst.get("/imports").json()[-1]["summary"]["rejected"] == 1


def test_an_empty_file_is_refused_and_nothing_is_left(admin, client):
    sent = admin("POST", "/imports", files={"file": ("mine.csv", b"")})
    assert sent.status_code == 400
    assert not any((client.app.state.service.app.workspace.home / "uploads").iterdir())


def test_paths_of_this_machine_cannot_be_named(admin):
    assert admin.post("/jobs", {"kind": "import", "arguments": {"path": "/etc/passwd"}}).status_code == 422
    wrong = admin.post("/jobs", {"kind": "train", "arguments": {"path": "/etc/passwd"}})
    assert wrong.status_code == 400
    assert "path" in wrong.json()["detail"]


def test_a_job_that_is_not_there(admin):
    assert admin.get("/jobs/999").status_code == 404
    assert admin.delete("/jobs/999").status_code == 404
    assert admin.get("/jobs?state=running").json() == []


def test_a_file_is_kept_for_every_job_that_waits_for_it(client, monkeypatch):
    app = client.app.state.service.app
    monkeypatch.setattr(kept_uploads, "_PAGE", 2)
    kept = []
    for number in range(5):
        folder = kept_uploads.kept_in(app) / f"job{number}"
        folder.mkdir(parents=True)
        (folder / "mine.csv").write_text(CSV)
        os.utime(folder, (0, 0))
        kept.append(folder)
        if number:
            within = [kept_uploads.kept_in(app)]
            app.jobs.submit("import", {"path": str(folder / "mine.csv")}, owner="a", within=within, start=False)
    kept_uploads.sweep(app)
    assert [folder.exists() for folder in kept] == [False, True, True, True, True]


def test_of_an_import_that_cannot_be_nothing_is_kept(admin, client):
    sent = admin("POST", "/imports", files={"file": ("mine.csv", CSV)}, data={"kind": "nothing"})
    assert sent.status_code == 400
    assert not any(kept_uploads.kept_in(client.app.state.service.app).iterdir())
