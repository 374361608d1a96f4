"""What a text is: the same in each language."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "de")
#: By name: English, German.
Texts = Mapping[str, tuple[str, str]]
