"""What the verbs of both clients have in common: only what an answer comes as differs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

from ml.client.asking import Ask

#: An answer that is an object, a list of them, a file, nothing: there at once, or to be awaited.
One = TypeVar("One")
Many = TypeVar("Many")
Raw = TypeVar("Raw")
Nothing = TypeVar("Nothing")


class Verbs(ABC, Generic[One, Many, Raw, Nothing]):
    """Asks, and gives what is answered."""

    @abstractmethod
    def _asked(self, ask: Ask) -> Any:
        """Ask."""

    def _one(self, ask: Ask) -> One:
        return cast("One", self._asked(ask))

    def _many(self, ask: Ask) -> Many:
        return cast("Many", self._asked(ask))

    def _raw(self, ask: Ask) -> Raw:
        return cast("Raw", self._asked(replace(ask, raw=True)))

    def _nothing(self, ask: Ask) -> Nothing:
        return cast("Nothing", self._asked(ask))
