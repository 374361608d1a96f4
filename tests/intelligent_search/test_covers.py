"""Albums by their covers: scans, photographs, colours, encoders, damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ml.data.demo.covers import draw_cover, photographed
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.intelligent_search.covers import Album, CoverSearch, album_id

PIL = pytest.importorskip("PIL")
from PIL import Image  # noqa: E402

SEEDS = [3, 4, 5, 7, 13, 19]


def save(picture: np.ndarray, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(file)
    return file


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Covers in folders, and what only looks like some."""
    root = tmp_path_factory.mktemp("shelf")
    for seed in SEEDS:
        save(draw_cover(seed, style="photo" if seed % 2 else "tiles"), root / f"album {seed}" / "cover.png")
    (root / "empty.jpg").write_bytes(b"")
    (root / "text.jpg").write_text("no picture")
    save(np.zeros((1, 1, 3), dtype=np.uint8), root / "dot.png")
    return root


@pytest.fixture(scope="module")
def searched(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> CoverSearch:
    covers = CoverSearch(Workspace.at(tmp_path_factory.mktemp("home")))
    scan = covers.scan([shelf])
    assert (scan.albums, scan.added) == (len(SEEDS), len(SEEDS))
    return covers


def test_a_scan_says_what_it_refused_and_goes_on(shelf: Path, tmp_path: Path) -> None:
    scan = CoverSearch(Workspace.at(tmp_path)).scan([shelf])
    assert scan.albums == len(SEEDS)
    reasons = {Path(one.path).name: one.reason for one in scan.refused}
    assert set(reasons) == {"empty.jpg", "text.jpg", "dot.png"}
    assert "empty" in reasons["empty.jpg"]
    assert "no picture" in reasons["text.jpg"]
    assert "1 × 1" in reasons["dot.png"]


@pytest.mark.parametrize("condition", ["screenshot", "cropped", "turned", "tilted", "blurred"])
def test_a_photograph_finds_its_album(searched: CoverSearch, condition: str) -> None:
    cover = draw_cover(5, style="photo")
    answer = searched.find(photographed(cover, condition, np.random.default_rng(1)))
    assert answer.known
    assert answer.hits[0].name == "album 5"
    assert answer.hits[0].kind == "album"
    assert answer.hits[0].parts["details"] > 10


def test_a_cover_that_is_not_there_is_unknown(searched: CoverSearch) -> None:
    answer = searched.find(photographed(draw_cover(99, style="photo"), "tilted", np.random.default_rng(2)))
    assert not answer.known


def test_nothing_to_see_is_unknown(searched: CoverSearch) -> None:
    for level in (0, 128, 255):
        assert not searched.find(np.full((300, 300, 3), level, dtype=np.uint8)).known


def test_members_of_a_series_are_told_apart(tmp_path: Path) -> None:
    drawn = [draw_cover(778, member=member, change="number") for member in range(6)]
    covers = CoverSearch(Workspace.at(tmp_path))
    covers.add([(Album(f"a:{member}", f"Vol. {member + 1}"), one) for member, one in enumerate(drawn)])
    for member in (0, 3, 5):
        seen = photographed(drawn[member], "tilted", np.random.default_rng(member))
        assert covers.find(seen).hits[0].id == f"a:{member}"


@pytest.mark.parametrize(("seed", "condition"), [(449, "turned"), (449, "glare"), (504, "cropped")])
def test_a_cover_in_dots_that_are_all_alike_is_found(dotted: CoverSearch, seed: int, condition: str) -> None:
    cover = draw_cover(seed, style="raster")
    answer = dotted.find(photographed(cover, condition, np.random.default_rng(seed)))
    assert answer.known
    assert answer.hits[0].id == f"a:{seed}"


@pytest.fixture(scope="module")
def dotted(tmp_path_factory: pytest.TempPathFactory) -> CoverSearch:
    covers = CoverSearch(Workspace.at(tmp_path_factory.mktemp("dots")))
    drawn = {seed: draw_cover(seed, style="raster") for seed in (260, 152, 453, 449, 21, 504)}
    covers.add([(Album(f"a:{seed}", str(seed)), one) for seed, one in drawn.items()])
    return covers


def test_a_second_scan_reads_nothing_again_and_sees_what_changed(shelf: Path, tmp_path: Path) -> None:
    music = shutil.copytree(shelf, tmp_path / "music")
    covers = CoverSearch(Workspace.at(tmp_path / "home"))
    covers.scan([music])
    again = covers.scan([music])
    assert (again.added, again.removed, again.unchanged) == (0, 0, len(SEEDS))
    shutil.rmtree(music / "album 3")
    save(draw_cover(50, style="tiles"), music / "album 50" / "folder.png")
    third = covers.scan([music])
    assert (third.added, third.removed, third.unchanged) == (1, 1, len(SEEDS) - 1)
    assert covers.find(draw_cover(50, style="tiles")).hits[0].name == "album 50"


def test_one_cover_more_does_not_make_the_index_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    covers = CoverSearch(Workspace.at(tmp_path))
    covers.add([(Album(f"a:{seed}", str(seed)), draw_cover(seed)) for seed in range(3)])
    described = []
    from ml.intelligent_search.covers import search

    of = search.PictureEntry.of
    monkeypatch.setattr(search.PictureEntry, "of", lambda *args: described.append(args[0]) or of(*args))
    covers.add([(Album("a:9", "9"), draw_cover(9))])
    assert len(described) == 1
    assert len(covers) == 4


def test_albums_with_one_picture_are_both_found(tmp_path: Path) -> None:
    cover = draw_cover(5, style="photo")
    covers = CoverSearch(Workspace.at(tmp_path))
    scan = covers.add([(Album("a:1", "One"), cover), (Album("a:2", "Two"), cover)])
    assert (scan.albums, scan.pictures) == (2, 1)
    assert {hit.id for hit in covers.find(cover).hits} == {"a:1", "a:2"}
    assert covers.remove(["a:1"]) == 1
    assert {hit.id for hit in covers.find(cover).hits} == {"a:2"}


def test_a_damaged_index_is_made_again(shelf: Path, tmp_path: Path) -> None:
    home = Workspace.at(tmp_path)
    CoverSearch(home).scan([shelf])
    for file in (tmp_path / "indexes" / "covers").rglob("*.mlpx"):
        file.write_bytes(file.read_bytes()[:1000])
    assert CoverSearch(home).find(draw_cover(5, style="photo")).hits[0].name == "album 5"


def test_a_damaged_catalogue_asks_for_a_scan(shelf: Path, tmp_path: Path) -> None:
    home = Workspace.at(tmp_path)
    CoverSearch(home).scan([shelf])
    (tmp_path / "indexes" / "covers" / "catalogue.json").write_text('{"version": 1, "albums": [[1]]}')
    with pytest.raises(EmptyWorkspace, match="no cover"):
        CoverSearch(home).find(draw_cover(5))
    assert CoverSearch(home).scan([shelf]).albums == len(SEEDS)


def test_a_table_names_albums(shelf: Path, tmp_path: Path) -> None:
    table = tmp_path / "covers.csv"
    table.write_text(
        f"path,id,name,artist\n{shelf / 'album 5' / 'cover.png'},mbid:1,Fünf,Ann\nnone.jpg,,Missing,\n,,Empty,\n",
        "utf-8",
    )
    covers = CoverSearch(Workspace.at(tmp_path / "home"))
    scan = covers.scan([table])
    assert (scan.albums, len(scan.refused)) == (1, 2)
    hit = covers.find(draw_cover(5, style="photo")).hits[0]
    assert (hit.id, hit.name, hit.artist) == ("mbid:1", "Fünf", "Ann")


def test_a_table_without_paths_and_places_that_are_not_there_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "covers.csv"
    table.write_text("name\nx\n")
    covers = CoverSearch(Workspace.at(tmp_path / "home"))
    with pytest.raises(BadInput, match="no column 'path'"):
        covers.scan([table])
    with pytest.raises(BadInput, match="no such file"):
        covers.scan([tmp_path / "none"])


def test_colours_and_moods(tmp_path: Path) -> None:
    covers = CoverSearch(Workspace.at(tmp_path))
    colours = {"red": (210, 20, 30), "blue": (30, 60, 200), "night": (10, 10, 25)}
    covers.add([(Album(name, name), np.full((64, 64, 3), rgb, dtype=np.uint8)) for name, rgb in colours.items()])
    assert covers.by_colour("rot")[0].id == "red"
    assert covers.by_colour("#1e3cc8")[0].id == "blue"
    assert covers.by_mood("dunkel")[0].id == "night"
    with pytest.raises(BadInput, match="no colour"):
        covers.by_colour("loud")
    with pytest.raises(BadInput, match="no mood"):
        covers.by_mood("loud")


def test_without_covers_a_search_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmptyWorkspace, match="search covers FOLDER"):
        CoverSearch(Workspace.at(tmp_path)).find(draw_cover(1))


