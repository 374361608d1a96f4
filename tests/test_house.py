"""The rules of the house, held by machine."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from ml.foundation.extras import APART, DISTRIBUTION, EXTRAS

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "ml"
FILES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())

# The contract of mission.md; a name that is not built has no module.
CAPABILITIES = [
    "recommendation_engine",
    "playlist_generator",
    "audio_analysis",
    "user_behavior",
    "trend_analysis",
    "intelligent_search",
    "content_optimization",
    "enterprise_integrations",
    "integrations",
    "audience_analysis",
    "collaboration_matching",
]
BUILT = [name for name in CAPABILITIES if (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists()]
UNBUILT = [name for name in CAPABILITIES if name not in BUILT]

# Words that stand where the real thing is missing.
HOLLOW = re.compile(
    r"\b(TODO|FIXME|XXX|raise NotImplementedError|(?i:mock\w*|dummy|fake[sd]?|placeholders?|stub(s|bed)?|hard-?coded"
    r"|not implemented|for now|in a real|would be implemented|lorem ipsum))\b"
)


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def fresh_python(code: str) -> str:
    """Run code in an interpreter that has imported nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def imported_names(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


# --- the public face


def test_import_ml_loads_nothing_but_ourselves_and_the_standard_library() -> None:
    code = "import sys; before = set(sys.modules); import ml; print(*(set(sys.modules) - before))"
    roots = {name.partition(".")[0] for name in fresh_python(code).split()}
    assert "ml" in roots
    assert roots - set(sys.stdlib_module_names) - {"ml"} == set()


@pytest.mark.parametrize("name", BUILT)
def test_a_built_capability_comes_lazily(name: str) -> None:
    code = f"""
import sys, ml
assert "ml.{name}" not in sys.modules, "import ml imports it already"
module = ml.{name}
assert sys.modules["ml.{name}"] is module
assert "{name}" in dir(ml)
"""
    fresh_python(code)


@pytest.mark.parametrize("name", UNBUILT)
def test_a_capability_that_is_not_built_says_so(name: str) -> None:
    ml = import_module("ml")
    with pytest.raises(AttributeError, match=f"{name}.* is not built yet"):
        getattr(ml, name)
    with pytest.raises(ModuleNotFoundError):
        import_module(f"ml.{name}")
    assert name not in dir(ml)


def test_a_name_that_was_never_meant_is_no_unbuilt_capability() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = import_module("ml").recomendation_engine
    assert "not built yet" not in str(caught.value)


def test_the_enhanced_name_is_the_same_class() -> None:
    engine = import_module("ml.recommendation_engine")
    assert engine.EnhancedRecommendationEngine is engine.RecommendationEngine


# --- imports go down


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of pyproject.toml on the package `ml` in a folder."""
    tool, contracts = Path(sys.executable).parent / "lint-imports", REPOSITORY / "pyproject.toml"
    return subprocess.run(
        [tool, "--no-cache", "--no-logo", "--config", contracts],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_imports_only_go_down() -> None:
    done = lint_imports(PACKAGE.parent)
    assert done.returncode == 0, done.stdout


PLANTED = [
    pytest.param("foundation/errors.py", "import ml.data", "ml.foundation.errors -> ml.data", id="upward"),
    pytest.param("utils.py", "import ml.validation", "ml.utils -> ml.validation", id="sideways"),
    pytest.param(
        "data/frames.py",
        "def late():\n    import torch",
        "ml.data.frames -> torch",
        id="a framework on the ground floor, inside a function",
    ),
    pytest.param(
        "metrics/__init__.py", "import sklearn.metrics", "ml.metrics -> sklearn", id="a framework in the metrics"
    ),
    pytest.param("attic/__init__.py", '"""A room without a floor."""', "ml.attic", id="a folder without a floor"),
]


@pytest.mark.parametrize(("file", "code", "complaint"), PLANTED)
def test_a_planted_violation_is_caught(file: str, code: str, complaint: str, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "ml", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path / "ml" / file
    target.parent.mkdir(exist_ok=True)
    before = target.read_text() if target.exists() else ""
    target.write_text(f"{before}\n\n{code}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert complaint in done.stdout


# --- every file


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_every_file_is_as_the_house_wants_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says in its docstring what it is"
    assert text.count("\n") <= 500, "a file past 500 lines is asking to be two"
    assert imported_names(tree) & {"pickle", "dill", "joblib", "cloudpickle", "shelve"} == set(), "no pickle, ever"
    assert [match.group() for match in HOLLOW.finditer(text)] == [], "what is missing is an error with a way out"


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_every_name_in_all_exists(path: Path) -> None:
    module = import_module(".".join(["ml", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__"))
    names = getattr(module, "__all__", [])
    assert [name for name in names if not hasattr(module, name)] == []
    assert len(set(names)) == len(names)


def test_the_package_under_test_is_this_one() -> None:
    assert find_spec("ml").origin == str(PACKAGE / "__init__.py"), "another package `ml` is installed"
    assert PACKAGE.joinpath("py.typed").exists(), "our annotations are for our users too"


# --- the extras


def test_the_extras_of_the_messages_are_those_of_the_project() -> None:
    declared = PROJECT["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(declared) - {"all"}
    in_all = [name for name in EXTRAS if name not in APART]
    assert declared["all"] == [f"{DISTRIBUTION}[{','.join(in_all)}]"]
    assert PROJECT["project"]["name"] == DISTRIBUTION


def test_every_dependency_has_a_lower_bound_and_a_pin() -> None:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    wanted = [line for group in [*groups, *PROJECT["dependency-groups"].values()] for line in group]
    wanted = [line for line in wanted if not line.startswith(DISTRIBUTION)]
    assert [line for line in wanted if ">=" not in line] == []
    pins = set(re.findall(r"^([\w.-]+)==\S+$", (REPOSITORY / "constraints.txt").read_text(), re.MULTILINE))
    names = {re.match(r"[\w.-]+", line).group() for line in wanted}
    assert {plain_name(name) for name in names} - {plain_name(name) for name in pins} == set()


def plain_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_package_index_is_the_users_choice() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.!]+", line)] == []
    assert "torch==2.13.0" in lines, "the plain newest torch brings gigabytes"
