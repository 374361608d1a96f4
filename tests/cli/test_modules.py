"""The command without the script ``ml``."""

import subprocess
import sys

import pytest

from ml import __version__


@pytest.mark.parametrize("module", ["ml", "ml.cli.main"])
def test_python_runs_the_command_by_its_module(module, tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"ML_HOME": str(tmp_path / "none"), "PYTHONPATH": ":".join(sys.path)},
        )

    assert run("--version").stdout == f"ml {__version__}\n"
    done = run("status")
    assert done.returncode == 4
    assert done.stderr.startswith("error: ")
