"""Who is shown: groups of artists in requests, in the report, in its page and on the command line."""

import json
import math
import re
from collections import Counter
from datetime import date
from html import unescape
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from ml.cli.exposure import show
from ml.cli.main import app as command
from ml.data.frames import ITEMS, conform
from ml.data.identity import Resolver
from ml.data.schema import listens
from ml.foundation.errors import BadInput, UnknownId
from ml.metrics.significance import Interval
from ml.models.exposure import TIERS
from ml.recommendation_engine import exposure_page
from ml.recommendation_engine.exposure import OTHER, UNKNOWN, measure_exposure
from ml.recommendation_engine.groups import exposure_of
from ml.recommendation_engine.serving import Current

ME = "test:both-0"


def groups_of(desk):
    serving = Current(desk.parts.store, desk.parts.models_root).get()
    with desk.parts.store.read() as connection:
        return serving, serving.groups.get(connection)


def tier_of(desk):
    """The tier of each artist by name, counted anew from what the store holds."""
    from sqlalchemy import text

    serving, groups = groups_of(desk)
    with desk.parts.store.read() as connection:
        labels = serving.catalogue.labels(connection, range(len(groups.tiers)))
        pairs = connection.execute(text("SELECT DISTINCT user_key, item_key FROM listens")).all()
        keys = {int(key): index for index, key in enumerate(serving.catalogue.vocabulary.keys)}
    heard = Counter(labels[keys[item]].artist for _, item in pairs)
    assert sum(heard.values()) == groups.heard.sum()
    return {labels[index].artist: TIERS[tier] for index, tier in enumerate(groups.tiers)}, heard


def test_tiers_follow_what_is_heard(desk):
    tiers, heard = tier_of(desk)
    total = sum(heard.values())
    assert sum(heard[artist] for artist, tier in tiers.items() if tier == "tail") <= 0.2 * total
    assert min(heard[a] for a, tier in tiers.items() if tier == "head") >= max(
        heard[a] for a, tier in tiers.items() if tier == "mid"
    )


def test_skips_are_not_heard_and_repeats_count_once(desk):
    def heard():
        serving, groups = groups_of(desk)
        with desk.parts.store.read() as connection:
            labels = serving.catalogue.labels(connection, range(len(groups.heard)))
        return {labels[index].title: int(n) for index, n in enumerate(groups.heard)}["calm new"]

    assert heard() == 0
    desk.tell("test:calm-1", "test:track/calm-new", "skip", ms_played=4_000)
    assert heard() == 0
    for user in ("test:calm-1", "test:calm-2", "test:calm-2"):
        desk.tell(user, "test:track/calm-new")
    assert heard() == 2


def test_a_country_is_the_artists_else_the_items(desk):
    from sqlalchemy import update

    from ml.data.schema import items

    with desk.parts.store.write() as connection:
        connection.execute(update(items).where(items.c.name == "calm artist 1").values(country="PE"))
        connection.execute(update(items).where(items.c.name == "calm 1").values(country="DE"))
        connection.execute(update(items).where(items.c.name == "loud 2").values(country="DE"))
    serving, groups = groups_of(desk)
    with desk.parts.store.read() as connection:
        labels = serving.catalogue.labels(connection, range(len(groups.countries)))
    country = {labels[index].title: code for index, code in enumerate(groups.countries)}
    assert (country["calm 1"], country["calm 7"], country["loud 2"], country["loud 3"]) == ("PE", "PE", "DE", "")
    answer = desk.ask("test:calm-3", count=8, exposure={"country:pe": 0.25})
    assert sum(country[track.title] == "PE" for track in answer.tracks) >= 2
    found = report(desk, by="country", least_artists=1)
    assert {each.name: (each.artists, each.items) for each in found.groups} == {
        "PE": (1, 5),
        "DE": (1, 1),
        UNKNOWN: (17, 85),
    }
    assert {each.name for each in report(desk, by="country").groups} == {OTHER}


