"""The page: every model and number is on it, it fetches nothing, and text from outside stays text."""

import re
import subprocess
import sys
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.evaluation import ActivityBand, Evaluation, Measured, PopularityBand, Protocol, Tuning, report
from ml.evaluation.report import labels
from ml.foundation import extras
from ml.foundation.errors import BadInput, MissingExtra
from ml.metrics.significance import Interval
from ml.models.registry import MODELS
from ml.models.weighing import Worth

TODAY = date(2026, 11, 25)
HOSTILE = "<script>alert('$x$ & \"y\"')</script>"
VOID = {"meta", "br", "wbr", "path", "use"}


def around(value):
    return Interval(value, value - 0.01, value + 0.01, 0.95, 500)


def numbers(value, above=0.0):
    """What a model reached; `above` is how far over the baseline."""
    measured = Measured(value, (value - 0.01, value + 0.01), above, (above - 0.004, above + 0.004))
    novelty = Measured(5 + value, (4.9 + value, 5.1 + value), above, (above - 0.1, above + 0.1))
    activity = [ActivityBand(low, 3 * low, 250, 20, around(value * low / 2), around(value)) for low in (1, 4)]
    bands = [("head", 40, 99, 30), ("middle", 9, 39, 120), ("tail", 1, 8, 900), ("unheard", 0, 0, 50)]
    popularity = [PopularityBand(*band, 400, 20, around(value / place)) for place, band in enumerate(bands, start=1)]
    return {
        **{f"{name}@{k}": measured for name in ("recall", "ndcg") for k in (10, 20)},
        "novelty@20": novelty,
        "coverage@20": 0.4321,
        "by_activity": activity,
        "by_item_popularity": popularity,
        "fit_seconds": 1.5,
        "score_seconds": 0.25,
        "peak_mb": 1234.5,
    }


def evaluation(models=None, **protocol):
    said = {
        "task": "discovery",
        "baseline": "popularity",
        "split": "published: a / b",
        "k": (10, 20),
        "n_items": 41000,
        "n_train": 810128,
        "n_listeners": 29858,
        "ranking": "all items, never a sample",
        "masked": "what a listener has already",
        "interval": "95 %",
        "seed": 7,
        "command": "ml evaluate -k 10,20 --seed 7",
    }
    models = {"popularity": numbers(0.1), "ease": numbers(0.3, 0.2)} if models is None else models
    return Evaluation(Protocol(**{**said, **protocol}), models)


def page(found):
    return report.render(found, on=TODAY, version="1.2.3")


class Reader(HTMLParser):
    """Collects what a browser would see, and that everything opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def words(self):
        return re.sub(r"\s+", " ", "".join(self.text))


def test_the_protocol_the_command_and_every_number_are_there():
    text = Reader(page(evaluation())).words()
    for said in (
        "published: a / b",
        "41,000",
        "810,128",
        "29,858",
        "all items, never a sample",
        "2026-11-25, ml 1.2.3",
    ):
        assert said in text
    assert "ml evaluate -k 10,20 --seed 7" in text
    for number in ("0.3000", "0.2900 – 0.3100", "+0.2000", "+0.1960 … +0.2040", "0.4321", "1.50", "0.25", "1,234"):
        assert number in text, number
    assert "The other model beats popularity. The best is ease" in text
    assert text.count("How to read it") == 5


def test_all_models_are_legible_in_every_plot():
    """As many models as there are: each name is once in each drawing of points, and once or more beside panels."""
    models = {name: numbers(0.1 + 0.001 * place, 0.001 * place) for place, name in enumerate(sorted(MODELS))}
    text = page(evaluation(models | {"popularity": numbers(0.1)}))
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) == 6
    for name in MODELS:
        assert all(f">{name}</text>" in drawing for drawing in drawings)
    for drawing in drawings:
        assert "var(--above)" in drawing
        assert "#0d0e" not in drawing, "every paint is a variable of the page"


@pytest.mark.parametrize(
    ("above", "verdict"),
    [(0.2, "beats popularity"), (0.001, "cannot be told from popularity"), (-0.2, "is below popularity")],
)
def test_how_a_model_stands_is_said_in_words(above, verdict):
    text = Reader(page(evaluation({"popularity": numbers(0.2), "ials": numbers(0.2 + above / 2, above)}))).words()
    assert verdict in text
    assert "the baseline" in text
    if above < 0.1:
        assert "It does not beat popularity for sure" in text


def test_a_verdict_says_what_it_goes_by():
    """The plots show recall; a model may be ahead in it and behind in the metric of the verdict."""
    text = Reader(page(evaluation())).words()
    assert "Verdict,by ndcg@20" in text
    assert text.count("By ndcg@20, over all listeners: ●beats popularity ◆the baseline") == 3


def test_the_baseline_alone_is_a_page_too():
    assert "Only popularity, the baseline, was measured" in page(evaluation({"popularity": numbers(0.1)}))


def test_what_a_portfolio_and_settings_say_is_there():
    values = numbers(0.3, 0.2)
    values["members"] = {"ease": Worth(1.0, around(0.05)), "slim": Worth(0.0, around(-0.001))}
    values["settings"] = {"factors": 64, "chosen": {"on": "a held-out part"}}
    text = Reader(page(evaluation({"popularity": numbers(0.1), "portfolio": values}))).words()
    assert "The members of portfolio" in text
    assert re.search(r"slim\s*off\s*−0.0010", text)
    assert re.search(r"factors\s*64\s*chosen.on\s*a held-out part", text)
    assert "that were tried" not in text


def test_a_search_says_how_many_it_tried_and_what_that_was_worth():
    values = numbers(0.3, 0.2)
    values["settings"] = {"factors": 64}
    values["tuning"] = Tuning({"factors": 64}, 0.3, 0.28, around(0.02), 17, 5)
    text = Reader(page(evaluation({"popularity": numbers(0.1), "ials": values}))).words()
    assert "The best of 17 that were tried: +0.0200 in ndcg on the validation part" in " ".join(text.split())


def test_text_from_outside_stays_text():
    models = {"popularity": numbers(0.1), HOSTILE: numbers(0.3, 0.2)}
    text = page(evaluation(models, split=HOSTILE, command=HOSTILE))
    assert "<script" not in text
    reader = Reader(text)
    assert "script" not in reader.tags
    assert HOSTILE in reader.words()
    said = [attributes["aria-label"] for _, attributes in reader.attributes if attributes.get("role") == "img"]
    assert len(said) == 3
    assert all(HOSTILE in finding for finding in said)


def test_nothing_is_fetched():
    text = page(evaluation())
    for tag, attributes in Reader(text).attributes:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed"}
        for name in ("src", "href", "xlink:href", "srcset", "data", "poster"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "://" not in text
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#"}


def test_ids_are_told_apart_and_lead_somewhere():
    reader = Reader(page(evaluation()))
    ids = [attributes["id"] for _, attributes in reader.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))
    text = page(evaluation())
    assert set(re.findall(r'(?:url\(|href=")#([\w.-]+)', text)) <= set(ids)
    labelled = [attributes["aria-labelledby"] for _, attributes in reader.attributes if "aria-labelledby" in attributes]
    assert set(labelled) <= set(ids)


def test_tables_say_what_their_headers_are_of():
    attributes = [attributes for tag, attributes in Reader(page(evaluation())).attributes if tag == "th"]
    assert attributes
    assert all(one.get("scope") in {"row", "col"} for one in attributes)


def test_the_same_input_gives_the_same_bytes():
    """Also in another process: nothing depends on the order of a set, the time or a random number."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import test_report as t; print(t.page(t.evaluation()), end='')"
    folder = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout == page(evaluation())
    assert page(evaluation()) == page(evaluation())
    assert page(evaluation()) != page(evaluation(seed=8))


