"""The manual says what the program does: links, commands, settings and numbers are compared with the code."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ml.foundation.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[1]
READMES = [REPOSITORY / "README.md", REPOSITORY / "README.de.md"]
PAGES = [*READMES, REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").glob("*.md"))]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def page_name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def blocks(path: Path, *languages: str) -> list[str]:
    found = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [text for language, text in found if language in languages]


def command_lines(path: Path) -> Iterator[str]:
    """Lines of shell blocks, and spans of code that begin like a command."""
    for block in blocks(path, "sh", "bash", "console"):
        yield from (line.removeprefix("$ ").strip() for line in block.splitlines())
    yield from SPAN.findall(BLOCK.sub("", path.read_text(encoding="utf-8")))


def words_after(program: str, path: Path) -> Iterator[list[str]]:
    """Arguments of a program wherever a page calls it; a bare mention of its name is no call."""
    for line in command_lines(path):
        for part in re.split(r"\s*(?:&&|\|\||[;|])\s*", line):
            words = [word for word in part.split() if not re.fullmatch(r"[A-Z_]+=\S*", word)]
            if words[:1] == [program] and len(words) > 1:
                yield words[1:]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The module that makes pages from the code."""
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_a_page_links_to_what_exists(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in targets if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_python_on_a_page_can_be_parsed(path: Path) -> None:
    for block in blocks(path, "python", "py"):
        compile(block, page_name(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_a_page_names_only_targets_of_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    assert [words for words in words_after("make", path) if words[0] not in targets] == []


@pytest.mark.parametrize("path", PAGES, ids=page_name)
def test_a_page_names_only_commands_that_exist(path: Path) -> None:
    from typer.main import get_command

    from ml.cli.main import app

    for words in words_after("ml", path):
        assert unknown_command(get_command(app), words) is None, f"ml {' '.join(words)}"
        assert unknown_options(get_command(app), words) == [], f"ml {' '.join(words)}"


def unknown_options(command: object, words: list[str]) -> list[str]:
    """Give the long options that the command to which the words lead does not have."""
    for word in words:
        command = getattr(command, "commands", {}).get(word.split("|")[0], command)
    # A group that takes any word hands it to one of its commands.
    known = {"--help"}
    for each in (command, *getattr(command, "commands", {}).values()):
        known |= {option for param in each.params for option in (*param.opts, *param.secondary_opts)}
    return [word for word in words if word.startswith("--") and word.split("=")[0] not in known]


def unknown_command(command: object, words: list[str]) -> str | None:
    """Follow the words down the tree of commands; give the first that leads nowhere."""
    for word in words:
        # A page may list alternatives: `ml identity list|merge|split`.
        children = getattr(command, "commands", {})
        if not children or word.startswith("-") or hasattr(command, "takes_any_word"):
            return None
        unknown = [name for name in word.split("|") if name not in children]
        if unknown:
            return unknown[0]
        command = children[word.split("|")[0]]
    return None


def test_both_readmes_give_the_same_commands() -> None:
    english, german = ([blocks(path, language) for language in ("sh", "python", "toml")] for path in READMES)
    assert english == german
    assert english[0], "there is at least one command to type"


def test_every_setting_is_in_the_manual(generate: ModuleType) -> None:
    text = generate.settings_table(Settings())
    for name, section in Settings().items():
        assert f"## `[{name}]`" in text
        assert [key for key in section if f"| `{key}` |" not in text] == []


def test_every_importer_is_in_the_manual(generate: ModuleType) -> None:
    from ml.data.importers.registry import IMPORTERS

    text = generate.importers_table()
    assert len(IMPORTERS) > 5
    assert [importer.kind for importer in IMPORTERS if f"| `{importer.kind}` | {importer.title} |" not in text] == []


def test_every_public_module_has_its_page(generate: ModuleType, tmp_path: Path) -> None:
    generate.write(tmp_path)
    package = REPOSITORY / "src" / "ml"
    modules = {path.relative_to(package.parent).with_suffix("") for path in package.rglob("*.py")}
    names = {".".join(path.parts).removesuffix(".__init__") for path in modules}
    public = {name for name in names if "._" not in name and not name.startswith("ml.data.migrations.")}
    assert {path.stem for path in tmp_path.glob("*.rst")} == public


def test_the_numbers_in_the_manual_are_those_that_were_measured() -> None:
    code = "from benchmarks import report; print(report.table(report.load_all()))"
    measured = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.strip()
    page = (REPOSITORY / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert "import_ml_ms" in measured
    assert measured in page


def test_a_benchmark_runs() -> None:
    command = [sys.executable, "-m", "benchmarks", "import_time", "--quick"]
    printed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert re.search(r"\| `import_ml_ms` \| -?[\d.]+ \| ≤ 100 \| (yes|no) \|", printed)


def test_every_operation_of_the_service_is_in_the_manual(generate: ModuleType) -> None:
    from ml.service.policy import RULES

    text = generate.routes_text()
    assert [name for name in RULES if f"| `{name}` |" not in text] == []
    assert "| `GET /api/v1/audit` | `read_audit` | admin | `audit:read` |" in text
    assert "`WS /api/v1/audio/stream`" in text
