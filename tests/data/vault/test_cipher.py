"""The forms of what is sealed: nothing of them can be changed, moved or opened by another key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.vault.cipher import KEY_BYTES, Cipher, Tampered, as_text, from_text, place
from ml.data.vault.root_keys import RootKey, read_keys, write_keys
from ml.foundation.errors import BadInput

KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
PLACES = st.lists(st.text(max_size=8), min_size=1, max_size=3)


@given(key=KEYS, plain=st.binary(max_size=200), where=PLACES)
def test_what_is_sealed_is_opened(key, plain, where):
    cipher = Cipher(key)
    text = as_text(cipher.seal(plain, place(*where)))
    assert Cipher(key).open(from_text(text), place(*where)) == plain


@given(key=KEYS, plain=st.binary(min_size=1, max_size=100), at=st.integers(min_value=0))
def test_every_flipped_bit_is_found(key, plain, at):
    cipher = Cipher(key)
    sealed = bytearray(cipher.seal(plain, b"here"))
    at %= 8 * len(sealed)
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(Tampered):
        cipher.open(bytes(sealed), b"here")


@given(plain=st.binary(max_size=100), character=st.characters(codec="ascii"), at=st.integers(min_value=0))
def test_every_changed_character_is_found(plain, character, at):
    cipher = Cipher(bytes(KEY_BYTES))
    text = as_text(cipher.seal(plain, b"here"))
    at %= len(text)
    changed = text[:at] + character + text[at + 1 :]
    if changed != text:
        with pytest.raises(Tampered):
            cipher.open(from_text(changed), b"here")


@given(plain=st.binary(max_size=100), length=st.integers(min_value=0))
def test_what_is_cut_short_is_found(plain, length):
    cipher = Cipher(bytes(KEY_BYTES))
    sealed = cipher.seal(plain, b"here")
    with pytest.raises(Tampered):
        cipher.open(sealed[: length % len(sealed)], b"here")


@given(one=PLACES, other=PLACES)
def test_nothing_can_be_moved(one, other):
    cipher = Cipher(bytes(KEY_BYTES))
    sealed = cipher.seal(b"x", place(*one))
    if one != other:
        with pytest.raises(Tampered):
            cipher.open(sealed, place(*other))


@given(one=KEYS, other=KEYS)
def test_another_key_opens_nothing(one, other):
    sealed = Cipher(one).seal(b"x", b"here")
    if one != other:
        with pytest.raises(Tampered):
            Cipher(other).open(sealed, b"here")


def test_the_same_is_never_sealed_the_same():
    cipher = Cipher(bytes(KEY_BYTES))
    assert len({cipher.seal(b"x", b"here") for _ in range(100)}) == 100


@given(st.lists(KEYS, max_size=3))
def test_keys_are_read_as_they_were_written(secrets):
    keys = [RootKey(secret) for secret in secrets]
    read = read_keys("# a note\n" + write_keys(keys).reveal(), where="here")
    assert [key.id for key in read] == [key.id for key in keys]


@pytest.mark.parametrize("text", ["sesame", "AAAA", "A" * 44, "ä" * 44])
def test_what_is_no_key_is_refused_and_not_repeated(text):
    with pytest.raises(BadInput) as caught:
        RootKey.parse(text, where="ML_VAULT_KEY")
    assert text not in str(caught.value)


def test_a_key_never_shows():
    key = RootKey.new()
    text = key.text().reveal()
    assert text not in f"{key} {key!r} {key.text()} {[key.text()]}"
    assert key.id not in text
