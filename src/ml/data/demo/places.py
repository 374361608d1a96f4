"""The countries of the demo world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ml.data.demo.arrays import Codes, Doubles


class Country(NamedTuple):
    """A country: where listeners and artists come from.

    Parameters
    ----------
    code : str
        ISO 3166.
    language : str
        ISO 639-1.
    utc_offset_h : int
        Local time minus UTC, in hours, all year.
    listeners, artists : float > 0
        Shares.
    """

    code: str
    language: str
    utc_offset_h: int
    listeners: float
    artists: float


COUNTRIES: tuple[Country, ...] = (
    Country("US", "en", -6, 0.24, 0.28),
    Country("GB", "en", 0, 0.12, 0.16),
    Country("DE", "de", 1, 0.16, 0.13),
    Country("AT", "de", 1, 0.03, 0.02),
    Country("FR", "fr", 1, 0.11, 0.11),
    Country("ES", "es", 1, 0.08, 0.07),
    Country("MX", "es", -6, 0.07, 0.06),
    Country("BR", "pt", -3, 0.11, 0.09),
    Country("JP", "ja", 9, 0.08, 0.08),
)

CODES: tuple[str, ...] = tuple(country.code for country in COUNTRIES)
LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "pt", "ja")
ENGLISH = LANGUAGES.index("en")


def languages() -> Codes:
    """Give each country's language as an index into :data:`LANGUAGES`, int8."""
    return np.array([LANGUAGES.index(country.language) for country in COUNTRIES], dtype=np.int8)


def offsets_h() -> Codes:
    """Give each country's local time minus UTC in hours, int8."""
    return np.array([country.utc_offset_h for country in COUNTRIES], dtype=np.int8)


def shares(of: str) -> Doubles:
    """Give the countries' shares of ``"listeners"`` or ``"artists"``, summing to 1."""
    share: Doubles = np.array([getattr(country, of) for country in COUNTRIES], dtype=np.float64)
    share /= share.sum()
    return share