def test_a_request_gives_the_tail_its_share_and_says_so(desk):
    tiers, _ = tier_of(desk)
    plain = desk.ask(ME, count=10)
    before = sum(tiers[track.artist] == "tail" for track in plain.tracks)
    answer = desk.ask(ME, count=10, exposure={"tail": 0.6})
    tail = [track for track in answer.tracks if tiers[track.artist] == "tail"]
    assert before < 6 == len(tail)
    (said,) = [notice for notice in answer.notices if notice.startswith("exposure")]
    assert said == f"exposure: 0.6 of the new items asked for from tail; 6 of 10 are, {before} without"
    forward = [track for track in answer.tracks if "brought forward for the share of tail" in track.why]
    assert forward
    assert {track.item_id for track in forward} <= {track.item_id for track in tail}
    for length in range(1, 11):
        assert sum(tiers[track.artist] == "tail" for track in answer.tracks[:length]) >= int(0.6 * length + 1e-9)
    assert not [notice for notice in plain.notices if notice.startswith("exposure")]


def test_it_is_said_in_german_too(desk):
    answer = desk.ask(ME, count=10, exposure={"tail": 0.6}, language="de")
    tail = "den am wenigsten gehörten Interpreten"
    assert any(f"vorgezogen für den Anteil von {tail}" in track.why for track in answer.tracks)
    assert not any("brought forward" in track.why for track in answer.tracks)
    assert any(f"0,6 der neuen Stücke sollen von {tail} sein" in notice for notice in answer.notices)


def of_shares(desk, language, **exposure):
    answer = desk.ask(ME, count=10, exposure=exposure, language=language)
    return next(notice for notice in answer.notices if notice.startswith("exposure"))


def test_a_country_is_named_in_the_language_of_the_answer(desk):
    germany = {"country:DE": [0.05, 0.5]}
    asked = "exposure: 0.05 … 0.5 of the new items asked for from artists of Germany; 0 of 10 are"
    assert of_shares(desk, "en", **germany).startswith(asked)
    gefragt = "exposure: 0,05 … 0,5 der neuen Stücke sollen von Interpreten aus Deutschland sein; 0 von 10 sind"
    assert of_shares(desk, "de", **germany).startswith(gefragt)


def test_what_a_share_is_rounded_to_is_said(desk):
    said = of_shares(desk, "en", tail=[0.25, 0.55])
    assert said.endswith("0.25 of 10 is 2 at least, rounded down; 0.55 of 10 is 6 at most, rounded up")
    assert of_shares(desk, "de", tail=0.25).endswith("0,25 von 10 sind mindestens 2, abgerundet")
    assert "rounded" not in of_shares(desk, "en", tail=[0.3, 0.6])


def test_one_is_not_spoken_of_as_several(desk):
    peru = {"country:PE": 0.1}
    assert "1 was asked for, and nothing more of artists of Peru is left" in of_shares(desk, "en", **peru)
    assert "1 sollte es sein, und mehr von Interpreten aus Peru bleibt" in of_shares(desk, "de", **peru)


def test_familiar_items_and_the_cap_on_artists_stay(desk):
    tiers, _ = tier_of(desk)
    answer = desk.ask(ME, count=10, familiar_ratio=0.4, max_per_artist=1, exposure={"tail": 0.5})
    assert sum(track.familiar for track in answer.tracks) == 4
    artists = [track.artist for track in answer.tracks]
    assert len(artists) == len(set(artists))
    new = [track for track in answer.tracks if not track.familiar]
    assert sum(tiers[track.artist] == "tail" for track in new) >= 1


def test_a_ceiling_on_the_head_holds(desk):
    tiers, _ = tier_of(desk)
    answer = desk.ask(ME, count=10, exposure={"head": [0, 0.1]})
    assert sum(tiers[track.artist] == "head" for track in answer.tracks) <= 1
    assert any("0 … 0.1 of the new items asked for from head" in notice for notice in answer.notices)


def test_what_is_out_of_reach_is_said(desk):
    answer = desk.ask(ME, count=10, exposure={"country:PE": 0.5})
    assert len(answer.tracks) == 10
    assert any("5 were asked for, and nothing more of artists of Peru is left" in notice for notice in answer.notices)
    only_known = desk.ask(ME, count=5, familiar_ratio=1.0, exposure={"tail": 0.5})
    assert any("no new items in this answer" in notice for notice in only_known.notices)


