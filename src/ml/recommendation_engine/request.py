"""What can be asked for, checked at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ml.foundation.errors import BadInput
from ml.foundation.phrase import Language, require_language
from ml.foundation.settings import Recommendation as Settings
from ml.models.asking import Asking
from ml.recommendation_engine.groups import exposure_of
from ml.recommendation_engine.wishes import CONTEXT, PREFERENCES, Wishes, asking_of, check_names

#: Items in one answer, at most.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the engine.

    Parameters
    ----------
    count : int in [1, 1000]
    algorithm : str
    familiar_ratio : float in [0, 1]
    max_per_artist : int >= 1
    reasons : int in [0, 10]
    strict : bool
    asking : Asking, optional
        The situation; None where none was given.
    wishes : Wishes
    language : str
        ``"en"`` or ``"de"``, of what is said.
    profiling : bool
        Whether anything that is known of the listener may be read.
    exposure : mapping of str to (float, float)
        The least and the most of the new items that are to be of a group of artists.
    session_strength, session_half_life_minutes : float, optional
        Of the session, where an experiment sets them; None is what the settings say.
    """

    count: int
    algorithm: str
    familiar_ratio: float
    max_per_artist: int
    reasons: int
    strict: bool = False
    asking: Asking | None = None
    wishes: Wishes = field(default_factory=Wishes)
    language: Language = "en"
    profiling: bool = True
    exposure: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    session_strength: float | None = None
    session_half_life_minutes: float | None = None

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        count: int,
        algorithm: str | None = None,
        familiar_ratio: float | None = None,
        max_per_artist: int | None = None,
        reasons: int | None = None,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        strict: bool = False,
        language: str | None = None,
        profiling: bool | None = None,
        exposure: Mapping[str, Any] | None = None,
    ) -> Self:
        """Fill in defaults and check.

        Raises
        ------
        BadInput
            Naming the argument, its value and what is allowed.
        """
        wishes = dict(_pairs("preferences", preferences))
        check_names("context", _pairs("context", context), CONTEXT)
        check_names("preferences", wishes, PREFERENCES)
        if familiar_ratio is not None and wishes.get("familiar_ratio") is not None:
            raise BadInput(
                f"familiar_ratio = {familiar_ratio!r}, and {wishes['familiar_ratio']!r} among the preferences",
                "leave one of them out",
            )
        dial = familiar_ratio if familiar_ratio is not None else wishes.pop("familiar_ratio", settings.familiar_ratio)
        if isinstance(dial, bool) or not isinstance(dial, int | float) or not 0 <= dial <= 1:
            raise BadInput(f"familiar_ratio = {dial!r}", "give a share between 0 (only new) and 1 (only familiar)")
        cap = settings.max_per_artist if max_per_artist is None else max_per_artist
        return cls(
            count=between("count", count, 1, MOST),
            algorithm=_text("algorithm", algorithm or settings.algorithm),
            familiar_ratio=float(dial),
            max_per_artist=between("max_per_artist", cap, 1, MOST),
            reasons=between("reasons", settings.reasons if reasons is None else reasons, 0, 10),
            strict=require_flag("strict", strict),
            asking=asking_of(context or {}),
            wishes=Wishes.of(wishes),
            language=require_language(settings.language if language is None else language),
            profiling=require_flag("profiling", settings.profiling if profiling is None else profiling),
            exposure=exposure_of(exposure, settings.min_tail_share),
        )

    def settings(self, defaults: Settings) -> Settings:
        """Give the settings that hold for this question."""
        named = {name: getattr(self, name) for name in ("session_strength", "session_half_life_minutes")}
        changed = {name: value for name, value in named.items() if value is not None}
        return defaults.model_copy(update=changed) if changed else defaults


def _pairs(name: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "give names and values, such as {'activity': 'workout'}")
    return value


def require_flag(name: str, value: object) -> bool:
    """Check that a value is True or False.

    Raises
    ------
    BadInput
    """
    if not isinstance(value, bool):
        raise BadInput(f"{name} = {value!r}", "give True or False")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{name} = {value!r}", "give its name, a text")
    return value


def listeners(ids: Iterable[str]) -> list[str]:
    """Check that several ids of listeners are that.

    >>> listeners(["hetrec:user/2"])
    ['hetrec:user/2']

    Raises
    ------
    BadInput
        If one text stands for all of them, or an id is no text.
    """
    if isinstance(ids, str):
        raise BadInput(f"{ids!r} is one listener", f"give a list of them: [{ids!r}]")
    if not isinstance(ids, Iterable):
        raise BadInput(f"{ids!r} is no list of listeners", "give their ids: ['hetrec:user/2']")
    given = list(ids)
    for each in given:
        if not isinstance(each, str):
            raise BadInput(f"{each!r} is no listener's id", "give a text, such as 'hetrec:user/2'")
        if not each.strip():
            raise BadInput("a listener's id is empty", "give one, such as 'hetrec:user/2'")
    return given


def between(name: str, value: object, low: int, high: int) -> int:
    """Check a whole number.

    >>> between("count", 10, 1, MOST)
    10

    Raises
    ------
    BadInput
        Naming the argument, its value and what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadInput(f"{name} = {value!r}", f"give a whole number between {low} and {high}")
    return value
