import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.identity import match_key, normalise, split_credit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "beyonce"),
        ("The Beatles", "Beatles"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("AC/DC", "AC, DC"),
        ("Sigur Rós", "Sigur Ros"),
        ("坂本龍一", " 坂本龍一 "),
    ],
)
def test_spellings_of_one_name_meet(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("Air", "Airs"), ("!!!", "???"), ("The The", "The")])
def test_different_names_stay_apart(one, other):
    assert normalise(one) != normalise(other)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_and_never_gives_the_separator(name):
    once = normalise(name)
    assert "|" not in once
    assert once == normalise(once) or not once.isalnum()


def test_guests_and_remasters_do_not_hide_a_recording_but_versions_do():
    plain = match_key("track", "Help!", "The Beatles")
    assert match_key("track", "Help! - Remastered 2009", "Beatles") == plain
    assert match_key("track", "Help! (2009 Remaster)", "Beatles") == plain
    assert match_key("track", "Help! (feat. Someone)", "The Beatles ft. Someone") == plain
    assert match_key("track", "Help! - Live", "The Beatles") != plain


@pytest.mark.parametrize(
    ("credit", "known", "names"),
    [
        ("A feat. B & C", (), ["A", "B", "C"]),
        ("Simon & Garfunkel", (), ["Simon & Garfunkel"]),
        ("Simon & Garfunkel", ("Simon", "Garfunkel", "Simon & Garfunkel"), ["Simon & Garfunkel"]),
        ("Elton John, Dua Lipa", ("Elton John", "Dua Lipa"), ["Elton John", "Dua Lipa"]),
        ("Elton John, Dua Lipa", ("Elton John",), ["Elton John, Dua Lipa"]),
        ("X ft. Earth, Wind & Fire", ("Earth, Wind & Fire",), ["X", "Earth, Wind & Fire"]),
        ("Crosby, Stills, Nash & Young", (), ["Crosby, Stills, Nash & Young"]),
        ("Featherweight", (), ["Featherweight"]),
        ("A feat. A", (), ["A"]),
    ],
)
def test_a_credit_is_split_only_where_that_is_sure(credit, known, names):
    assert [part.name for part in split_credit(credit, set(known).__contains__)] == names


def test_a_source_that_counts_its_artists_is_believed():
    assert [part.name for part in split_credit("Ann & Bob", lambda _: False, artists=2)] == ["Ann", "Bob"]


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_credit_names_somebody(credit):
    found = split_credit(credit, lambda _: False)
    assert found
    assert found[0].role == "main"
