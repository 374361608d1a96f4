"""Every command explains itself, on the terminal and in the manual."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.text import Text
from typer.main import get_command

from ml.cli.main import app

REPOSITORY = Path(__file__).resolve().parents[2]


def commands(path="ml", command=None) -> Iterator[tuple[str, object]]:
    """Every command and group, by what is typed."""
    command = command or get_command(app)
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(f"{path} {name}", child)


COMMANDS = dict(commands())
LEAVES = {path: command for path, command in COMMANDS.items() if not getattr(command, "commands", {})}


@pytest.fixture(scope="module")
def manual() -> str:
    """The page of commands, as the build of the documentation writes it."""
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.commands_text()


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_says_what_it_does(path):
    text = (COMMANDS[path].help or "").strip()
    assert len(text) > 10
    assert text.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("path", LEAVES)
def test_an_argument_or_option_says_what_it_is(path):
    assert [one.name for one in LEAVES[path].params if not getattr(one, "help", None)] == []


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != "ml"])
def test_a_command_is_in_the_manual_with_all_that_it_takes(path, manual):
    heading = "#" * min(3, path.count(" ") + 1)
    _, found, rest = manual.partition(f"{heading} `{path}`\n")
    assert found, "it has a heading"
    section = rest.partition("\n#")[0]
    command = COMMANDS[path]
    assert Text.from_markup(command.help.splitlines()[0]).plain in section
    if path in LEAVES:
        options = [name for one in command.params for name in one.opts if name.startswith("-")]
        assert [name for name in options if f"`{name}`" not in section] == []


# What these two show is meant for people.
@pytest.mark.parametrize("path", sorted(set(LEAVES) - {"ml demo"}))
def test_a_command_that_answers_can_answer_in_json(path):
    names = {name for one in LEAVES[path].params for name in one.opts}
    assert "--json" in names
