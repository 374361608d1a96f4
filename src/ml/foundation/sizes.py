"""Sizes in memory, as people write them."""

from __future__ import annotations

import re

from ml.foundation.errors import BadInput

_UNITS = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)\s*", re.ASCII)


def parse_size(text: str) -> int:
    """Read a size such as ``"2gb"``; units are powers of 1024.

    Parameters
    ----------
    text : str
        A number with an optional unit: b, kb, mb, gb, tb, in any case; also k, KiB, ….

    Returns
    -------
    int > 0
        Bytes.

    Raises
    ------
    BadInput
        If it is no size, or zero.

    Examples
    --------
    >>> parse_size("2gb"), parse_size("1.5 KiB")
    (2147483648, 1536)
    """
    match = _SIZE.fullmatch(text.lower())
    if match:
        letters = match[2].replace("i", "")
        unit = letters if letters in _UNITS else letters + "b"
        size = int(float(match[1]) * _UNITS[unit])
        if size > 0:
            return size
    raise BadInput(f"{text!r} is not a size in memory", "write a number with a unit: 512mb, 2gb")


def checked_size(text: str) -> str:
    """Give a text back that :func:`parse_size` reads.

    Raises
    ------
    ValueError
        As what checks settings wants it.
    """
    try:
        parse_size(text)
    except BadInput as error:
        raise ValueError(f"{error.message}; {error.hint}") from None
    return text
