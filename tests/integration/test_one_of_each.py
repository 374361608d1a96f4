"""A workspace with one of everything: nothing that is printed speaks of one as of several."""

import re

#: "1 listeners", and neither "0.1 seconds" nor "1 is".
SEVERAL = re.compile(r"(?<![\d.,])\b1 (?!is\b|was\b|does\b|counts\b)[a-z]+s\b")


def test_one_listener_is_one(shell, quick_shell_in, tmp_path):
    file = tmp_path / "one.csv"
    rows = "me,Song,Artist,2026-01-01T00:00:00Z", "me,Other song,Artist,2026-01-02T00:00:00Z", "me,Song,Artist,never"
    file.write_text("\n".join(("user,title,artist,listened_at", *rows)))
    quick, said = quick_shell_in(shell.home, shell.folder), {}
    for line in (
        f"import {file}",
        f"import {file} --again",
        "import list",
        "train",
        "status",
        "models list",
        "models show",
        "snapshot",
        f"export listens -o {tmp_path / 'out.csv'}",
        "experiment create one --variant A --variant B={} --metric plays --window-days 1 --min-listens 1",
        "experiment start one",
        "recommend me --familiar 1",
        "experiment show one",
        "experiment report one",
        "experiment stop one",
        "experiment report one",
        "exposure --listeners 1",
        "identity list",
        "doctor",
    ):
        said[line] = quick(*line.split()).out
    several = {line: SEVERAL.findall(text) for line, text in said.items()}
    assert not {line: found for line, found in several.items() if found}
    assert "1 row rejected" in said[f"import {file}"]
    assert "1 listener" in said["train"]
    assert "at least 1 listen" in said["experiment show one"]
    assert "1 day after the exposure" in said["experiment show one"]
