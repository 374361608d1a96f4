"""Moments as people read them: one form, wherever text is printed. JSON has ISO 8601, or UTC milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(moment: datetime | int | str) -> str:
    """Write a moment to the minute.

    Parameters
    ----------
    moment : datetime, int or str
        With a time zone; UTC milliseconds; or ISO 8601 with a time zone.

    Examples
    --------
    >>> in_utc(0), in_utc("2026-11-26T05:39:18.178+01:00")
    ('1970-01-01 00:00 UTC', '2026-11-26 04:39 UTC')
    """
    if isinstance(moment, int):
        moment = datetime.fromtimestamp(moment / 1000, UTC)
    elif isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
