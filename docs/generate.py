"""The pages that are made from the code, so that they cannot say anything else.

One page a module from the docstrings, the table of settings, the importers, the commands, the
operations of the service.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.text import Text
from typer.main import get_command

import ml
from ml.cli.main import app
from ml.data.importers.registry import IMPORTERS
from ml.foundation.settings import Section, Settings, variable_name
from ml.service.application import PREFIX
from ml.service.policy import EVERYBODY, RULES, Rule
from ml.service.routes import FOREIGN, ROUTERS

# Scripts that Alembic runs; importing them is not meant.
NOT_REFERENCE = ("ml.data.migrations.",)


def write(folder: Path) -> None:
    """Write every generated page, leaving those alone that have not changed."""
    pages = {f"{name}.rst": module_page(name) for name in public_modules()}
    pages["settings.md"] = settings_table(Settings())
    pages["importers.md"] = importers_table()
    pages["commands.md"] = commands_text()
    pages["routes.md"] = routes_text()
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.iterdir()) - {folder / name for name in pages}:
        old.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# --- modules


def public_modules() -> list[str]:
    """Name every module of the package that has no leading underscore anywhere."""
    found = [module.name for module in pkgutil.walk_packages(ml.__path__, "ml.")]
    return ["ml", *(name for name in found if "._" not in name and not name.startswith(NOT_REFERENCE))]


def module_page(name: str) -> str:
    """Write one module's page: its docstring, its names, and the way to what lies in it.

    Only packages are in the contents. Each page holds them all: with every module, most of the time went into that.
    """
    module = import_module(name)
    lines = [] if hasattr(module, "__path__") else [":orphan:", ""]
    lines += [name, "=" * len(name), "", f".. automodule:: {name}", ""]
    lines += _section("Public names", [_reference(module, public) for public in _reexported(module)])
    children = [child for child in public_modules() if child.rpartition(".")[0] == name]
    packages = [child for child in children if hasattr(import_module(child), "__path__")]
    inside = [f"- :doc:`{child} <{child}>`" for child in children if child not in packages]
    if packages:
        inside = [".. toctree::", "   :maxdepth: 1", "", *(f"   {child}" for child in packages), "", *inside]
    return "\n".join([*lines, *_section("Inside", inside)]) + "\n"


def _section(title: str, body: list[str]) -> list[str]:
    return [title, "-" * len(title), "", *body, ""] if body else []


def _reexported(module: ModuleType) -> list[str]:
    """List the names a package lends from the modules inside it."""
    return [name for name in getattr(module, "__all__", []) if _home(module, name) != module.__name__]


def _home(module: ModuleType, name: str) -> str:
    home: str = getattr(getattr(module, name), "__module__", module.__name__)
    return home


def _reference(module: ModuleType, name: str) -> str:
    thing = getattr(module, name)
    if inspect.ismodule(thing) or not _home(module, name).startswith("ml."):
        return f"- ``{name}``"
    qualified = f"{_home(module, name)}.{getattr(thing, '__qualname__', name)}"
    first_line = (inspect.getdoc(thing) or "").partition("\n")[0]
    return f"- :py:obj:`{name} <{qualified}>`: {first_line}"


# --- settings


def settings_table(settings: Settings) -> str:
    """Write one table a section: key, default, meaning."""
    return "\n".join(line for name, section in settings.items() for line in _settings_of(name, section)) + "\n"


def _settings_of(name: str, section: Section) -> Iterator[str]:
    yield from (f"## `[{name}]`", "")
    yield from (f"{inspect.getdoc(type(section))} Variables begin with `{variable_name(name, '')}`.", "")
    rows = [(f"`{key}`", _default(name, key, value), _meaning(section, key)) for key, value in section.items()]
    yield from _table(("key", "default", "meaning"), rows)


def _default(section: str, key: str, value: Any) -> str:
    # These two differ from machine to machine, and the manual is the same everywhere.
    elsewhere = {("storage", "home"): "the platform's folder of user data", ("compute", "workers"): "cores, at most 4"}
    return elsewhere.get((section, key)) or f"`{json.dumps(value)}`"


def _meaning(section: Section, key: str) -> str:
    field = type(section).model_fields[key]
    extra = field.json_schema_extra
    later = isinstance(extra, dict) and extra.get("built") is False
    return f"{field.description}{' *(its capability is not built yet)*' if later else ''}"


# --- ways in


def importers_table() -> str:
    """Write the table of importers from their registry."""
    return "\n".join(_table(("`--kind`", "reads"), [(f"`{one.kind}`", one.title) for one in IMPORTERS])) + "\n"


# --- commands


def commands_text() -> str:
    """Write the reference of the command line from the application itself."""
    return "\n".join(_command_lines("ml", get_command(app))) + "\n"


def _command_lines(path: str, command: Any) -> Iterator[str]:
    children = getattr(command, "commands", {})
    if path != "ml":
        yield from (f"{'#' * min(3, path.count(' ') + 1)} `{path}`", "", _prose(command.help), "")
    if not children:
        yield from _table(("argument or option", "meaning"), [_parameter(one) for one in command.params])
    for name, child in sorted(children.items()):
        if not child.hidden:
            yield from _command_lines(f"{path} {name}", child)


def _parameter(parameter: Any) -> tuple[str, str]:
    names = [*parameter.opts, *parameter.secondary_opts]
    if parameter.param_type_name == "argument":
        names = [parameter.metavar or parameter.name.upper()]
    return ", ".join(f"`{name}`" for name in names), _prose(getattr(parameter, "help", None))


def _prose(text: str | None) -> str:
    """Take the terminal's markup out of a help text."""
    return Text.from_markup(inspect.cleandoc(text or "")).plain


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        for row in (head, ("---",) * len(head), *rows):
            yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
        yield ""


# --- the service


def routes_text() -> str:
    """Write the table of the service's operations: where they are, and who may call them."""
    operations = [*_operations(ROUTERS, PREFIX), *_operations([router for _, router in FOREIGN], "")]
    rows = [(where, f"`{name}`", *_who_may(RULES[name])) for where, name in operations]
    return "\n".join(_table(("", "operation", "roles", "scope", "one listener", "in the audit log as"), rows)) + "\n"


def _operations(routers: Iterable[Any], prefix: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for router in routers:
        for route in router.routes:
            methods = "/".join(sorted(getattr(route, "methods", ("WS",))))
            if (where := f"`{methods} {prefix}{route.path}`") not in seen:
                yield where, route.name
            seen.add(where)


def _who_may(rule: Rule) -> tuple[str, str, str, str]:
    roles = "everybody" if rule.roles == EVERYBODY else ", ".join(sorted(rule.roles)) or "without a key"
    scope, audited = (f"`{each}`" if each else "" for each in (rule.scope, rule.audited))
    return roles, scope, "yes" if rule.own else "", audited
