"""The command on public data: import, train, recommend, in workspaces of their own."""

from pathlib import Path

import pytest

# One worker imports HetRec once for all of them.
pytestmark = [pytest.mark.realdata, pytest.mark.slow]


@pytest.fixture(scope="module")
def hetrec(realdata, tmp_path_factory, quick_shell_in):
    """HetRec 2011, imported and trained; to be looked at, not changed."""
    folder = tmp_path_factory.mktemp("hetrec")
    shell = quick_shell_in(folder / "home", folder)
    summary = shell("import", realdata / "lastfm_hetrec2011", "--json").json
    assert summary["added"]["counts"] == 92_834
    assert summary["added"]["items"] == 17_632
    assert summary["reasons"] == {"artist … is not in artists.dat": summary["rejected"]}
    return shell, shell("train", "--json").json


@pytest.fixture(scope="module")
def artists(realdata):
    """Names of the artists in the files, by id."""
    lines = (realdata / "lastfm_hetrec2011" / "artists.dat").read_text(encoding="utf-8").splitlines()[1:]
    return {f"hetrec:artist/{line.split(chr(9))[0]}": line.split("\t")[1].strip() for line in lines}


@pytest.fixture(scope="module")
def plays(realdata):
    """Plays of listener 2, by artist."""
    lines = (realdata / "lastfm_hetrec2011" / "user_artists.dat").read_text().splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return {f"hetrec:artist/{artist}": int(weight) for user, artist, weight in rows if user == "2"}


def test_ten_real_artists_with_reasons_from_the_listeners_own_plays(realdata, hetrec, artists, plays):
    shell, _ = hetrec
    answer = shell("recommend", "hetrec:user/2", "--json").json
    assert answer["kind"] == "artist"
    assert len({track["item_id"] for track in answer["tracks"]}) == 10
    for track in answer["tracks"]:
        assert track["title"] == artists[track["item_id"]]
        assert track["familiar"] == (track["item_id"] in plays)
        if track["familiar"]:
            assert track["why"] == f"you played it {plays[track['item_id']]:,} times"
        else:
            assert track["because"]
            assert all(reason["item_id"] in plays for reason in track["because"])


def test_the_hybrid_finds_twice_what_popularity_finds(realdata, hetrec):
    _, card = hetrec
    assert card["n_listeners"] == 1_892
    for metric in ("recall@20", "ndcg@20"):
        hybrid, popularity = (card["scores"][name][metric] for name in ("hybrid", "popularity"))
        assert hybrid["value"] >= 2 * popularity["value"]
        assert hybrid["ci"][0] > popularity["ci"][1]


def test_what_goes_with_an_artist_is_of_the_same_kind(realdata, hetrec):
    shell, _ = hetrec
    near = [item["title"] for item in shell("similar", "Radiohead", "--json").json["items"]]
    # Bands whose listeners and tags are Radiohead's, whatever the exact order.
    assert len(set(near) & {"Muse", "Blur", "Coldplay", "Placebo", "Oasis", "Thom Yorke", "The Smiths"}) >= 3


def test_lastfm_1k_gives_listens_and_profiles(realdata, quick):
    summary = quick("import", realdata / "lastfm_1k_sample", "--json").json
    assert (summary["added"]["listens"], summary["added"]["profiles"], summary["rejected"]) == (5_000, 992, 0)
    held = quick("status", "--json").json["data"]
    assert (held["listens"], held["listeners"]) == (5_000, 992)
    assert (held["first_listen"][:10], held["last_listen"][:10]) == ("2008-12-08", "2009-05-04")
    again = quick("import", realdata / "lastfm_1k_sample", "--again", "--json").json
    assert "listens" not in again["added"]


def test_a_folder_of_music(realdata, quick):
    folder = realdata / "emotify" / "audio"
    summary = quick("import", folder, "--json").json
    count = len(list(folder.glob("*.mp3")))
    assert summary["added"]["files"] == count == 275
    assert summary["rejected"] == 0
    assert quick("status", "--json").json["data"]["items"]["artist"] > 80
    quick("train")
    answer = quick("recommend", "local:me", "--json").json
    assert {track["why"] for track in answer["tracks"]} == {"in the catalogue; nobody has played it yet"}


def test_ratings_with_times(realdata, quick):
    summary = quick("import", realdata / "movielens_small", "--json").json
    assert summary["added"]["listens"] == 100_004
    assert [Path(name).name for name in summary["unrecognised"]] == ["README.txt"]
    card = quick("train", "--json").json
    assert "by time" in card["scores"]["hybrid"]["protocol"]
    answer = quick("recommend", "1", "--familiar", "0", "--json").json
    assert len(answer["tracks"]) == 10
    # What is popular of late may stand there whatever somebody has seen.
    assert any(track["because"] for track in answer["tracks"])
    assert all(track["why"] for track in answer["tracks"])


def test_an_evaluation_without_dates_says_so_and_finds_twice_what_popularity_finds(hetrec):
    shell, _ = hetrec
    found = shell("evaluate", "--models", "ials,graph_filter", "-k", "20", "--json").json
    assert found["protocol"]["split"].startswith("no dates: a seeded 20% of each listener's items")
    assert (found["protocol"]["n_items"], found["protocol"]["n_listeners"]) == (17_632, 1_877)
    popularity = found["models"]["popularity"]["ndcg@20"]["value"]
    for name in ("ials", "graph_filter"):
        assert found["models"][name]["ndcg@20"]["value"] > 2 * popularity


def test_ratings_with_dates_are_cut_by_time(realdata, tmp_path, quick_shell_in):
    shell = quick_shell_in(tmp_path / "home", tmp_path)
    shell("import", realdata / "movielens_small", "--json")
    found = shell("evaluate", "--models", "item_knn,hybrid", "-k", "20", "--json").json
    assert found["protocol"]["split"] == "by time: trained on the first 90% of the listens, judged on the rest"
    assert found["protocol"]["n_items"] == 9_125
    assert found["models"]["hybrid"]["ndcg@20"]["above_baseline_ci"][0] > 0
    # Most of those judged are new then: they have no neighbours, only what everybody hears.
    assert found["models"]["item_knn"]["ndcg@20"]["above_baseline_ci"][1] < 0
