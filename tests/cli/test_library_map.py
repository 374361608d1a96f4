"""``ml map``: laid out and shown."""

import json

import pytest
from tests.service.conftest import made_home  # noqa: F401  # the fixture
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation import configuration


@pytest.fixture
def home(made_home, tmp_path, monkeypatch):  # noqa: F811
    import shutil

    place = shutil.copytree(made_home, tmp_path / "home")
    monkeypatch.setenv("ML_HOME", str(place))
    configuration.forget()
    yield place
    configuration.forget()


def ml(*words):
    return CliRunner().invoke(app, ["map", *words], catch_exceptions=False)


def test_a_map_is_laid_out_and_its_regions_are_listed(home):
    assert "not laid out yet" in ml("show").stdout
    built = json.loads(ml("build", "--json").stdout)
    assert (built["by"], built["kind"], built["points"], built["without"]) == ("listening", "track", 60, 0)
    said = ml("build", "--only-new").stdout
    assert "60 tracks on the map by listening" in said
    shown = ml("show").stdout
    assert "60 tracks by listening" in shown
    found = json.loads(ml("show", "--json", "--count", "4").stdout)
    assert len(found["names"]) == 4
    assert found["regions"][0]["name"] in shown
