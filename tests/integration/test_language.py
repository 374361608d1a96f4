"""``--language de``: nothing that a command prints beside names and data is English."""

import re

import pytest

#: Words that English notices, reasons and labels of these commands are made of, and German ones are not.
ENGLISH = re.compile(
    r"\b(the|you|your|is|are|of|and|by|with|like|likes|played|because|suggested|popular|new|listener|listeners|note|"
    r"familiar|answers?|ask|next|event|at|took|back|history|rank|place|without|what|still|for|it|known|these|nobody|"
    r"items?|share|asked|after|list|not|no|only)\b",
    re.IGNORECASE,
)
COMMANDS = [
    "recommend calm-1 -n 6 --familiar 0.5",
    "recommend local:user/neu -n 3",
    "recommend calm-1 --no-profiling --prefer energy_level=low --familiar 0.5",
    "recommend calm-1 --context activity=workout --context mood=happy --prefer energy_level=low",
    "recommend calm-1 --prefer language=German",
    "recommend calm-1 --at-least tail=0.5",
    "recommend calm-1 --algorithm hybrid_deep",
    "explain calm-1 TRACK",
    "explain calm-1 TRACK --context activity=workout",
    "explain calm-1 TRACK --no-profiling",
    "explain calm-1 TRACK --prefer energy_level=low --prefer year_from=2100",
    "explain calm-1 HEARD",
    "explain --parameters",
    "onboard",
    "onboard --like ARTIST --age 30 --at-least tail=0.5",
    "record calm-1 TRACK",
    "record calm-1 TRACK --event add_to_playlist",
    "undo calm-1",
    "history pause calm-1",
    "record calm-1 TRACK --event skip --ms-played 4000",
    "recommend calm-1 -n 3",
    "history resume calm-1",
]
#: What stays as it is: options, calls and settings in statements, ids, and the outline of a command.
LEFT = re.compile(r"--[a-z-]+( [a-z_]+)?|ml [a-z]+( [a-z]+)?|LISTENER|ITEM|[a-z_]+\([^)]*\)|not_now|\S+:\S+")


@pytest.fixture
def named(trained):
    """A new and a familiar track of a listener, and an artist."""
    answer = trained("recommend", "calm-1", "--familiar", "0.5", "--json").json["tracks"]
    new, heard = (next(track for track in answer if track["familiar"] is known) for known in (False, True))
    return {"TRACK": new["item_id"], "HEARD": heard["item_id"], "ARTIST": new["artist"]}


def test_everything_that_is_said_is_german(trained, named):
    found = {}
    for line in COMMANDS:
        words = [named.get(word, word) for word in line.split()]
        said = LEFT.sub(" ", trained(*words, "--language", "de").out)
        if english := ENGLISH.findall(said):
            found[line] = (sorted(set(english)), said)
    assert not found


def test_an_event_is_said_in_german(trained, named):
    words = [named["TRACK"], "--language", "DE"]
    for event, said in (("skip", "übersprungen: "), ("not_now", "gerade nicht erwünscht: ")):
        assert trained("record", "calm-1", *words, "--event", event).out.startswith(said)
        undone = trained("undo", "calm-1", "--language", "de").out
        assert undone.startswith("zurückgenommen: ")
        assert said.removesuffix(": ") in undone
    (line,) = [row for row in trained("explain", "calm-1", *words).out.splitlines() if named["TRACK"] in row]
    assert re.search(r"\d,\d{3}$", line)


def test_the_setting_does_the_same(trained, named):
    german = {"ML_RECOMMENDATION_ENGINE__LANGUAGE": "de"}
    for line in ("recommend calm-1", "onboard", "record calm-1 TRACK", "explain calm-1 TRACK"):
        words = [named.get(word, word) for word in line.split()]
        said = LEFT.sub(" ", trained(*words, **german).out)
        assert not ENGLISH.findall(said), said
