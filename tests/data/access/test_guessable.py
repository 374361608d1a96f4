"""Passwords that are guessed first, and some that are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.access.guessable import WORDS, why_guessable

FIRST = [
    "passwordpassword",
    "Password1234",
    "P@ssw0rd!2026",
    "qwertyuiop123",
    "qwertzuiop1!",
    "123456789012",
    "1234567890987654321",
    "aaaaaaaaaaaa",
    "abababababab",
    "abc123abc123",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "letmein12345",
    "iloveyou2024!",
    "ILoveYouForever",
    "welcome12345",
    "administrator",
    "Sommer2026!!!",
    "hallohallo12",
    "spotifyspotify",
    "musicmusic99",
    "changemeplease",
    "ichliebedich1",
    "24.12.2025 24.12",
    "dragonmonkey1",
    "zxcvbnmasdfgh",
    "poiuytrewq12",
]


@pytest.mark.parametrize("password", FIRST)
def test_what_is_guessed_first_is_refused(password):
    assert why_guessable(password)


@pytest.mark.parametrize(
    "password", ["seven quiet herons", "correct horse battery staple", "Xk9 vQ2 mWr7 Lp", "der Reiher stand im Regen"]
)
def test_what_is_not_is_taken(password):
    assert why_guessable(password) is None


@pytest.mark.parametrize("password", ["annaberg1984", "Berg.Anna.Berg", "4nn4_b3rg_2026", "anna-password-1"])
def test_the_accounts_name_is_no_secret(password):
    assert "name" in why_guessable(password, "Anna Berg")
    assert why_guessable(password, "Carl") is None


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=4), st.integers(0, 10**6), st.sampled_from("! .-"))
def test_words_and_numbers_in_any_order_are_refused(words, number, sign):
    assert why_guessable(sign.join(words) + str(number))
    assert why_guessable(f"{number}{sign}{''.join(word.title() for word in words)}")


@settings(max_examples=40)
@given(st.text(max_size=128), st.text(max_size=100))
def test_any_text_has_an_answer(password, name):
    reason = why_guessable(password, name)
    assert reason is None or reason
