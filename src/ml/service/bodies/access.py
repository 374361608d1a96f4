"""Who gets in, and as what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from ml.service.bodies.base import Body, Name, shown

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Role = Literal["admin", "analyst", "service", "listener"]


class LogIn(Body):
    """A name and a password."""

    model_config = shown({"name": "ada", "password": "a long enough phrase 7"})

    name: Name
    password: str = Field(min_length=1, max_length=1000)
    code: Code | None = Field(None, description="of an app, where the account has a second factor")


class PasswordShown(Body):
    """A password, shown once more."""

    model_config = shown({"password": "a long enough phrase 7"})

    password: str = Field(min_length=1, max_length=1000)


class PasswordAndCode(PasswordShown):
    """A password and a code, shown once more."""

    model_config = shown({"password": "a long enough phrase 7", "code": "123456"})

    code: Code


class CodeShown(Body):
    """A code of an app."""

    model_config = shown({"code": "123456"})

    code: Code


class Acceptance(Body):
    """What somebody makes of a link."""

    model_config = shown({"token": "…", "name": "ada", "password": "a long enough phrase 7"})

    token: str = Field(min_length=1, max_length=200)
    name: Name
    password: str = Field(min_length=1, max_length=1000)


class Link(Body):
    """The token of a link."""

    model_config = shown({"token": "…"})

    token: str = Field(min_length=1, max_length=200)


class KeyAsked(Body):
    """A key for a program."""

    model_config = shown({"name": "player", "role": "service", "scopes": ["events:write"]})

    name: Name
    role: Role
    scopes: list[Name] = Field(default_factory=list, max_length=100, description="none means all of the role's")
    user_id: Name | None = Field(None, description="of the role listener: which one")
    expires_at: AwareDatetime | None = None


class RotationAsked(Body):
    """For how long the old secret stays valid."""

    model_config = shown({"overlap_s": 3600})

    overlap_s: float = Field(0.0, ge=0, le=2_592_000)


class InvitationAsked(Body):
    """For whom a link is."""

    model_config = shown({"role": "analyst"})

    role: Role
    user_id: Name | None = None


class PasswordChange(Body):
    """A new password, and the one before."""

    model_config = shown({"old": "a long enough phrase 7", "new": "another long phrase 8"})

    old: str = Field(min_length=1, max_length=1000)
    new: str = Field(min_length=1, max_length=1000)
    code: Code | None = None