def test_the_batch_answers_as_the_one(desk):
    one = desk.engine.recommend(ME, reasons=0, exposure={"tail": 0.4})
    (many,) = desk.engine.recommend_batch([ME], exposure={"tail": 0.4})
    assert one == many


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"tial": 0.3}, "'tial'"),
        ({"tail": 1.3}, r"tail = 1\.3"),
        ({"tail": "much"}, "tail = 'much'"),
        ({"tail": [0.5, 0.2]}, "tail"),
        ({"tail": True}, "tail = True"),
        ({"tail": 0.7, "head": 0.7}, r"1\.4 of the places"),
        ({"country:Peruvia": 0.1}, "names no country"),
        (0.3, r"exposure = 0\.3"),
    ],
)
def test_a_mistake_in_a_request_is_named(given, says):
    with pytest.raises(BadInput, match=says):
        exposure_of(given, 0.0)


# --- the report


def report(desk, **options):
    return measure_exposure(desk.parts, **{"listeners": 40, **options})


def test_where_nobody_played_what_the_models_know_there_is_a_dash_and_no_zero(desk, capsys, tmp_path):
    fields = dict.fromkeys(ITEMS) | {"item_id": "test:track/unknown", "title": "unknown", "artist": "nobody"}
    frame = conform(pl.DataFrame([fields], schema=ITEMS, orient="row", strict=False), ITEMS)
    Resolver(desk.parts.store, None).items(frame, fill=False)
    with desk.parts.store.write() as connection:
        connection.execute(delete(listens))
    desk.tell(ME, "test:track/unknown")
    found = report(desk, k=5)
    assert found.n_listeners == 1
    assert all(math.isnan(each.history.mean) and each.history.n == 0 for each in found.groups)
    assert json.loads(found.to_json())["groups"][0]["history"]["mean"] is None
    show(found)
    tail = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("tail"))
    assert tail.split()[3] == "–"
    assert "nan" not in tail
    exposure_page.write(found, tmp_path / "page.html", on=date(2026, 7, 1), version="0")
    page = re.sub(r"<svg.*?</svg>", "", (tmp_path / "page.html").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "nan" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)


def test_the_report_is_about_the_lists_that_are_answered(desk):
    found = report(desk, algorithm="hybrid", k=8)
    tiers, _ = tier_of(desk)
    assert [each.name for each in found.groups] == ["head", "mid", "tail"]
    assert sum(each.exposure.mean for each in found.groups) == pytest.approx(1)
    assert sum(each.catalogue for each in found.groups) == pytest.approx(1)
    assert sum(each.artists for each in found.groups) == len(tiers) == found.n_artists
    everybody = report(desk, algorithm="hybrid", k=8, listeners=1000)
    lists = list(desk.engine.recommend_batch(count=8, algorithm="hybrid"))
    worth = 1 / np.log2(np.arange(2, 10))
    shares = [
        sum(w for w, track in zip(worth, each.tracks, strict=False) if tiers[track.artist] == "tail")
        / worth[: len(each.tracks)].sum()
        for each in lists
    ]
    assert everybody.n_listeners == len(lists)
    assert everybody.groups[2].exposure.mean == pytest.approx(np.mean(shares))
    shown = {track.item_id for each in lists for track in each.tracks}
    assert everybody.coverage == pytest.approx(len(shown) / everybody.n_items)


def test_a_floor_moves_the_report(desk):
    plain, moved = report(desk), report(desk, exposure={"tail": 0.6})
    assert moved.groups[2].exposure.mean > plain.groups[2].exposure.mean
    assert moved.asked == {"tail": (0.6, 1.0)}


def test_lifts_are_by_hand(desk):
    found = report(desk, listeners=1000)
    everyone, *tastes = found.lifts
    assert [each.listeners for each in found.lifts] == ["all", "niche", "diverse", "blockbuster"]
    assert everyone.lift.mean == pytest.approx(everyone.lists / everyone.history - 1)
    assert sum(each.n for each in tastes) == everyone.n == found.n_listeners


def write_groups(path: Path, rows):
    path.write_text("artist_id,group,note\n" + "".join(f"{artist},{group},x\n" for artist, group in rows))
    return path


def test_groups_come_from_a_file_and_small_ones_are_pooled(desk, tmp_path):
    rows = [(f"{genre} artist {n}", "f" if n % 2 else "m") for genre in ("calm", "loud") for n in range(6)]
    found = report(desk, by=write_groups(tmp_path / "gender.csv", rows))
    assert found.by == "gender.csv"
    assert {each.name: each.artists for each in found.groups} == {"f": 6, "m": 6, UNKNOWN: 6}
    rare = [*rows[:-2], ("loud artist 4", "x"), ("loud artist 5", "x")]
    few = report(desk, by=write_groups(tmp_path / "few.csv", rare))
    assert {each.name: each.artists for each in few.groups} == {UNKNOWN: 6, OTHER: 7, "m": 5}
    assert '"x"' not in few.to_json()


