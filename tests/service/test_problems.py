"""What problems say: which field, what is allowed, what to do; in the language of whoever asks, without a shell."""

import ast
import re
import string
from pathlib import Path

import pytest
from tests.service.conftest import Asker

import ml
from ml.data.jobs import Jobs
from ml.foundation.errors import NotTrained
from ml.foundation.outcomes import OUTCOMES
from ml.foundation.phrase import spoken
from ml.service.misread import MISTAKES, MOST_FIELDS
from ml.service.problems import KINDS
from ml.service.words import WORDS

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}
SOURCE = Path(ml.__file__).parent
#: Verbs that only a shell has, and what whoever runs the service does; no route leads to them.
SHELL_ONLY = (
    *("cli", "service/server.py", "app/encryption.py", "data/exporters", "data/vault", "evaluation"),
    *(
        "data/workspace/restoration.py",
        "data/audit",
        "data/migrations",
        "data/store",
        "data/snapshot",
        "models/judging.py",
    ),
    *("models/splits.py", "models/tuned.py", "audio_analysis/heads", "audio_analysis/library/finding.py"),
    *("audio_analysis/library/library.py", "app/app.py", "data/workspace/archive.py", "data/audio_files/pipe.py"),
    *(
        "data/audio_files/reader.py",
        "data/playlist_files/conversion.py",
        "data/identity/edits.py",
        "data/playlist_servers",
    ),
    *("foundation/http.py", "intelligent_search/voice", "data/importers/source.py", "service/routes/listenbrainz.py"),
    # Faults of the service itself, whose hints are not sent.
    *("data/workspace/workspace.py", "recommendation_engine/serving.py", "audio_analysis/library/teaching.py"),
)
KINDS_OF_ERROR = {kind.__name__ for kind in OUTCOMES}
_SHELL = re.compile(r"`ml |\bml (?!_)[a-z]+ [A-Za-z]|\bml (?:train|demo)\b|--[a-z]|\bML_[A-Z]")