def test_an_id_is_the_same_however_a_name_is_spelled() -> None:
    assert album_id("The Wall", "Pink Floyd") == album_id("wall", "PINK FLOYD")
    assert album_id("The Wall", "Pink Floyd") != album_id("Animals", "Pink Floyd")


def mean_colour(file: Path) -> Path:
    """Make a model whose vector of a picture is the mean of each channel."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    node = helper.make_node("ReduceMean", ["picture"], ["vector"], axes=[2, 3], keepdims=0)
    graph = helper.make_graph(
        [node],
        "mean",
        [helper.make_tensor_value_info("picture", kind, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("vector", kind, [1, 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, file)
    return file


def test_an_encoder_from_a_file_says_what_is_alike(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    covers = CoverSearch(Workspace.at(tmp_path), encoder=mean_colour(tmp_path / "mean.onnx"))
    colours = {"red": (210, 20, 30), "blue": (30, 60, 200)}
    covers.add([(Album(name, name), np.full((64, 64, 3), rgb, dtype=np.uint8)) for name, rgb in colours.items()])
    hits = covers.alike(np.full((40, 50, 3), (255, 40, 60), dtype=np.uint8))
    assert [hit.id for hit in hits] == ["red", "blue"]
    covers.add([(Album("pink", "pink"), np.full((64, 64, 3), (255, 60, 90), dtype=np.uint8))])
    assert len(covers.alike(np.full((40, 50, 3), 200, dtype=np.uint8))) == 3


def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(BadInput, match="not a model"):
        CoverSearch(Workspace.at(tmp_path), encoder=tmp_path / "model.onnx").encoder  # noqa: B018
    with pytest.raises(BadInput, match="no encoder"):
        CoverSearch(Workspace.at(tmp_path)).alike(draw_cover(1))
