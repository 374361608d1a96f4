"""The sections of settings that the service reads."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Literal

from pydantic import Field, field_validator

from ml.foundation.section import Section
from ml.foundation.sizes import checked_size


class Access(Section):
    """Who gets in, and for how long."""

    label = "access"

    session_idle_minutes: int = Field(
        default=30, description="minutes without a request after which a session ends", ge=1, le=1_440
    )
    session_hours: int = Field(default=12, description="hours that end a session, whatever happens in it", ge=1, le=168)
    invitation_hours: int = Field(default=72, description="hours in which an invitation can be accepted", ge=1, le=720)
    password_memory_mib: int = Field(
        default=64, description="MiB of memory that checking a password takes", ge=19, le=1024
    )
    second_factor: Literal["off", "offered", "admins"] = Field(
        default="offered",
        description="whether codes of an app can be set up beside the password: off, offered, or needed by admins",
    )


class Service(Section):
    """How the service listens, and how much of anything it takes."""

    label = "service"

    host: str = Field(
        description="address that `ml serve` listens at; 127.0.0.1 is reached from this machine only",
        default="127.0.0.1",
    )
    port: int = Field(description="port that it listens at; 0 takes a free one", default=8000, ge=0, le=65_535)
    workers: int = Field(description="processes that answer", default=1, ge=1, le=64)
    certificate: str = Field(
        description="PEM file of the certificate chain; with private_key, answers are encrypted", default=""
    )
    private_key: str = Field(description="PEM file of the certificate's key", default="")
    cors_origins: list[str] = Field(
        description="other sites whose pages may ask this service, such as https://player.example; none by default",
        default_factory=list,
    )
    hosts: list[str] = Field(
        description="names that this service is asked by, such as music.example; others than its own are refused",
        default_factory=list,
    )
    trusted_proxies: list[str] = Field(
        description="addresses or networks, such as 10.0.0.0/8, whose X-Forwarded-For, -Proto and -Host are believed",
        default_factory=list,
    )
    hsts_days: int = Field(
        description="days for which browsers ask this host over TLS only, once they did; 0 says nothing of it",
        default=365,
        ge=0,
        le=3_650,
    )
    timeout_s: float = Field(description="seconds after which a request is given up", default=30.0, gt=0, le=3600)
    long_timeout_s: float = Field(
        description="the same for what asks other servers, or gives all that is stored of a listener",
        default=300.0,
        gt=0,
        le=3600,
    )
    shutdown_s: int = Field(
        description="seconds that requests under way have to end when the service is stopped", default=20, ge=0, le=600
    )
    max_body: str = Field(description="bytes of a request, at most", default="1mb")
    max_upload: str = Field(description="bytes of a file that is sent, at most", default="200mb")
    max_kept: str = Field(
        description="bytes of drawn and of playable sounds that are kept, at most; the longest unused go first",
        default="4gb",
    )
    rate_per_minute: int = Field(
        description="requests of one caller in a minute, at most, in each process", default=60_000, ge=1
    )
    waiting_per_caller: int = Field(
        description="requests of one caller that wait for a thread, at most, in each process",
        default=256,
        ge=1,
        le=100_000,
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, texts: list[str]) -> list[str]:
        for text in texts:
            ip_network(text, strict=False)
        return texts

    @field_validator("max_body", "max_upload", "max_kept")
    @classmethod
    def _size(cls, text: str) -> str:
        return checked_size(text)


class Audit(Section):
    """Who did what."""

    label = "audit"

    on: bool = Field(description="whether what is changed, and personal data that are read, are recorded", default=True)
    retention_days: int = Field(
        description="after so many days records are removed, whole files at a time", default=365, ge=1, le=36_500
    )
    key_file: str = Field(
        description="file of the key that seals records and makes pseudonyms; empty means audit.key in the workspace",
        default="",
    )


class Vault(Section):
    """Where the key lies that encrypts what is personal; `ml keys init` makes one."""

    label = "vault"

    key_file: str = Field(
        description="file of the root key, outside the workspace; empty means the variable ML_VAULT_KEY, if it is set",
        default="",
    )
    keyring: bool = Field(
        description="whether the key lies in the keyring of the operating system, where neither is given", default=False
    )