def test_a_list_that_says_nothing_of_novelty_costs_only_its_plot():
    models = {
        name: {key: value for key, value in numbers(0.1).items() if "novelty" not in key} for name in ("popularity",)
    }
    text = page(evaluation(models))
    assert "Accuracy against novelty" not in text
    assert "By listeners' activity" in unescape(text)


def test_the_users_matplotlib_settings_change_nothing():
    import matplotlib as mpl

    expected = page(evaluation())
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "xtick.major.size": 20}):
        assert page(evaluation()) == expected
        assert mpl.rcParams["font.size"] == 30


# --- the file


def test_a_page_is_written_whole_and_replaces_the_one_before(tmp_path):
    target = tmp_path / "report.html"
    target.write_text("before")
    report.check(target)
    report.write(evaluation(), target, on=TODAY, version="1.2.3")
    assert target.read_text(encoding="utf-8") == page(evaluation())
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path, monkeypatch):
    target = tmp_path / "report.html"
    target.write_text("before")

    def refuse(self, *_):
        raise PermissionError(13, "no")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(BadInput, match="cannot be written"):
        report.write(evaluation(), target, on=TODAY, version="1.2.3")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere/report.html", "there is no such folder"),
        (".", "is a folder"),
        ("train.txt", "is not the name of a page"),
        ("report", "is not the name of a page"),
    ],
)
def test_a_name_that_cannot_be_is_refused(tmp_path, name, message):
    with pytest.raises(BadInput, match=message) as error:
        report.check(tmp_path / name)
    assert error.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(BadInput, match="cannot be written"):
        report.check(tmp_path / "report.html")


@pytest.mark.parametrize("library", extras.EXTRAS["report"])
def test_a_missing_library_says_what_to_install(tmp_path, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra) as error:
        report.check(tmp_path / "report.html")
    assert error.value.hint == extras.install_command("report")
    with pytest.raises(MissingExtra):
        page(evaluation())


def test_nothing_is_imported_before_a_page_is_asked_for():
    code = "import sys, ml.evaluation.report.plots; print(sorted({'matplotlib', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- names at points


@given(
    st.lists(st.tuples(st.integers(20, 380), st.integers(20, 280)), min_size=1, max_size=13),
    st.integers(20, 120),
)
def test_no_name_lies_on_another(points, width):
    frame = (0, 0, 400, 300)
    boxes = labels.place([(width, 14)] * len(points), points, [], frame)
    for place, box in enumerate(boxes):
        assert frame[0] <= box[0] <= box[2] <= frame[2]
        assert frame[1] <= box[1] <= box[3] <= frame[3]
        assert all(labels.overlap(box, other) == 0 for other in boxes[:place])


def test_a_name_far_away_or_beside_another_point_has_a_line():
    box = (10, 0, 50, 10)
    assert not labels.needs_line(box, (2, 5), [(2, 5), (200, 5)])
    assert labels.needs_line(box, (2, 5), [(2, 5), (52, 5)])
    assert labels.needs_line(box, (-20, 5), [(-20, 5)])
