"""Settings that a search has found, in their file."""

import pytest

from ml.foundation.errors import BadInput
from ml.models import tuned
from ml.models.tuned import Tuned

FOUND = Tuned("by time", 3, {"ials": {"alpha": 0.2}})


def test_what_was_written_is_read(tmp_path):
    tuned.write(tmp_path, "track", "discovery", FOUND)
    assert tuned.read(tmp_path, "track") == FOUND
    assert tuned.read(tmp_path, "artist") == tuned.read(tmp_path, "track", "next_listen") == Tuned()


def test_only_the_split_they_were_chosen_on_may_use_them():
    assert FOUND.fits("by time", 3)
    assert not FOUND.fits("by time", 4)
    assert not FOUND.fits("per listener", 3)
    assert not Tuned().fits("", 0)


def test_a_later_search_adds_and_takes_back():
    later = FOUND.with_models({"ease": {"regularization": 9.0}}, "by time", 3)
    assert set(later.models) == {"ials", "ease"}
    assert set(later.with_models({"ials": {}}, "by time", 3).models) == {"ease"}
    assert set(later.with_models({"slim": {"l1": 1.0}}, "other", 3).models) == {"slim"}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"split": "", "seed": 0}',
        '{"split": "", "seed": 0, "models": {"eese": {}}}',
        '{"split": "", "seed": 0, "models": {"ease": {"lambda": 1}}}',
        '{"split": "", "seed": "x", "models": {}}',
        '{"split": "", "seed": 0, "models": {"ease": 7}}',
    ],
)
def test_a_damaged_file_is_named_with_what_mends_it(tmp_path, text):
    (tmp_path / "track-discovery.json").write_text(text)
    with pytest.raises(BadInput) as error:
        tuned.read(tmp_path, "track")
    assert "track-discovery.json" in error.value.message
    assert "ml tune --forget" in error.value.hint