def errors():
    """All errors that are made in the package: their file and line, the call, what is said."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and bool(call.args)
            if is_call and call.func.id in KINDS_OF_ERROR:
                yield f"{place}:{call.lineno}", call


CODED = [
    (where, each.value, call)
    for where, call in errors()
    for keyword in call.keywords
    if keyword.arg == "code"
    for each in ast.walk(keyword.value)
    if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value
]


def named(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_words_in_both_languages():
    assert {code for _, code, _ in CODED} - set(WORDS) == set()
    for code, words in WORDS.items():
        assert words.german, code
        assert bool(words.hint) == bool(words.german_hint), code
        assert not _SHELL.search(words.hint + words.german_hint), code


def test_every_name_in_braces_is_among_the_values_that_the_error_brings():
    for where, code, call in CODED:
        values = next((each.value for each in call.keywords if each.arg == "values"), None)
        if isinstance(values, ast.Dict):
            given = {key.value for key in values.keys}
        elif values is None:
            given = set()
        else:
            continue
        assert named(WORDS[code].german) <= given, where


def test_titles_and_mistakes_are_there_in_both_languages():
    titles = [outcome.title for outcome in OUTCOMES.values()] + [title for title, _ in KINDS.values()]
    assert all(spoken(title, "de") != title for title in titles)
    assert len({outcome.code for outcome in OUTCOMES.values()}) == len(OUTCOMES)
    for kind, says in MISTAKES.items():
        assert named(says["en"]) == named(says["de"]), kind


def test_a_hint_for_a_shell_has_another_one_for_whoever_has_none():
    bare = []
    for where, call in errors():
        hints = call.args[1:2] + [each.value for each in call.keywords if each.arg == "hint"]
        words = " ".join(
            each.value
            for hint in hints
            for each in ast.walk(hint)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        coded = any(each.arg == "code" for each in call.keywords)
        if _SHELL.search(words) and not coded and not where.startswith(SHELL_ONLY):
            bare.append((where, words))
    assert bare == []


@pytest.mark.parametrize(
    ("sent", "status", "code", "detail", "german"),
    [
        ({"json": {"count": 0}}, 422, "not_understood", "count: has to be 1 or more", "count: muss mindestens 1 sein"),
        (
            {"json": {"count": "x"}},
            422,
            "not_understood",
            "count: has to be a whole number",
            "count: muss eine ganze Zahl sein",
        ),
        (
            {"content": b'{"count": 1,\n  "x" 2}'},
            422,
            "json_invalid",
            "at line 2, character 7",
            "in Zeile 2, Zeichen 7",
        ),
        ({}, 422, "body_missing", "the body of the request is missing", "der Body der Anfrage fehlt"),
        (
            {"content": b"<a/>", "headers": {"Content-Type": "text/xml"}},
            415,
            "wrong_content_type",
            "text/xml",
            "text/xml",
        ),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do_in_the_language_of_whoever_asks(
    admin, sent, status, code, detail, german
):
    headers = {"Content-Type": "application/json"} if "content" in sent else {}
    headers |= sent.pop("headers", {})
    english = admin("POST", "/recommendations", headers=headers, **sent)
    also = admin("POST", "/recommendations", headers=headers | GERMAN, **sent)
    for answer, said, language in ((english, detail, "en"), (also, german, "de")):
        found = answer.json()
        assert (answer.status_code, found["code"]) == (status, code)
        assert said in found["detail"]
        assert found["hint"]
        assert answer.headers["Content-Language"] == language
    assert english.json()["title"] != also.json()["title"]


def test_of_what_is_not_there_it_says_so_in_both_languages(admin):
    english, german = (admin.get("/tracks?item_id=nowhere", headers=sent).json() for sent in ({}, GERMAN))
    assert (english["code"], english["detail"]) == ("item_no_near", "no track 'nowhere'")
    assert german["detail"] == "kein Titel und kein Künstler heißt „nowhere“"
    assert (english["title"], german["title"]) == ("There is nothing of that name", "So heißt hier nichts")


def test_of_a_name_that_is_misspelt_it_says_which_was_meant(admin):
    found = admin.post("/recommendations", {"user_id": "test:calm-1", "cuont": 1}).json()
    assert found["hint"] == "did you mean 'count' or 'context'?"


def test_nothing_that_was_sent_is_repeated_and_a_thousand_mistakes_are_a_short_document(admin):
    sent = {f"field{place}": "a secret" for place in range(1000)}
    answer = admin.post("/recommendations", sent)
    found = answer.json()
    assert len(found["fields"]) == MOST_FIELDS
    assert found["more"] >= 1000 - MOST_FIELDS
    assert "secret" not in answer.text
    assert len(answer.content) < 3000


def test_a_file_that_is_sent_as_json_is_of_the_wrong_kind(admin):
    answer = admin.post("/search/image", {"file": "x"})
    assert (answer.status_code, "multipart/form-data" in answer.json()["hint"]) == (415, True)


def test_a_path_that_is_misspelt_leads_to_the_nearest(admin):
    found = admin.post("/recomendations", {}).json()
    assert "'/api/v1/recommendations'" in found["hint"]
    assert "openapi.json" in admin.get("/xyzzy/nothing/like/it").json()["hint"]


def test_a_method_that_is_not_known_is_told_all_that_are(admin):
    answer = admin("PATCH", "/session")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "DELETE, GET, POST"
    assert "DELETE, GET, POST" in answer.json()["hint"]


def test_there_are_no_commands_of_a_shell_in_it(serve):
    admin = Asker(serve(), "admin")
    for method, path in (
        ("GET", "/jobs/999"),
        ("GET", "/search/saved/none"),
        ("GET", "/experiments/none"),
        ("GET", "/tracks?item_id=none"),
    ):
        found = admin(method, path, headers=GERMAN).json()
        assert not _SHELL.search(found.get("hint", "")), path


def test_a_job_that_failed_says_why_in_the_language_of_whoever_asks(serve):
    client = serve()
    admin, app = Asker(client, "admin"), client.app.state.service.app
    kept = Jobs(app.workspace.store)  # whose runner is this test
    job = kept.submit("train", {}, owner="")
    kept.take("test")
    kept.fail(job.id, "test", NotTrained("no models yet", "train them: ml train", code="no_models"))
    english, german = (admin.get(f"/jobs/{job.id}", headers=sent).json()["error"] for sent in ({}, GERMAN))
    assert english == {"kind": "NotTrained", "message": "no models yet", "hint": WORDS["no_models"].hint}
    assert german["message"] == WORDS["no_models"].german
