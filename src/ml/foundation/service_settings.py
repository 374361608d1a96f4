"""The sections of settings that the service reads."""

from __future__ import annotations

from pydantic import Field

from ml.foundation.section import Section


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
