"""Countries as ISO 3166 codes, whatever a source calls them.

Conventions
-----------
A code is two capital letters. English names, those of the Unicode CLDR and those of ISO 3166 itself,
three-letter and numeric codes become the code of the country; what is none of these stays as it was
written, since a place nobody knows is better than none.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

import polars as pl

from ml.data.identity.names import normalise
from ml.foundation.errors import BadInput

# Codes of CLDR that are no country's: unions, pseudo-locales, the unknown.
_NONE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
# ISO 3166 puts the form of government behind a comma, or in brackets: "Iran, Islamic Republic of".
_FORM = re.compile(
    r"([^,(]+?)\s*[,(]\s*(?:[\w' ]*\b(?:republic|states?|kingdom|province) of(?: china)?)\s*\)?\s*$", re.IGNORECASE
)
# Names of ISO 3166, and older ones that exports still carry, where CLDR has another.
_OTHERWISE = {
    "Brunei Darussalam": "BN",
    "Burma": "MM",
    "Cape Verde": "CV",
    "Congo": "CG",
    "Congo, the Democratic Republic of the": "CD",
    "Congo (Democratic Republic of the)": "CD",
    "Czech Republic": "CZ",
    "Great Britain": "GB",
    "Holy See (Vatican City State)": "VA",
    "Hong Kong": "HK",
    "Ivory Coast": "CI",
    "Korea": "KR",
    "Korea, Democratic People's Republic of": "KP",
    "Korea, Republic of": "KR",
    "Korea (Democratic People's Republic of)": "KP",
    "Korea (Republic of)": "KR",
    "Lao People's Democratic Republic": "LA",
    "Libyan Arab Jamahiriya": "LY",
    "Macao": "MO",
    "Macedonia": "MK",
    "Myanmar": "MM",
    "Palestine, State of": "PS",
    "Palestinian Territory, Occupied": "PS",
    "Russian Federation": "RU",
    "Saint Vincent and the Grenadines": "VC",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "Turkey": "TR",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "United States of America": "US",
    "Viet Nam": "VN",
    "Virgin Islands, British": "VG",
    "Virgin Islands, U.S.": "VI",
}


def country_code(text: str) -> str:
    """Give the ISO 3166 code of a country, or the text itself where it names none.

    >>> country_code("Germany"), country_code("us"), country_code("GBR"), country_code("Iran, Islamic Republic of")
    ('DE', 'US', 'GB', 'IR')
    >>> country_code("Atlantis")
    'Atlantis'
    """
    known = _codes()
    found = known.get(normalise(text))
    if found is None and (form := _FORM.match(text)):
        found = known.get(normalise(form[1]))
    return found or text


def require_country(text: str) -> str:
    """Give the ISO 3166 code of a country that somebody asks for.

    >>> require_country("pe"), require_country("Germany"), require_country("Österreich")
    ('PE', 'DE', 'AT')

    Raises
    ------
    BadInput
        If it names none, with those that are near.
    """
    asked, known = str(text).strip(), _codes()
    found = country_code(asked)
    if found in known.values():
        return found
    # Of two letters one is enough to be near.
    codes = sorted(set(known.values()))
    near = get_close_matches(asked.upper(), codes, n=3, cutoff=0.5) if len(asked) == 2 else []
    near = near or [known[name] for name in get_close_matches(normalise(asked), known, n=3, cutoff=0.75)]
    names = " or ".join(dict.fromkeys(repr(code) for code in near))
    hint = (
        f"did you mean {names}?" if names else "write a code of ISO 3166 such as 'PE', or its name in English or German"
    )
    raise BadInput(f"{text!r} is no country", hint)


def country_name(code: str, language: str) -> str:
    """Give a country's name in a language of CLDR; a code without one stays as it is.

    >>> country_name("PE", "de"), country_name("DE", "de"), country_name("DE", "en"), country_name("Atlantis", "de")
    ('Peru', 'Deutschland', 'Germany', 'Atlantis')
    """
    from babel.core import Locale  # late, as below

    return str(Locale(language).territories.get(code, code))


def with_country_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace what the column ``country`` says by codes, where there is such a column."""
    if "country" not in frame.columns:
        return frame
    names = frame["country"].drop_nulls().unique()
    codes = {name: country_code(name) for name in names}
    return frame.with_columns(pl.col("country").replace(codes)) if codes else frame


@cache
def _codes() -> dict[str, str]:
    """Map every name and code, in the form in which two spellings are equal, to a code."""
    from babel.core import Locale, get_global  # late: reading its tables takes longer than most imports

    territories = {str(code): str(name) for code, name in Locale("en").territories.items()}
    names = {code: territories[code] for code in territories if re.fullmatch("[A-Z]{2}", code) and code not in _NONE}
    found = {
        normalise(alias): codes[0]
        for alias, codes in get_global("territory_aliases").items()
        if len(codes) == 1 and codes[0] in names
    }
    for code, name in names.items():
        found |= {normalise(name): code, normalise(name.replace("St. ", "Saint ")): code, code.lower(): code}
    found |= {normalise(name): code for name, code in _OTHERWISE.items()}
    german = {str(code): str(name) for code, name in Locale("de").territories.items()}
    return {normalise(german[code]): code for code in names if code in german} | found
