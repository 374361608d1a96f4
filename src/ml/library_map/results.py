"""What a map answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ml.foundation.results import Result

By = Literal["listening", "sound"]
Kind = Literal["track", "artist"]
#: ``nothing``: there is nothing that it could be laid out by.
State = Literal["ready", "not_laid_out", "nothing"]


@dataclass(frozen=True, slots=True)
class Built(Result):
    """A map that was laid out.

    Parameters
    ----------
    by, kind : str
    version : str
        Of the models, or of the analysis, that the vectors came from.
    points : int
    placed : int
        Those that were only placed among their neighbours, because they are new.
    without : int
        Tracks or artists without a place: never played, or never analysed.
    kept_of_10 : float in [0, 10]
        How many of the ten nearest by their vectors are among the ten nearest on the map, on average over a sample.
    """

    by: By
    kind: Kind
    version: str
    points: int
    placed: int
    without: int
    kept_of_10: float


@dataclass(frozen=True, slots=True)
class Choice(Result):
    """A map that could be looked at.

    Parameters
    ----------
    by, kind : str
    state : str
    """

    by: By
    kind: Kind
    state: State


@dataclass(frozen=True, slots=True)
class Region(Result):
    """Where points are dense.

    Parameters
    ----------
    grain : int
        0 for the largest regions, 2 for the smallest.
    name : str
        A genre, a tag or an artist, by what sets it apart.
    x, y : int in [0, 65535]
        Its densest place.
    points : int
        How many are in it.
    tags, artists : list of str
        What its points have that others have less of, and who is played most in it.
    most_played : list of int
        Places of its most played points in the lists of the map.
    """

    grain: int
    name: str
    x: int
    y: int
    points: int
    tags: list[str]
    artists: list[str]
    most_played: list[int]


@dataclass(frozen=True, slots=True)
class LibraryMap(Result):
    """A map, column by column: entry i of each list is of point i.

    Parameters
    ----------
    by, kind, state : str
        Lists are empty but where the state is ``ready``.
    choices : list of Choice
        What else there is.
    version : str or None
    model : str or None
        Whose vectors they are.
    laid_out_at : datetime or None
    stale : bool
        Whether other models are in use now, or another version analyses.
    without : int
        Tracks or artists without a place.
    kept_of_10 : float or None
        See :class:`Built`.
    n_points : int
        All points; the lists hold as many as were asked for, the most played.
    x, y : list of int in [0, 65535]
    ids, names : list of str
    artists : list of int
        Place in ``artist_names``; -1 where unknown.
    genres : list of int
        Place in ``genre_names``; -1 where none is known.
    years : list of int
        0 where unknown.
    tempos_bpm : list of int
        0 where unknown.
    regions : list of Region
    region_of : list of int
        Place in ``regions`` of the large region that a point is in; -1 where it is in none.
    notices : list of str
    """

    by: By
    kind: Kind
    state: State
    choices: list[Choice]
    version: str | None
    model: str | None
    laid_out_at: datetime | None
    stale: bool
    without: int
    kept_of_10: float | None
    n_points: int
    x: list[int]
    y: list[int]
    ids: list[str]
    names: list[str]
    artists: list[int]
    artist_names: list[str]
    genres: list[int]
    genre_names: list[str]
    years: list[int]
    tempos_bpm: list[int]
    regions: list[Region]
    region_of: list[int]
    notices: list[str]
