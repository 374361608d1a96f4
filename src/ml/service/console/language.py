"""In which language a page speaks: as asked for, as chosen before, as the browser says."""

from __future__ import annotations

from fastapi import Request

from ml.service.console.texts import LANGUAGES

COOKIE = "ml_language"


def language_of(request: Request) -> str:
    """Choose the language of an answer."""
    asked = (request.query_params.get("lang"), request.cookies.get(COOKIE))
    return next((each for each in asked if each in LANGUAGES), None) or preferred(
        request.headers.get("accept-language", "")
    )


def preferred(header: str) -> str:
    """Choose the language that a browser likes best of those there are.

    >>> preferred("fr, de-AT;q=0.8, en;q=0.5"), preferred("fr"), preferred("en;q=0, de;q=nonsense")
    ('de', 'en', 'en')
    """
    best, found = 0.0, LANGUAGES[0]
    for each in header.split(","):
        tag, _, weight = each.strip().partition(";q=")
        name = tag.lower().partition("-")[0]
        try:
            liked = float(weight or 1)
        except ValueError:
            continue
        if name in LANGUAGES and liked > best:
            best, found = liked, name
    return found
