"""Settings: every key, its default, its limits, and where its value came from.

Conventions
-----------
Values are layered: defaults < ``ml.toml`` < environment. The file is the one named by
``load(file=)``, else by ``ML_SETTINGS``, else ``ml.toml`` in the folder of work, else ``ml.toml``
in the workspace (``storage.home``). A variable is ``ML_SECTION__KEY``; ``ML_HOME`` and
``ML_DATABASE_URL`` are short for ``storage.home`` and ``storage.database_url``, and the long name wins.
Lists in variables are JSON (``["a", "b"]``) or comma separated (``a,b``).

A section reads like a mapping and like an object: ``section["batch_size"]``, ``section.batch_size = 128``.
Every change is checked at once, whether it comes from a file, a variable or Python.

Some keys belong to capabilities that are not built yet: they are accepted and checked, and
change nothing. :func:`built` tells them apart.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import orjson
from platformdirs import user_data_path
from pydantic import Field, field_validator

from ml.foundation.errors import SettingsError, did_you_mean
from ml.foundation.later_settings import ContentOptimization, EnterpriseIntegrations
from ml.foundation.phrase import Language
from ml.foundation.section import ASSIGNED, Section, UnknownSetting, from_where, hide_password
from ml.foundation.service_settings import Access, Audit, Service, Vault
from ml.foundation.sizes import checked_size

__all__ = ["Section", "Settings", "UnknownSetting", "built", "hide_password", "variable_name"]

FILE_NAME = "ml.toml"
PREFIX = "ML_"

#: Variables with a name of their own.
SHORT_NAMES = {"ML_HOME": ("storage", "home"), "ML_DATABASE_URL": ("storage", "database_url")}
#: Variables that are ours but no setting.
OTHER_NAMES = frozenset(
    {
        "ML_SETTINGS",
        "ML_REALDATA",
        # Of servers of playlists. No settings: those are shown and written down.
        "ML_SUBSONIC_URL",
        "ML_SUBSONIC_USER",
        "ML_SUBSONIC_PASSWORD",
        "ML_LISTENBRAINZ_URL",
        "ML_LISTENBRAINZ_TOKEN",
        # Of an account, for `ml access`.
        "ML_ACCOUNT_PASSWORD",
        # The root key of an encrypted workspace.
        "ML_VAULT_KEY",
    }
)


def _now(description: str, default: Any = ..., **limits: Any) -> Any:
    return Field(default, description=description, **limits)


class Storage(Section):
    """Where things lie."""

    label = "storage"

    home: Path = Field(
        default_factory=lambda: user_data_path("ml", appauthor=False),
        description="folder of the workspace: database, snapshots, models, reports",
        strict=False,
    )
    database_url: str = _now("database of the workspace; empty means SQLite in its folder", "")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        if not str(home).strip() or home == Path():
            raise ValueError("the workspace needs a folder")
        return _expand(home).absolute()


class Recommendation(Section):
    """How recommendations are made."""

    label = "recommendation_engine"

    algorithm: str = _now(
        "model that finds what is new; hybrid_deep without its deep part answers as hybrid", "hybrid_deep"
    )
    num_factors: int = _now("factors of the factorisation models", 64, ge=1, le=4096)
    familiar_ratio: float = _now(
        "share of items the listener already knows: 0 only new ones, 1 only replay", 0.2, ge=0, le=1
    )
    max_per_artist: int = _now("items of one artist in one answer, at most", 2, ge=1, le=1_000)
    min_tail_share: float = _now(
        "share of the new items that is to be of little-heard artists, the tail, at least; 0: as the scores have it",
        0.0,
        ge=0,
        le=1,
    )
    half_life_days: float = _now(
        "after how many days a listener counts half in what is popular of late (popularity_recent)", 30.0, gt=0
    )
    seed: int = _now("seed of everything random in training", 0, ge=0)
    portfolio: bool = _now(
        "whether ml train makes the portfolio too: mostly the best lists, for many times the time and up to 3 GB", False
    )
    deep: bool = _now("whether ml train makes the deep part, where the extra `deep` is installed", True)
    session_strength: float = _now(
        "how loud what is played this moment speaks beside the whole long-term profile; 0: no louder than it", 4.0, ge=0
    )
    session_half_life_minutes: float = _now("after how many minutes it speaks half as loud", 30.0, gt=0)
    reasons: int = _now("how many of the listener's own listens explain one recommendation", 3, ge=0, le=10)
    language: Language = _now("language of reasons and notices: en or de", "en")
    profiling: bool = _now("whether answers rest on what is known of the listener; false reads nothing of it", True)
    sequential: bool = _now("whether ml train makes the deep part too, the transformer over histories", False)
    embedding_dim: int = _now("width of the deep part's embeddings, an even number", 128, ge=2, le=4096, multiple_of=2)
    epochs: int = _now("epochs of the deep part, at most: it ends once it gets no better", 30, ge=1)
    learning_rate: float = _now("step of the deep part's optimiser, at its longest", 0.001, gt=0, le=1)
    batch_size: int = _now("stretches of histories of one training step of the deep part, at most", 512, ge=1)
    gradient_accumulation_steps: int = _now("steps gathered before the weights move, for little memory", 1, ge=1)
    device: str = _now("where the deep part is trained: cpu, cuda or cuda:1", "cpu", min_length=1)

    @field_validator("algorithm")
    @classmethod
    def _named(cls, algorithm: str) -> str:
        if not algorithm.strip():
            raise ValueError("an algorithm has a name")
        return algorithm


class AudioAnalysis(Section):
    """How sounds are analysed."""

    label = "audio_analysis"

    embedder: str = _now(
        "model that makes the vectors of similar tracks and heads: an ONNX file or a local Hugging Face folder; "
        "empty means our own vectors",
        "",
    )


class Search(Section):
    """How searches are understood, and what is kept of them."""

    label = "intelligent_search"

    text_encoder: str = _now(
        "model that reads descriptions: an ONNX file or a local folder of a sentence transformer; empty means MiniLM, "
        "where the extra `semantic` is installed",
        "",
    )
    image_encoder: str = _now(
        "model that tells what covers mean alike: the ONNX file of an image encoder such as CLIP's; empty means none",
        "",
    )
    speech_model: str = _now(
        "model that writes down what `ml search --voice` is told: a local folder of Whisper; empty hears the names of "
        "the catalogue, with PocketSphinx",
        "",
    )
    spoken_names: int = _now(
        "names that a search by voice knows: artists, then titles, the most played first", 5_000, ge=1, le=50_000
    )
    log: bool = _now("whether searches are kept, to learn from what is chosen and to say what is not found", True)
    personal: bool = _now("whether a listener's taste and languages, and a situation, may move hits a little", True)
    retention_days: int = _now("after so many days a search is forgotten", 90, ge=1, le=3650)


class Caching(Section):
    """How results are remembered."""

    label = "caching"

    backend: Literal["memory", "redis"] = _now("where results are kept: in this process, or in Redis", "memory")
    redis_url: str = _now("the Redis that backend = 'redis' uses", "redis://localhost:6379")
    default_ttl: int = _now("seconds a result is kept", 3600, ge=1)
    max_memory: str = _now("memory that results kept in this process may take", "2gb")

    @field_validator("redis_url")
    @classmethod
    def _scheme(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("a Redis URL begins with redis://, rediss:// or unix://")
        return url

    @field_validator("max_memory")
    @classmethod
    def _size(cls, text: str) -> str:
        return checked_size(text)


class Compute(Section):
    """What this machine gives."""

    label = "compute"

    workers: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1),
        description="threads that run the work behind `await`",
        ge=1,
        le=256,
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = _now(
        "what the logger `ml` says on the command line", "WARNING"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level


class Settings(Section):
    """All sections; a mapping of them.

    >>> settings = Settings()
    >>> settings["recommendation_engine"]["num_factors"]
    64
    >>> settings.caching.backend = "rediss"
    Traceback (most recent call last):
    ...
    ml.foundation.errors.SettingsError: caching.backend = 'rediss': input should be 'memory' or 'redis'
      caching.backend: where results are kept: in this process, or in Redis
    """

    storage: Storage = Field(default_factory=Storage, description="where things lie")
    recommendation_engine: Recommendation = Field(
        default_factory=Recommendation, description="how recommendations are made"
    )
    audio_analysis: AudioAnalysis = Field(default_factory=AudioAnalysis, description="how sounds are analysed")
    intelligent_search: Search = Field(
        default_factory=Search, description="how searches are understood, and what is kept of them"
    )
    audit: Audit = Field(default_factory=Audit, description="who did what")
    vault: Vault = Field(default_factory=Vault, description="where the key lies that encrypts what is personal")
    content_optimization: ContentOptimization = Field(
        default_factory=ContentOptimization, description="how texts are checked and improved"
    )
    enterprise_integrations: EnterpriseIntegrations = Field(
        default_factory=EnterpriseIntegrations, description="clouds and monitoring"
    )
    service: Service = Field(
        default_factory=Service, description="how the service listens, and how much of anything it takes"
    )
    caching: Caching = Field(default_factory=Caching, description="how results are remembered")
    access: Access = Field(default_factory=Access, description="who gets in, and for how long")
    compute: Compute = Field(default_factory=Compute, description="what this machine gives")

    @classmethod
    def load(
        cls,
        *,
        environment: Mapping[str, str] | None = None,
        file: Path | None = None,
        folder: Path | None = None,
    ) -> Self:
        """Read defaults, file and environment.

        Parameters
        ----------
        environment : mapping of str to str, optional
            Instead of the process's own.
        file : Path, optional
            Settings file that must exist; None looks for one.
        folder : Path, optional
            Where ``ml.toml`` is looked for first; None is the current folder.

        Raises
        ------
        SettingsError
            If a file cannot be read, or a section, key, variable or value is not allowed.
        """
        variables = {name: text for name, text in (environment or {}).items() if name.startswith(PREFIX)}
        if environment is None:
            variables = {name: text for name, text in os.environ.items() if name.startswith(PREFIX)}
        settings = cls()
        overrides = cls()
        overrides._read_environment(variables)
        path = _find_file(variables, file, folder, overrides.storage.home)
        if path is not None:
            settings._read_file(path)
        settings._read_environment(variables)
        return settings

    @property
    def origins(self) -> dict[str, str]:
        """Where each ``section.key`` got its value."""
        return {f"{name}.{key}": section.origin(key) for name, section in self.items() for key in section}

    def put(self, key: str, value: Any, *, origin: str = ASSIGNED) -> None:
        """Replace a section: by another, or by a mapping of some of its keys, the rest being defaults."""
        self._known(key, origin)
        kind = type(getattr(self, key))
        if not isinstance(value, Mapping):
            raise SettingsError(f"{key} = {value!r}{from_where(origin)}: a section is wanted, with keys and values")
        if not isinstance(value, kind):
            section = kind()
            for name, item in value.items():
                section.put(name, item, origin=origin)
            value = section
        super().put(key, value, origin=origin)

    def _known(self, key: str, origin: str) -> None:
        if key not in self:
            raise UnknownSetting(f"unknown section {key!r}{from_where(origin)}", did_you_mean(key, self))

    def _read_file(self, path: Path) -> None:
        text = _read_text(path)
        for name, table in _parse(path, text).items():
            where = f"{path}:{_line_of(text, name)}"
            self._known(name, where)
            if not isinstance(table, dict):
                raise SettingsError(f"{name} = {table!r} ({where}): this is a section", f"write [{name}]")
            for key, value in table.items():
                origin = f"{path}:{_line_of(text, name, key)}"
                value = _meant_from(path, name, key, value)  # noqa: PLW2901
                self[name].put(key, value, origin=origin)

    def _read_environment(self, variables: Mapping[str, str]) -> None:
        for name in sorted(variables, key=lambda name: name not in SHORT_NAMES):
            if name in OTHER_NAMES:
                continue
            section, key = self._target(name)
            text = variables[name]
            if (section, key) == ("storage", "home") and not text:
                continue  # `ML_HOME=` in a compose file means: none given
            self[section].put(key, self._value(section, key, text, name), origin=name)

    def _target(self, variable: str) -> tuple[str, str]:
        if variable in SHORT_NAMES:
            return SHORT_NAMES[variable]
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        if section not in self or key not in self[section]:
            names = [*SHORT_NAMES, *OTHER_NAMES, *(variable_name(s, k) for s in self for k in self[s])]
            raise UnknownSetting(f"unknown environment variable {variable}", did_you_mean(variable, names))
        return section, key

    def _value(self, section: str, key: str, text: str, variable: str) -> Any:
        kind = type(getattr(self[section], key))
        try:
            return _read_value(kind, text)
        except ValueError:
            wanted = {
                int: "a whole number",
                float: "a number",
                bool: "true or false",
                list: 'a list: a,b or ["a", "b"]',
            }[kind]
            raise SettingsError(
                f"{section}.{key} = {text!r} ({variable}): not {wanted}",
                f"{section}.{key}: {type(self[section]).model_fields[key].description}",
            ) from None


def built(section: str, key: str) -> bool:
    """Tell whether a key does something yet.

    Raises
    ------
    SettingsError
        If there is no such key.

    Examples
    --------
    >>> built("recommendation_engine", "num_factors"), built("content_optimization", "sentiment_model")
    (True, False)
    """
    group = Settings()[section]
    group[key]  # an unknown key says so
    extra = type(group).model_fields[key].json_schema_extra
    return not (isinstance(extra, dict) and extra.get("built") is False)


def variable_name(section: str, key: str) -> str:
    """Give the environment variable of a key.

    >>> variable_name("caching", "backend")
    'ML_CACHING__BACKEND'
    """
    return f"{PREFIX}{section.upper()}__{key.upper()}"


#: Keys that may be paths.
_PATHS = frozenset(
    {
        ("audio_analysis", "embedder"),
        ("audit", "key_file"),
        ("intelligent_search", "image_encoder"),
        ("vault", "key_file"),
        ("intelligent_search", "speech_model"),
        ("intelligent_search", "text_encoder"),
    }
)


def _meant_from(file: Path, section: str, key: str, value: Any) -> Any:
    """Take a path in a settings file from where the file lies."""
    if isinstance(value, str) and (section, key) == ("storage", "home"):
        return file.parent.absolute() / _expand(Path(value))
    if isinstance(value, str) and (section, key) in _PATHS and value not in {"", "own"}:
        return str(file.parent.absolute() / _expand(Path(value)))
    return value


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # `~nobody`: left as it is, it names a folder that does not exist
        return path


def _read_value(kind: type, text: str) -> Any:
    if kind is list:
        return orjson.loads(text) if text.lstrip().startswith("[") else _split(text)
    if kind is bool:
        return _yes_or_no(text)
    return kind(text) if kind in (int, float) else text


def _yes_or_no(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if text.strip().lower() not in words:
        raise ValueError(text)
    return words[text.strip().lower()]


def _split(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _find_file(variables: Mapping[str, str], file: Path | None, folder: Path | None, home: Path) -> Path | None:
    named = variables.get("ML_SETTINGS")
    if file is not None or named:
        path = _expand(Path(file or named or ""))
        if not path.is_file():
            source = "" if file is not None else " (ML_SETTINGS)"
            raise SettingsError(f"{path}{source}: no such settings file", "check the path")
        return path
    candidates = [(folder or Path.cwd()) / FILE_NAME, home / FILE_NAME]
    return next((path for path in candidates if path.is_file()), None)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}", "save the file as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})", "check its permissions") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{line[1]}" if line else f"{path}:{text.count(chr(10)) + 1}"
        raise SettingsError(f"{where}: broken TOML: {error}", "mend that line") from None


def _line_of(text: str, section: str, key: str | None = None) -> int:
    """Find the line of a section's header or key; of the section where the key hides in an inline table."""
    header = re.compile(rf"\s*\[\s*[\"']?{re.escape(section)}[\"']?\s*\]|\s*[\"']?{re.escape(section)}[\"']?\s*[.=]")
    wanted = re.compile(rf"(\s*[\"']?{re.escape(section)}[\"']?\s*\.)?\s*[\"']?{re.escape(key or '')}[\"']?\s*[.=]")
    found, inside = 1, False
    for number, line in enumerate(text.splitlines(), start=1):
        if header.match(line):
            found, inside = number, True
            if key is None:
                break
        elif line.lstrip().startswith("["):
            inside = False
        if inside and key is not None and wanted.match(line):
            return number
    return found
