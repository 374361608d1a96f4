"""The command as a reader types it, and workspaces that are made once for all tests that look at them.

Every run of the command is held to what holds for all of them: no traceback, and no warning
that slipped through, whatever was typed.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from ml.cli.main import run
from ml.foundation import configuration, resolver
from ml.foundation.log import logger

COMMAND = Path(sys.executable).parent / "ml"
TASTES, TRACKS, LISTENERS = ("calm", "loud"), 30, 24


@dataclass(frozen=True)
class Done:
    """What one run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Shell:
    """Types commands into a workspace, each into a process of its own."""

    def __init__(self, home: Path, folder: Path):
        self.home, self.folder = home, folder

    def __call__(self, *words, code=0, **variables) -> Done:
        """Run the command and check its exit code; keywords in capitals are variables of the environment."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("ML_")}
        words = [str(word) for word in words]
        done = self.run(words, kept | {"ML_HOME": str(self.home), "OMP_NUM_THREADS": "1"} | variables)
        said = f"ml {' '.join(words)}\n{done.out}\n{done.err}"
        assert "Traceback" not in done.out + done.err, said
        assert "Warning" not in done.err, said
        assert done.code == code, said
        if code:
            assert done.err.startswith("error: "), said
            assert "→" in done.err, f"nothing says what to do: {said}"
        return done

    def run(self, words, variables):
        done = subprocess.run(
            [COMMAND, *words],
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def counts(self):
        """What the workspace holds, without what changes by looking at it."""
        held = QuickShell(self.home, self.folder)("status", "--json").json["data"]
        return {name: held[name] for name in ("listeners", "listens", "totals", "tags", "playlists", "files", "items")}


class QuickShell(Shell):
    """The same in this process: a start of Python costs a second, and there are many mistakes to try.

    Here a traceback is an exception of the test, and so is a warning.
    """

    def run(self, words, variables):
        out, err, code = StringIO(), StringIO(), 0
        with ExitStack() as stack:
            for entered in (redirect_stdout(out), redirect_stderr(err), chdir(self.folder)):
                stack.enter_context(entered)
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr("os.environ", variables)
            patch.setattr("sys.argv", ["ml", *words])
            stack.callback(logger.setLevel, logger.level)
            stack.callback(logger.handlers.__setitem__, slice(None), list(logger.handlers))
            stack.callback(configuration.forget)
            configuration.forget()
            try:
                run()
            except SystemExit as end:
                code = end.code or 0
        return Done(code, out.getvalue(), err.getvalue())


def song(taste, number):
    return f"{taste} song {number}"


def history():
    """Each listener of a taste hears two thirds of its tracks, and nothing of the other taste."""
    for taste in TASTES:
        for listener in range(LISTENERS):
            for number in range(TRACKS):
                if (number + listener) % 3:
                    at = f"2026-{1 + number % 6:02}-{1 + listener:02}T{listener:02}:{number:02}:00Z"
                    yield f"{taste}-{listener}", song(taste, number), f"{taste} artist {number % 10}", at


@pytest.fixture(scope="session")
def history_rows():
    """Listener, title, artist and time of every listen in :func:`history_file`."""
    return list(history())


@pytest.fixture(scope="session")
def history_file(tmp_path_factory, history_rows):
    """A history in a CSV file: two tastes that do not touch."""
    file = tmp_path_factory.mktemp("history") / "history.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["user", "title", "artist", "listened_at"])
        writer.writerows(history_rows)
    return file


@pytest.fixture(scope="session")
def quick_shell_in():
    """Make a quick shell for a workspace."""
    return QuickShell


@pytest.fixture
def shell(tmp_path):
    """A shell in an empty workspace."""
    return Shell(tmp_path / "home", tmp_path)


@pytest.fixture
def quick(tmp_path):
    """A quick shell in an empty workspace."""
    return QuickShell(tmp_path / "home", tmp_path)


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory, history_file):
    """The history, imported and trained by typing; to be looked at, not changed."""
    folder = tmp_path_factory.mktemp("trained")
    typed = Shell(folder / "home", folder)
    typed("import", history_file)
    typed("train", "--no-judge")
    return typed.home


@pytest.fixture
def trained(trained_home, tmp_path):
    """A quick shell in a copy of that workspace, to be changed by one test."""
    return QuickShell(Path(shutil.copytree(trained_home, tmp_path / "home")), tmp_path)


@pytest.fixture
def in_home(monkeypatch):
    """Let this process work in a workspace."""

    def enter(home):
        monkeypatch.setenv("ML_HOME", str(home))
        configuration.forget()
        resolver.reset()
        return configuration.current()

    return enter
