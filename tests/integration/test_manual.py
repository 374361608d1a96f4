"""Every command and every block of Python on these pages runs in the demo world, in the order in which it is shown."""

import ast
import inspect
import re
import shlex
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(sh|bash|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ["context", "cold-start", "feedback", "explanations", "fairness", "experiments"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("page", PAGES)
async def test_what_a_page_shows_runs_as_it_is_written(page, demo_home, in_home, quick_shell_in, tmp_path):
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    ml, ran = quick_shell_in(home, tmp_path), 0
    for language, block in BLOCK.findall((REPOSITORY / "docs" / f"{page}.md").read_text(encoding="utf-8")):
        if language == "python":
            in_home(home)
            with chdir(tmp_path):
                code = compile(block, f"{page}.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                running = eval(code, {"__name__": "manual"})
                if inspect.isawaitable(running):
                    await running
            ran += 1
            continue
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["ml"]:
                ml(*words[1:])
            elif words:
                subprocess.run(line, shell=True, cwd=tmp_path, check=True)
            ran += bool(words)
    assert ran > 2
