"""What the verbs take, and what they say where something is at odds with itself."""

import pytest
from typer.testing import CliRunner

from ml.cli.main import app as command
from ml.foundation.errors import BadInput


def test_a_made_list_is_put_in_order(generator):
    made = generator.generate(count=8, mood="calm")
    for given in (made, made.to_dict()):
        ordered = generator.reorder(given)
        assert {track.track_id for track in ordered.playlist.tracks} == {track.track_id for track in made.tracks}
        assert ordered.cost_after <= ordered.cost_before


def test_a_mapping_that_is_no_list_is_refused(generator):
    with pytest.raises(BadInput, match="no playlist"):
        generator.reorder({"title": "x"})


def test_the_same_track_liked_and_not_liked_is_said(generator):
    found = generator.generate(count=4, seeds=["test:track/jazz-1"], away=["test:track/jazz-1"])
    assert any("cancels out" in notice and "calm jazz 1" in notice for notice in found.notices)
    assert not any(
        "cancels out" in notice for notice in generator.generate(count=4, seeds=["test:track/jazz-1"]).notices
    )


def test_a_pin_behind_the_end_is_named(generator):
    made = generator.generate(count=6)
    with pytest.raises(BadInput, match="pin 99: the list has 6 tracks"):
        generator.edit(made, pin={99: "test:track/jazz-1"})
    assert generator.edit(made, pin={6: "test:track/jazz-1"}).tracks[5].track_id == "test:track/jazz-1"


@pytest.mark.parametrize(
    ("out", "said"),
    [("", "is a folder"), ("no/list.m3u8", "no such folder"), ("list.doc", "no playlist format")],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path, out, said):
    with pytest.raises(BadInput, match=said):
        CliRunner().invoke(command, ["playlist", "mood", "calm", "--out", str(tmp_path / out)], catch_exceptions=False)


@pytest.mark.parametrize(
    ("mood", "said"), [("energtic", "did you mean 'energetic'?"), ("ruhih", "did you mean 'ruhig'")]
)
def test_a_word_is_suggested_once_for_all_that_lead_to_it(generator, mood, said):
    with pytest.raises(BadInput) as error:
        generator.generate(mood=mood)
    assert error.value.hint.startswith(said)
