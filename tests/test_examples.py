"""Every example runs as its reader would run it: in a fresh interpreter, beside a demo world."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))
MANUAL = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]

pytestmark = pytest.mark.slow


def run(command: list[str | Path], home: Path, folder: Path) -> str:
    variables = {name: text for name, text in os.environ.items() if not name.startswith("ML_")}
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables | {"ML_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo world that the examples may change."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("examples") / "home"))


# Without examples there would be an empty parametrisation, which pytest reports as a skipped test.
if EXAMPLES:

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
    def test_an_example_runs_and_says_something(example: Path, home: Path, tmp_path: Path) -> None:
        assert run([sys.executable, example], home, tmp_path).strip()


def test_the_manual_and_the_examples_know_each_other() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MANUAL)
    assert [path.name for path in EXAMPLES if f"examples/{path.name}" not in text] == []
