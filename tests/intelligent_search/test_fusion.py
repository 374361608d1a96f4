"""Rankings as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.intelligent_search.fusion import Ranking, reciprocal_rank_fusion, weighted_fusion

RANKINGS = st.dictionaries(
    st.sampled_from(["words", "meaning", "company"]),
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 100), max_size=8).map(
        lambda found: Ranking(sorted(found, key=lambda one: -found[one]), sorted(found.values(), reverse=True))
    ),
)


def test_ranks_add_up_as_the_paper_says():
    fused = reciprocal_rank_fusion({"a": Ranking("xy", [3, 1]), "b": Ranking("yz", [9, 8])}, constant=60)
    assert [hit.id for hit in fused] == ["y", "x", "z"]
    assert fused[0].score == pytest.approx(1 / 62 + 1 / 61)
    assert fused[0].parts["b"].rank == 1
    assert fused[0].parts["a"].score == 1


def test_scores_are_taken_as_shares_of_the_best():
    fused = weighted_fusion({"a": Ranking("xy", [30, 15]), "b": Ranking("y", [0.2])}, weights={"b": 0.7})
    assert [(hit.id, hit.score) for hit in fused] == [("y", pytest.approx(1.2)), ("x", 1)]


@pytest.mark.parametrize("fuse", [reciprocal_rank_fusion, weighted_fusion])
@given(rankings=RANKINGS)
def test_shares_sum_to_the_score_and_all_are_there_in_order(fuse, rankings):
    fused = fuse(rankings, weights={"words": 2.0}, count=100)
    assert {hit.id for hit in fused} == {one for ranking in rankings.values() for one in ranking.ids}
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)
    for hit in fused:
        assert hit.score == pytest.approx(sum(part.share for part in hit.parts.values()))
    assert [hit.id for hit in fuse(rankings, weights={"words": 2.0}, count=3)] == [hit.id for hit in fused[:3]]


def test_one_ranking_stays_as_it_is_and_none_gives_nothing():
    alone = {"words": Ranking("cab", [3, 2, 1])}
    for fuse in (reciprocal_rank_fusion, weighted_fusion):
        assert [hit.id for hit in fuse(alone)] == ["c", "a", "b"]
        assert fuse({}) == []
    with pytest.raises(ValueError, match="2 ids and 1 scores"):
        Ranking("ab", [1])
