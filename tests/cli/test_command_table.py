"""Commands are imported when they are asked for."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

import ml.cli
from ml.cli.command_table import MODULES, commands_of
from ml.cli.main import app


@pytest.mark.parametrize("module", MODULES)
def test_a_module_adds_what_the_table_says(module):
    assert tuple(commands_of(module)) == MODULES[module]


def test_every_module_with_commands_of_its_own_is_in_the_table():
    """What adds to the whole, and not to a group of another module."""
    folder = Path(ml.cli.__file__).parent
    adding = {path.stem for path in folder.glob("*.py") if "def add_to(app: typer.Typer)" in path.read_text()}
    assert adding == set(MODULES)


def test_all_commands_are_there_in_order():
    assert list(get_command(app).commands) == [name for names in MODULES.values() for name in names]


def imported_by(*words):
    """The modules that a command imports."""
    code = (
        "import sys; from ml.cli.main import app\n"
        f"try: app({list(words)!r})\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def test_a_playlist_waits_for_nothing_that_trains_or_measures():
    modules = imported_by("playlist", "make", "--help")
    assert "ml.playlist_generator.generator" in modules
    for heavy in ("ml.recommendation_engine", "ml.evaluation", "ml.models.training", "ml.experiments", "scipy.stats"):
        assert heavy not in modules


def test_what_asks_for_no_command_waits_for_no_database():
    modules = imported_by("--version")
    assert "ml.cli.recording" in modules
    assert {"sqlalchemy", "polars", "numpy", "ml.data.audit"} & modules == set()


def test_a_name_that_is_nearly_one_is_suggested():
    done = subprocess.run([sys.executable, "-m", "ml", "playlst"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Did you mean 'playlist'?" in done.stderr
