"""Text as every playlist format can hold it."""

from __future__ import annotations

import re

#: C0 and C1 controls, line and paragraph separators, lone surrogates, non-characters of XML.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")


def cleaned(text: str | None) -> str | None:
    r"""Put a blank in the place of what no format can hold safely; None where nothing is left.

    >>> cleaned(" one\ntwo "), cleaned("\x00")
    ('one two', None)
    """
    return None if text is None else UNSAFE.sub(" ", text).strip() or None
