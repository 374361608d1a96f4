"""What pages show where there is little or nothing yet."""

import polars as pl
import pytest
from tests.service.console.conftest import serve

from ml.data.importers.base import Batch
from ml.data.ingest import load


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A workspace without anything in it."""
    found, stop = serve(tmp_path_factory.mktemp("empty"))
    yield found
    stop()


def test_an_empty_workspace_leads_to_an_import_and_tracks_alone_are_counted(served, visit):
    page = visit("/")
    page.get_by_text("Nothing is here yet").wait_for()
    page.get_by_role("link", name="Import a file").click()
    page.get_by_role("heading", name="Import", exact=True).wait_for()
    tracks = [{"item_id": "test:track/1", "kind": "track", "title": "a song", "artist": "somebody"}]
    load(served.app.workspace.store, [Batch("t", 0, {"items": pl.DataFrame(tracks)})])
    page = visit("/")
    page.locator("dl.facts").wait_for()
    assert "Tracks\n1\n" in page.locator("dl.facts").inner_text()


def test_a_listener_of_whom_nothing_is_stored_sees_no_errors(visit):
    page = visit("/listener", "lis", locale="de-DE")
    page.get_by_text("Noch keine Modelle").wait_for()
    page.get_by_text("Keine Wiedergaben").wait_for()
    page.locator("#pause:not([aria-busy])").wait_for(state="attached")
    assert page.locator(".failed").count() == 0


def test_before_a_training_there_is_nothing_to_experiment_with(visit):
    page = visit("/experiments", "ann")
    page.get_by_text("There are no models yet that could be tried").wait_for()
    assert page.get_by_role("button", name="Write it down").is_disabled()
