"""A variant fills in what a request leaves open, and nothing else."""

import pytest

from ml.experiments.exposure import Assignment
from ml.foundation.errors import BadInput
from ml.foundation.settings import Recommendation
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.variants import PARAMETERS, check, named, vary


def assignment(parameters, varied=None):
    return Assignment(1, "warm", "B", parameters, frozenset(parameters if varied is None else varied), new=True)


def request(**given):
    return Request.of(Recommendation(), **{"count": 10, **given})


def test_what_is_open_is_filled_in():
    parameters = {"algorithm": "ease", "familiar_ratio": 0.7, "max_per_artist": 3}
    varied, met = vary(request(), [assignment(parameters)], named(None, None, None, None))
    assert (varied.algorithm, varied.familiar_ratio, varied.max_per_artist) == ("ease", 0.7, 3)
    assert len(met) == 1


def test_the_control_is_met_too():
    asked = request()
    varied, met = vary(asked, [assignment({}, ["algorithm"])], set())
    assert varied == asked
    assert len(met) == 1


@pytest.mark.parametrize(
    "given", [("ease", None, None, None), (None, 0.0, None, None), (None, None, None, {"familiar_ratio": 0})]
)
def test_what_is_named_stays_and_its_experiment_is_not_met(given):
    asked = request(algorithm=given[0], familiar_ratio=given[1], preferences=given[3])
    both = assignment({"algorithm": "slim", "familiar_ratio": 1.0})
    apart = assignment({"max_per_artist": 9})
    varied, met = vary(asked, [both, apart], named(*given))
    assert (varied.algorithm, varied.familiar_ratio) == (asked.algorithm, asked.familiar_ratio)
    assert varied.max_per_artist == 9
    assert met == [apart]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"speed": 1}, "no parameter 'speed'"),
        ({"algorithm": "eas"}, "unknown algorithm 'eas'"),
        ({"algorithm": 7}, "algorithm = 7"),
        ({"algorithm": ""}, "unknown algorithm ''"),
        *(({name: None}, f"{name} = null") for name in PARAMETERS),
        ({"familiar_ratio": 1.2}, "familiar_ratio = 1.2"),
        ({"max_per_artist": "two"}, "max_per_artist = 'two'"),
        ({"exposure": {"tial": 0.2}}, "no group is called 'tial'"),
        ({"context": "off"}, "context = 'off'"),
        ({"session_strength": -1}, "session_strength = -1"),
        ({"session_half_life_minutes": 0}, "session_half_life_minutes = 0"),
    ],
)
def test_parameters_that_no_request_could_have(parameters, said):
    with pytest.raises(BadInput, match=said):
        check(parameters)


def test_the_algorithm_that_is_asked_for():
    assert check({"algorithm": "ease"}) == "ease"
    assert check({}) == "hybrid_deep"
