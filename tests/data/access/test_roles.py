"""The tables of roles and scopes, and who is asking."""

import pytest

from ml.data.access import LOCAL, ROLES, SCOPES, Principal
from ml.foundation.errors import Forbidden
from ml.foundation.phrase import spoken


def test_roles_hold_scopes_that_exist():
    assert list(ROLES) == ["admin", "analyst", "service", "listener"]
    assert set.union(*map(set, ROLES.values())) == set(SCOPES) == ROLES["admin"]


def test_who_lets_others_in_is_an_admin():
    reserved = {"keys:read", "keys:write", "accounts:read", "accounts:write", "audit:read", "exports:read"}
    assert [role for role in ROLES if ROLES[role] & reserved] == ["admin"]


def test_nobody_but_admins_changes_what_everybody_gets():
    for scope in ("models:write", "imports:write", "catalogue:write"):
        assert [role for role in ROLES if scope in ROLES[role]] == ["admin"]
    assert "listeners:write" not in ROLES["analyst"] | ROLES["service"]


def test_scopes_are_explained_in_both_languages():
    for text in SCOPES.values():
        assert spoken(text, "de") != str(text)


def test_a_principal_needs_the_scope():
    who = Principal("key", "key:1", "navidrome", "service", frozenset({"search:read"}))
    assert who.may("search:read")
    who.require("search:read")
    assert not who.may("search")
    with pytest.raises(Forbidden, match="'navidrome' may not do this: it takes 'keys:write'"):
        who.require("keys:write")
    assert LOCAL.scopes == set(SCOPES)
    assert LOCAL.to_dict()["scopes"] == sorted(SCOPES)
