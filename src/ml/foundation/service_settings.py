"""The sections of settings that the service reads."""

from __future__ import annotations

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
    timeout_s: float = Field(description="seconds after which a request is given up", default=30.0, gt=0, le=3600)
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
