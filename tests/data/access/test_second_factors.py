"""Codes of an app: those of RFC 6238, each of use once, and for who has lost the app those on paper."""

import base64

import pytest

from ml.data.access import SecondFactorNeeded
from ml.data.access.one_time_codes import STEP_MS, code_of, new_secret, step_of
from ml.data.schema import second_factors
from ml.foundation.errors import BadInput, NotAuthenticated

from .conftest import PASSWORD

RFC = base64.b32encode(b"12345678901234567890").decode()
#: Appendix B of RFC 6238, SHA-1: seconds, and the code of eight digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("at_s", "code"), VECTORS)
def test_the_codes_are_those_of_the_standard(at_s, code):
    assert code_of(RFC, at_s * 1000 // STEP_MS, digits=8) == code
    assert step_of(RFC, code[2:], at_s * 1000) == at_s * 1000 // STEP_MS


def test_a_code_counts_one_step_early_or_late_and_no_more():
    now = 1_750_000_000_000
    here = now // STEP_MS
    found = [step_of(RFC, code_of(RFC, here + off), now) for off in (-2, -1, 0, 1, 2)]
    assert found == [None, here - 1, here, here + 1, None]


def test_secrets_are_long_and_each_another():
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(base64.b32decode(each)) for each in made} == {20}


@pytest.fixture
def anna(access):
    return access.accounts.create("anna", role="admin", password=PASSWORD)


@pytest.fixture
def codes(access, anna, clock):
    """Anna's app: gives the code of now, or of some steps away. And her recovery codes."""
    secret = access.second_factors.begin(anna.id, "anna").secret

    def code(steps=0):
        return code_of(secret, clock() // STEP_MS + steps)

    code.recovery = access.second_factors.confirm(anna.id, code())
    clock.forward(minutes=1)
    return code


def test_one_that_was_only_begun_is_not_asked_for(access, anna):
    access.second_factors.begin(anna.id, "anna")
    assert access.accounts.verify("anna", PASSWORD).id == anna.id
    assert not access.second_factors.state(anna.id).on
    with pytest.raises(BadInput, match="this code"):
        access.second_factors.confirm(anna.id, "000000")


def test_password_and_code_together_let_in(access, anna, codes):
    assert access.second_factors.state(anna.id).to_dict() == {"on": True, "recovery_codes": 8}
    with pytest.raises(SecondFactorNeeded, match="app"):
        access.accounts.verify("anna", PASSWORD)
    code = codes()
    assert access.accounts.verify("anna", PASSWORD, f"{code[:3]} {code[3:]}").id == anna.id


def test_a_code_is_of_use_once_and_none_before_it_afterwards(access, codes, other):
    access.accounts.verify("anna", PASSWORD, codes())
    for again, steps in ((access, 0), (other, 0), (access, -1)):
        with pytest.raises(SecondFactorNeeded, match="used"):
            again.accounts.verify("anna", PASSWORD, codes(steps))
    access.accounts.verify("anna", PASSWORD, codes(1))


def test_the_code_that_set_it_up_is_used(access, anna, clock):
    secret = access.second_factors.begin(anna.id, "anna").secret
    code = code_of(secret, clock() // STEP_MS)
    access.second_factors.confirm(anna.id, code)
    with pytest.raises(SecondFactorNeeded):
        access.accounts.verify("anna", PASSWORD, code)


def test_a_wrong_password_is_told_nothing_of_codes(access, codes):
    with pytest.raises(NotAuthenticated) as refused:
        access.accounts.verify("anna", "seven loud herons", codes())
    assert not isinstance(refused.value, SecondFactorNeeded)
    access.accounts.verify("anna", PASSWORD, codes())  # nor was the code used up


def test_guessing_codes_makes_the_account_wait(access, codes, clock):
    for _ in range(5):
        with pytest.raises(SecondFactorNeeded):
            access.accounts.verify("anna", PASSWORD, "000000")
    with pytest.raises(NotAuthenticated) as refused:
        access.accounts.verify("anna", PASSWORD, codes())
    assert not isinstance(refused.value, SecondFactorNeeded)
    clock.forward(s=30)
    assert access.accounts.verify("anna", PASSWORD, codes())


def test_a_recovery_code_gets_in_once(access, anna, codes):
    assert len(set(codes.recovery)) == 8
    typed = codes.recovery[3].upper().replace("-", " ")
    assert access.accounts.verify("anna", PASSWORD, typed)
    assert access.second_factors.state(anna.id).recovery_codes == 7
    with pytest.raises(SecondFactorNeeded):
        access.accounts.verify("anna", PASSWORD, codes.recovery[3])
    assert access.accounts.verify("anna", PASSWORD, codes.recovery[0])


def test_recovery_codes_are_not_in_the_store(access, codes, store):
    with store.read() as connection:
        (row,) = connection.execute(second_factors.select()).all()
    for code in codes.recovery:
        assert code not in str(row)
        assert code.replace("-", "") not in str(row)


def test_one_that_is_set_up_is_not_replaced_in_passing(access, anna, codes):
    with pytest.raises(BadInput, match="already"):
        access.second_factors.begin(anna.id, "anna")
    with pytest.raises(BadInput, match="begun"):
        access.second_factors.confirm(anna.id, codes())
    assert access.second_factors.remove(anna.id)
    assert not access.second_factors.remove(anna.id)
    assert access.accounts.verify("anna", PASSWORD)


def test_a_session_knows_whether_its_account_is_asked_for_more(access, anna, codes):
    _, cookie, _ = access.sessions.open(anna)
    assert access.sessions.authenticate(cookie).second_factor
    access.second_factors.remove(anna.id)
    assert not access.sessions.authenticate(cookie).second_factor


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "\ud800", "a" * 100, "000000"])
def test_what_is_no_code_is_none(access, codes, code):
    with pytest.raises(SecondFactorNeeded):
        access.accounts.verify("anna", PASSWORD, code)