def test_where_all_groups_are_too_small_it_is_said(desk, tmp_path):
    rows = [(f"calm artist {n}", f"group {n}") for n in range(6)]
    found = report(desk, by=write_groups(tmp_path / "tiny.csv", rows))
    assert any("nothing is told apart" in notice for notice in found.notices)
    some = [(f"{genre} artist {n}", genre) for genre in ("calm", "loud") for n in range(6)]
    told = report(desk, by=write_groups(tmp_path / "some.csv", some)).notices
    assert not any("told apart" in notice for notice in told)


def test_without_profiling_the_report_is_of_the_lists_that_everybody_gets(desk):
    desk.parts.settings.profiling = False
    found = report(desk, k=8)
    assert (found.algorithm, found.familiar_ratio) == ("popularity", 0.0)
    assert found.coverage * found.n_items == pytest.approx(8), "the same eight for all"
    assert any("histories are read only" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("artist,group\na,b\n", BadInput, r"g\.csv:1: there is no column 'artist_id'"),
        ("artist_id,group\ncalm artist 1,\n", BadInput, r"g\.csv:2: group is empty"),
        ("artist_id,group\ncalm artist 1,f\nnobody,f\n", UnknownId, r"g\.csv:3: artist_id: no artist 'nobody'"),
        ("artist_id,group\ncalm artist 1,f\ncalm artist 1,m\n", BadInput, r"g\.csv:3: group: .* is in 'f' and in 'm'"),
        ("artist_id,group\ntest:track/calm-1,f\n", BadInput, r"g\.csv:2: artist_id: .* is a track"),
        ("artist_id,group\n", BadInput, "names no artist"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(desk, tmp_path, text, error, says):
    file = tmp_path / "g.csv"
    file.write_text(text)
    with pytest.raises(error, match=says):
        report(desk, by=file)


@pytest.mark.parametrize("options", [{"by": "gender"}, {"k": 0}, {"listeners": 0}, {"by": Path("/nowhere/g.csv")}])
def test_arguments_that_cannot_be_meant(desk, options):
    with pytest.raises(BadInput):
        report(desk, **options)


# --- the page and the command


def words(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


def rendered(found):
    return exposure_page.render(found, on=date(2026, 11, 26), version="1.2.3", command="ml exposure")


def test_the_page_has_every_number_and_fetches_nothing(desk):
    found = desk.app.exposure(listeners=30, costs=True)
    text, seen = rendered(found), words(rendered(found))
    for each in found.groups:
        assert f"{100 * each.exposure.mean:.1f} %" in seen
        assert f"{each.to_history.mean:.2f}" in seen
    for cost in found.costs:
        assert f"{cost.ndcg.mean:.4f}" in seen
    assert f"{found.gini:.3f}" in seen
    assert "://" not in text
    assert "<script" not in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert text.count("<svg") == 6
    assert text == rendered(found)
    plain = found.costs[0]
    assert plain.ndcg_change == Interval(0.0, 0.0, 0.0, 0.95, plain.ndcg.n)


def test_names_of_groups_stay_text(desk, tmp_path):
    rows = [(f"{genre} artist {n}", "<b>$x$") for genre in ("calm", "loud") for n in range(6)]
    text = rendered(report(desk, by=write_groups(tmp_path / "g.csv", rows)))
    assert "<b>" not in text
    assert "<b>$x$" in unescape(text)


def test_the_command_prints_tables_json_and_a_page(desk, tmp_path):
    page, runner = tmp_path / "page.html", CliRunner()
    line = ["--home", str(desk.home), "exposure", "--listeners", "20", "--algorithm", "hybrid"]
    shown = runner.invoke(command, [*line, "--html", str(page)])
    assert shown.exit_code == 0, shown.output
    assert re.search(r"^tail +\d+ ", shown.stdout, re.MULTILINE)
    assert "--algorithm hybrid" in words(page.read_text(encoding="utf-8"))
    found = json.loads(runner.invoke(command, [*line, "--at-least", "tail=0.5", "--json"]).stdout)
    assert found["asked"] == {"tail": [0.5, 1.0]}
    assert found["n_listeners"] == 20
