"""What is installed, set and reachable, and the command that mends what is not.

Conventions
-----------
A check has one of three states: ``ok``; ``missing``, for what is optional or simply not there
yet; ``problem``, for what stands in the way. Looking changes nothing. This module checks what
needs no workspace; :mod:`ml.data.diagnosis` and :mod:`ml.models.diagnosis` check theirs.
"""

from __future__ import annotations

import platform
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from ml.foundation.errors import MissingExtra
from ml.foundation.extras import DISTRIBUTION, EXTRAS, extra, install_command, missing
from ml.foundation.results import Result
from ml.foundation.section import hide_password
from ml.foundation.settings import Settings

Status = Literal["ok", "missing", "problem"]
#: The oldest Python that the package is written for.
PYTHON = (3, 11)
_REDIS_TIMEOUT_S = 2.0
_NAME, _AT_LEAST = re.compile(r"[A-Za-z0-9._-]+"), re.compile(r">=\s*([\d.]+)")
_OF_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")


@dataclass(frozen=True, slots=True)
class Check(Result):
    """One thing that was looked at.

    Parameters
    ----------
    name : str
    status : {"ok", "missing", "problem"}
    detail : str
        What was found.
    command : str
        What mends it, to be typed as it stands or with the word in capitals replaced; empty
        where nothing has to be done.
    """

    name: str
    status: Status
    detail: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A library that the distribution asks for.

    Parameters
    ----------
    library : str
        The name of its distribution.
    at_least : str
        The oldest version that will do; may be empty.
    extra : str or None
        What asks for it; None is the core.
    """

    library: str
    at_least: str
    extra: str | None = None

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read a line of the distribution's metadata.

        >>> Requirement.parse('pg8000>=1.31; extra == "postgres"')
        Requirement(library='pg8000', at_least='1.31', extra='postgres')
        """
        wanted, _, condition = text.partition(";")
        name, bound, group = _NAME.match(wanted.strip()), _AT_LEAST.search(wanted), _OF_EXTRA.search(condition)
        if name is None:
            raise ValueError(f"not a requirement: {text!r}")
        return cls(name[0], bound[1] if bound else "", group[1] if group else None)


def check_installation(settings: Settings) -> list[Check]:
    """Check Python, the libraries, the extras, the settings and the cache."""
    wanted = requirements()
    return [
        check_python(sys.version_info[:3]),
        *(check_library(one) for one in wanted if one.extra is None),
        *(check_extra(name, [one for one in wanted if one.extra == name]) for name in EXTRAS),
        check_settings(settings),
        check_cache(settings),
    ]


def requirements() -> list[Requirement]:
    """List what the installed distribution asks for."""
    return [Requirement.parse(text) for text in metadata.requires(DISTRIBUTION) or ()]


def check_python(version: Sequence[int]) -> Check:
    """Check the interpreter.

    >>> check_python((3, 9, 2)).status
    'problem'
    """
    text = ".".join(str(part) for part in version)
    oldest = ".".join(str(part) for part in PYTHON)
    if tuple(version[:2]) < PYTHON:
        return Check("python", "problem", f"{text}, {oldest} or newer is needed", f"python{oldest} -m venv .venv")
    return Check("python", "ok", f"{text} on {platform.system()} {platform.machine()}")


def check_library(requirement: Requirement, *, install: str = "") -> Check:
    """Check that a library is there and new enough.

    Parameters
    ----------
    install : str
        The command that installs it; left out, pip by its own name.
    """
    name, oldest = requirement.library, requirement.at_least
    install = install or f"pip install '{name}>={oldest}'"
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, "problem", "not installed", install)
    if _numbers(version) < _numbers(oldest):
        return Check(name, "problem", f"{version}, {oldest} or newer is needed", install)
    return Check(name, "ok", version)


def check_extra(name: str, libraries: Sequence[Requirement]) -> Check:
    """Check the libraries of an extra; that they are not there is no problem."""
    label, install = f"extra {name}", install_command(name)
    absent = missing(name)
    if absent:
        return Check(label, "missing", f"not installed: {', '.join(absent)}", install)
    found = [check_library(one, install=install) for one in libraries]
    detail = ", ".join(f"{check.name} {check.detail}" for check in found)
    bad = any(check.status != "ok" for check in found)
    return Check(label, "problem" if bad else "ok", detail, install if bad else "")


def check_settings(settings: Settings) -> Check:
    """Say where the settings come from."""
    sources = Counter(origin.rpartition(":")[0] or origin for origin in settings.origins.values())
    defaults = sources.pop("default", 0)
    named = [f"{count} from {source}" for source, count in sorted(sources.items())]
    return Check("settings", "ok", ", ".join([*named, f"{defaults} defaults"]))


def check_cache(settings: Settings) -> Check:
    """Check that the Redis of the settings answers, where they ask for one."""
    caching = settings.caching
    if caching.backend == "memory":
        return Check("cache", "ok", f"in this process, at most {caching.max_memory}")
    where = hide_password(caching.redis_url)
    try:
        with extra("redis"):
            from redis import Redis
            from redis.exceptions import RedisError
    except MissingExtra as error:
        return Check("cache", "problem", error.message, error.hint)
    try:
        client = Redis.from_url(
            caching.redis_url, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S
        )
        with client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        detail = f"Redis at {where} does not answer ({error}): results are not cached"
        return Check("cache", "problem", detail, "redis-server --daemonize yes")
    return Check("cache", "ok", f"Redis at {where}")


def _numbers(version: str) -> tuple[int, ...]:
    """Give the numbers of a release, as far as they can be compared: ``2.1.0rc1`` is 2, 1, 0."""
    release = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in release[0].split(".")] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
