"""The model of situations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from ml.features.vocabulary import ACTIVITIES, LOCATIONS, MOODS, TIMES_OF_DAY, Region, hour_of, time_of_day
from ml.models.asking import Asking
from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.context.beliefs import believe
from ml.models.context.dimensions import DIMENSIONS, SATURDAY, asked, told
from ml.models.context.learning import MAIN, Lesson, learn, spoken_through
from ml.models.context.lifts import Shrinkage
from ml.models.context.packing import pack, unpack
from ml.models.context.suited import Suited
from ml.models.context.trial import Found
from ml.models.plays import Floats, Indices, Plays

#: Liked listens in a value from which on listens alone speak for it.
ENOUGH = 200
#: Situations that are kept, each a number an item.
KEPT = 64
#: How much likelier, in logarithms, an item of the wanted mood or energy is for a standard deviation nearer to it. Both
#: are wishes, which an activity is not; choices of ours.
MOOD_SLOPE, ENERGY_SLOPE = 2.0, 3.0
# Half the width of the stretch around a wanted energy in which everything is equally near.
_NEAR = 0.1


@dataclass
class Context:
    """Give every item a lift: the logarithm of how much likelier it is in the situation asked for.

    Parameters
    ----------
    ridge, deviation, belief : float > 0
        How much evidence an effect needs; see :class:`ml.models.context.lifts.Shrinkage`.

    Examples
    --------
    Of 40 listeners, each hears item 0 at work and item 1 in bed, over and over; nothing is known of how they sound.

    >>> from scipy.sparse import csr_matrix
    >>> from ml.models.situations import Situations
    >>> plays = Plays.of([[0, 1] * 10] * 40, n_items=2)
    >>> heard = Situations.of(["work", "sleep"] * 400, [None] * 800)
    >>> plays = replace(plays, times=np.tile(np.arange(20), 40), situations=heard)
    >>> model = Context().fit(TrainingData(plays, csr_matrix((2, 0)), np.full(2, -1)), rng=np.random.default_rng(0))
    >>> suited = model.adjust(Asking(activity="sleep"))
    >>> suited.used, bool(suited.lift[1] > suited.lift[0])
    ({'activity': 'sleep'}, True)
    """

    ridge: float = Shrinkage.ridge
    deviation: float = Shrinkage.deviation
    belief: float = Shrinkage.belief
    name: ClassVar[str] = "context"
    n_items: int | None = field(default=None, init=False, repr=False)
    features: Floats = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32), init=False, repr=False)
    feature_names: tuple[str, ...] = field(default=(), init=False, repr=False)
    lesson: Lesson = field(default_factory=lambda: Lesson({}), init=False, repr=False)
    _kept: dict[Asking, Suited] = field(default_factory=dict, init=False, repr=False, compare=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn from the situations that listens tell of."""
        self._know(data)
        shrinkage = Shrinkage(self.ridge, self.deviation, self.belief)
        beliefs = {name: self._beliefs(name) for name in ("activity", "time_of_day")}
        self.lesson = learn(data, beliefs, shrinkage, seed=int(rng.integers(2**31)))
        return self

    def _know(self, data: TrainingData) -> None:
        nothing = np.empty((data.n_items, 0), dtype=np.float32)
        self.n_items = data.n_items
        self._forget()
        self.features = nothing if data.features is None else data.features
        self.feature_names = data.feature_names

    def _beliefs(self, dimension: str) -> Mapping[int, Floats]:
        tables = {"activity": ACTIVITIES, "time_of_day": TIMES_OF_DAY}
        regions = {code: tables[dimension][name].region for code, name in enumerate(DIMENSIONS[dimension])}
        found = {code: self._believe(region) for code, region in regions.items()}
        return {code: lift for code, lift in found.items() if lift is not None}

    def _believe(self, region: Region | None) -> Floats | None:
        return None if region is None else believe(region, self.features, self.feature_names)

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Give the lifts of what each listener asks for; 0 for one who asks for nothing in particular.

        See :meth:`Model.score <ml.models.base.Model.score>`.
        """
        require_fitted(self, history)
        chosen = slice(None) if items is None else items
        n_scores = history.n_items if items is None else len(items)
        scores = np.zeros((history.n_users, n_scores), dtype=np.float32)
        for row, asking in enumerate(history.asking or ()):
            if asking:
                scores[row] = self.adjust(asking).lift[chosen]
        return scores

    def adjust(self, asking: Asking) -> Suited:
        """Tell what suits a situation.

        Parameters
        ----------
        asking : Asking
            In canonical words.
        """
        asking = _coarse(asking)
        found = self._kept.get(asking)
        if found is None:
            found = self._adjust(asking)
            if len(self._kept) >= KEPT:
                self._kept = {}
            self._kept[asking] = found
        return found

    def _adjust(self, asking: Asking) -> Suited:
        moment = _with_place(asking)
        lift, used, learned = self._of_moment(moment)
        if asking.activity is None and MAIN in used and asking.location is not None:
            used = {**{name: word for name, word in used.items() if name != MAIN}, "location": asking.location}
        mood = None if asking.mood is None else self._believe(MOODS[asking.mood].region)
        if mood is not None and asking.mood is not None:
            lift, used = lift + mood * np.float32(MOOD_SLOPE), {**used, "mood": asking.mood}
        lift.setflags(write=False)
        told_parts = {
            "mood": asking.mood,
            "activity": asking.activity,
            "time_of_day": asking.hour,
            "weekday": asking.weekday,
            "location": asking.location,
            "device": asking.device,
        }
        unused = tuple(name for name, value in told_parts.items() if value is not None and name not in used)
        return Suited(lift, used, unused, learned)

    def _of_moment(self, moment: Asking) -> tuple[Floats, dict[str, str], bool]:
        """Give the lift of activity, device and clock, what had a say, and whether listens said so."""
        assert self.n_items is not None
        codes = asked(moment)
        words = {name: DIMENSIONS[name][code] for name, code in codes.items()}
        if MAIN in codes and self._is_known(MAIN, codes[MAIN]):
            strength = self.lesson.direct[MAIN].strength
            if strength > 0:
                lift = self.lesson.dimensions[MAIN].lifts[codes[MAIN]] * np.float32(strength)
                return lift, {MAIN: words[MAIN]}, True
            return np.zeros(self.n_items, dtype=np.float32), {}, False
        if MAIN not in codes:
            learned = self._of_others(codes)
            if learned is not None:
                lift, names = learned
                return lift, {name: words[name] for name in names}, True
        for name, table in ((MAIN, ACTIVITIES), ("time_of_day", TIMES_OF_DAY)):
            if name in codes and not self._is_known(name, codes[name]):
                believed = self._believe(table[words[name]].region)
                if believed is not None:
                    return believed.copy(), {name: words[name]}, False
        return np.zeros(self.n_items, dtype=np.float32), {}, False

    def _is_known(self, name: str, code: int) -> bool:
        """Tell whether listens alone speak for a value."""
        found = self.lesson.direct.get(name)
        return found is not None and found.judged and self.lesson.dimensions[name].listens[code] >= ENOUGH

    def _of_others(self, codes: Mapping[str, int]) -> tuple[Floats, list[str]] | None:
        """Give the lift of what is told besides the activity: through it, or of the one that tells most."""
        lesson = self.lesson
        through = {
            name: lesson.through[name] for name in codes if name in lesson.through and lesson.through[name].strength
        }
        direct = {name: lesson.direct[name] for name in codes if name in lesson.direct and lesson.direct[name].strength}
        most_direct = max((found.gain for found in direct.values()), default=0.0)
        if through and max(found.gain for found in through.values()) >= most_direct:
            main = lesson.dimensions[MAIN]
            shares = main.listens / main.listens.sum()
            chances = shares.copy()
            for name in through:
                chances *= lesson.dimensions[name].given_main[codes[name]]
            strength = max(found.strength for found in through.values())
            spoken = spoken_through(self._ratios, chances / chances.sum(), shares)
            return spoken * np.float32(strength), list(through)
        if not direct:
            return None
        name = max(direct, key=lambda each: direct[each].gain)
        return lesson.dimensions[name].lifts[codes[name]] * np.float32(direct[name].strength), [name]

    @cached_property
    def _ratios(self) -> Floats:
        """How many times as likely each item is in each value of :data:`MAIN`, float32 [shape=(n_values, n_items)]."""
        strength = np.float32(self.lesson.direct[MAIN].strength)
        ratios: Floats = np.exp(self.lesson.dimensions[MAIN].lifts * strength)
        return ratios

    def _forget(self) -> None:
        self._kept = {}
        self.__dict__.pop("_ratios", None)

    def remembers(self, asking: Asking) -> bool:
        """Tell whether it matters for a question in which situations a listener's own plays were.

        The clock of a play is always known; what has to be read for it is the activity and the device.
        """
        told_names = asked(_with_place(asking)).keys() & {"activity", "device"}
        return any(self.lesson.boosts[name].strength > 0 for name in told_names & self.lesson.boosts.keys())

    def remember(self, history: Plays) -> Plays:
        """Let the plays count more that were in the situation asked for.

        Parameters
        ----------
        history : Plays
            With ``asking`` and, as far as they are known, ``situations``.
        """
        boosts = {name: found.strength for name, found in self.lesson.boosts.items() if found.strength > 0}
        if not boosts or not any(history.asking or ()):
            return history
        values, weights = told(history), history.weights.copy()
        for row, asking in enumerate(history.asking or ()):
            own = slice(history.indptr[row], history.indptr[row + 1])
            codes = asked(None if asking is None else _with_place(asking))
            for name in boosts.keys() & codes.keys():
                weights[own][values[name][own] == codes[name]] *= np.float32(1 + boosts[name])
        return replace(history, weights=weights)

    @property
    def findings(self) -> dict[str, dict[str, Found]]:
        """What the trials came to, for the card: of lifts, of those that speak through the activity, of own plays."""
        lesson = self.lesson
        return {"direct": dict(lesson.direct), "through": dict(lesson.through), "boosts": dict(lesson.boosts)}

    @staticmethod
    def near_energy(level: float) -> Region:
        """Give what is near a wanted energy in [0, 1]."""
        return Region({"energy": (max(0.0, level - _NEAR), min(1.0, level + _NEAR))}, "")

    def of_energy(self, level: float) -> Floats | None:
        """Give the lift of a wanted energy in [0, 1]; None where no item's energy is known."""
        lift = self._believe(self.near_energy(level))
        return None if lift is None else lift * np.float32(ENERGY_SLOPE)

    def sound(self, index: int) -> dict[str, float]:
        """Give the known features of an item, in their own units."""
        values = zip(self.feature_names, self.features[index].tolist(), strict=True)
        return {name: value for name, value in values if np.isfinite(value)}

    def arrays(self) -> Arrays:
        """Give what was learned; lifts that are not believed are left out."""
        if self.n_items is None:
            return {}
        return {
            "n_items": np.array(self.n_items),
            # A file holds finite numbers only.
            "features": np.nan_to_num(self.features, nan=0.0),
            "features_known": np.isfinite(self.features),
            "feature_names": np.array(self.feature_names, dtype=np.str_),
            **pack(self.lesson),
        }

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.n_items = int(arrays["n_items"])
        self._forget()
        self.features = np.where(arrays["features_known"], arrays["features"], np.float32(np.nan))
        self.feature_names = tuple(arrays["feature_names"].tolist())
        self.lesson = unpack(arrays)
        return self


def _coarse(asking: Asking) -> Asking:
    """Take the time of day for the hour, and a day of its kind for the weekday: nothing finer is looked at."""
    hour, weekday = asking.hour, asking.weekday
    return replace(
        asking,
        hour=None if hour is None else hour_of(time_of_day(hour)),
        weekday=None if weekday is None else SATURDAY * (weekday >= SATURDAY),
    )


def _with_place(asking: Asking) -> Asking:
    """Take what people are mostly at a place for as the activity, where none is told."""
    if asking.activity is not None or asking.location is None:
        return asking
    return replace(asking, activity=LOCATIONS[asking.location].activity)
