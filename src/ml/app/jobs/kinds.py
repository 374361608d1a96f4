"""What can be done in the background: each kind with its arguments and its work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ml.app.jobs.watch import Watch
from ml.data.importers.base import DEFAULT_USER, Options
from ml.data.importers.registry import AUTO, importer_of
from ml.data.vault.files import in_clear
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.paths import expanded
from ml.foundation.steps import step

if TYPE_CHECKING:
    from ml.app.app import App

ItemKind = Literal["track", "artist"]
SplitName = Literal["auto", "time", "last", "per_listener"]
TaskName = Literal["discovery", "next_listen"]


def _names(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _pairs(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.startswith("{"):  # names of columns may hold commas
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ValueError("this is not JSON") from None
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if not all(ours.strip() and sign for ours, sign, _ in pairs):
        raise ValueError("write our name, =, the file's column: user=userId,title=song")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


#: Lists and mappings may be written with commas, as on a command line.
Names = Annotated[list[str], BeforeValidator(_names), Field(min_length=1, max_length=100)]
Lengths = Annotated[list[Annotated[int, Field(ge=1, le=1_000_000)]], BeforeValidator(_names), Field(min_length=1)]
Pairs = Annotated[dict[str, str], BeforeValidator(_pairs)]


class Arguments(BaseModel):
    """What a job is asked for with."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=4096)


class ImportArguments(Arguments):
    """Of an import."""

    path: Path = Field(description="folder, zip archive or file")
    kind: str = Field(AUTO, description="which importer; auto looks at the content")
    user: str = Field(DEFAULT_USER, description="whose listens, where the export does not say")
    columns: Pairs = Field(default_factory=dict, description="which column of a table is what: user=userId,title=song")
    item_kind: ItemKind = Field("track", description="track or artist, where the source does not say")
    source: str = Field("local", description="prefix of ids that come without one")
    delimiter: str | None = Field(None, description="of text tables; guessed if left out")
    encoding: str | None = Field(None, description="of text files; left out: by the byte order mark, else UTF-8")
    private_in_profile: bool = Field(False, description="whether listens of private sessions count like others")
    again: bool = Field(False, description="whether to read files also that were read before")

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        try:
            return kind if kind == AUTO else importer_of(kind).kind
        except BadInput as error:
            raise ValueError(f"no importer is called so; {error.hint}") from None


class ScanArguments(Arguments):
    """Of a scan of a folder with audio files."""

    folder: Path = Field(description="folder with audio files, in it or in folders of it")
    workers: int | None = Field(None, ge=1, le=256, description="processes; left out, one for each core")
    again: bool = Field(False, description="whether to analyse also what has not changed")


class TrainArguments(Arguments):
    """Of a training."""

    kind: ItemKind | None = Field(None, description="track or artist; left out, what was played more")
    judge: bool = Field(True, description="whether to measure the models on a held-out part first")
    portfolio: bool | None = Field(None, description="whether to make the portfolio; left out, as the settings say")
    sequential: bool | None = Field(None, description="whether to make the transformer; left out, as the settings say")
    deep: bool | None = Field(None, description="whether to make the deep part; left out, as the settings say")


class EvaluateArguments(Arguments):
    """Of an evaluation."""

    models: Names | None = Field(None, description="names of models; left out, all that the data suit")
    ks: Lengths = Field(default=[10, 20], description="lengths of the rankings")
    task: TaskName = Field("discovery", description="discovery: what is new to a listener; next_listen: repeats count")
    split: SplitName = Field("auto", description="auto, time, last or per_listener")
    kind: ItemKind | None = Field(None, description="track or artist; left out, what was played more")
    seed: int = Field(0, ge=0, description="of models, splits and intervals")


class TuneArguments(Arguments):
    """Of a search for settings."""

    models: Names | None = Field(None, description="names of models; left out, all that the data suit")
    minutes: float = Field(10.0, gt=0, le=10_080, description="how long to search in all")
    trials: int | None = Field(None, ge=1, description="settings to try for each model, at most")
    task: TaskName = Field("discovery", description="what is searched for")
    split: SplitName = Field("auto", description="auto, time, last or per_listener")
    kind: ItemKind | None = Field(None, description="track or artist; left out, what was played more")
    seed: int = Field(0, ge=0, description="of models, split and search")


class ExposureArguments(Arguments):
    """Of a report about who is shown."""

    by: Literal["tail", "country"] = Field("tail", description="tail or country: groups of artists")
    algorithm: str | None = Field(None, description="model that finds the new items; left out, as the settings say")
    k: int = Field(10, ge=1, le=1000, description="length of the lists")
    listeners: int = Field(500, ge=1, le=1_000_000, description="listeners in the sample, at most")
    familiar_ratio: float | None = Field(None, ge=0, le=1, description="0 only new items, 1 only what is known")
    costs: bool = Field(False, description="whether to measure what shares for the tail would cost in accuracy")
    least_artists: int = Field(5, ge=1, le=1_000_000, description="groups of fewer artists are pooled")
    seed: int = Field(0, ge=0, description="of the sample and the intervals")


class HeadsArguments(Arguments):
    """Of a training of what says genres of a sound, from the tags of scanned files: there are none."""


class DuplicatesArguments(Arguments):
    """Of a search for recordings that are there in several files: there are none."""


class IndexArguments(Arguments):
    """Of the index of the search."""

    meaning: bool = Field(False, description="whether to make the index of meanings too")


class MapArguments(Arguments):
    """Of a map of the library."""

    by: Literal["listening", "sound"] = Field("listening", description="listening or sound")
    kind: ItemKind = Field("track", description="track or artist")
    only_new: bool = Field(False, description="whether only what is new is placed, among its neighbours")
    seed: int = Field(0, ge=0, description="of the layout")


class SnapshotArguments(Arguments):
    """Of a snapshot: there are none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Parameters
    ----------
    name, about : str
        What it is called, and what it does in a few words.
    arguments : type of Arguments
    work : callable
        Does it, telling the watch how far it is, and gives what came of it.
    resumable : bool
        Whether one that was left half-way can be begun again, and goes on where it was.
    """

    name: str
    about: str
    arguments: type[Arguments]
    work: Callable[[App, Any, Watch], Any]
    resumable: bool = False

    def read(self, given: Mapping[str, Any]) -> Arguments:
        """Check arguments.

        Raises
        ------
        BadInput
            Which names the argument.
        """
        fields = self.arguments.model_fields
        for name in given:
            if name not in fields:
                known = did_you_mean(name, fields) if fields else "leave it out"
                raise BadInput(f"a job {self.name} takes no {name!r}", known)
        try:
            return self.arguments.model_validate(given)
        except ValidationError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: ValidationError) -> BadInput:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        reason = first["msg"].removeprefix("Value error, ")
        shown = "" if first["type"] == "missing" else f" = {str(first['input'])[:200]!r}"
        hint = f"{name}: {self.arguments.model_fields[name].description}"
        return BadInput(f"{self.name}: {name}{shown}: {reason[:1].lower()}{reason[1:]}", hint)


def settled(kind: Kind, asked: Arguments, within: Sequence[Path] | None) -> Arguments:
    """Give arguments whose paths are whole, there, and in a folder that may be read from.

    Parameters
    ----------
    within : sequence of Path, optional
        Folders; None is everything that this process may read.

    Raises
    ------
    BadInput
        Which names the argument. Of what lies elsewhere nothing is said, not even whether it is there.
    """
    found = {name: _place(kind, name, path, within) for name, path in _paths(asked)}
    return asked.model_copy(update=found)


def _paths(asked: Arguments) -> Iterator[tuple[str, Path]]:
    for name in type(asked).model_fields:
        value = getattr(asked, name)
        if isinstance(value, Path):
            yield name, value


def _place(kind: Kind, name: str, path: Path, within: Sequence[Path] | None) -> Path:
    refused = BadInput(f"{kind.name}: {name} = {str(path)!r}: not in a folder that may be read from here")
    try:
        place = expanded(path).absolute()
        if within is not None:
            place = place.resolve()  # a link may lead anywhere
            if not any(place.is_relative_to(folder.resolve()) for folder in within):
                raise refused
        there = place.exists()
    except (OSError, ValueError, RuntimeError):  # a byte 0 in it, a name too long, links in a circle
        raise refused from None
    if not there:
        raise BadInput(f"{kind.name}: {name}: {place}: no such file or folder", "check the path")
    return place


def _import(app: App, asked: ImportArguments, watch: Watch) -> Any:
    options = Options(**asked.model_dump(exclude={"path", "kind", "again"}))
    read = 0

    def on_rows(unit: str, rows: int) -> None:
        nonlocal read
        read += rows
        watch.count(step("import", file=unit), read)

    watch.step(step("look"))
    with in_clear(app.workspace.store, asked.path) as path:
        return app.import_path(path, kind=asked.kind, options=options, again=asked.again, on_rows=on_rows)


def _scan(app: App, asked: ScanArguments, watch: Watch) -> Any:
    def on_file(what: str, done: int, total: int) -> None:
        watch.count(what, done, total)

    watch.step(step("look"))
    return app.audio_library.scan(asked.folder, workers=asked.workers, again=asked.again, on_file=on_file)


def _train(app: App, asked: TrainArguments, watch: Watch) -> Any:
    return app.train(**asked.model_dump(), on_step=watch.step).to_dict()


def _evaluate(app: App, asked: EvaluateArguments, watch: Watch) -> Any:
    return app.evaluate(**asked.model_dump(), on_step=watch.step)


def _tune(app: App, asked: TuneArguments, watch: Watch) -> Any:
    from ml.evaluation import Budget  # late: nobody else needs what measures

    given = asked.model_dump(exclude={"minutes", "trials"})
    return app.tune(**given, budget=Budget(asked.minutes, asked.trials), on_step=watch.step)


def _index(app: App, asked: IndexArguments, watch: Watch) -> Any:
    watch.step(step("documents"))
    return app.search_engine.refresh(meaning=asked.meaning, on_rows=lambda count: watch.count(step("documents"), count))


def _map(app: App, asked: MapArguments, watch: Watch) -> Any:
    return app.atlas.build(**asked.model_dump(), on_step=watch.count)


def _exposure(app: App, asked: ExposureArguments, watch: Watch) -> Any:
    return app.exposure(**asked.model_dump(), on_step=watch.step)


def _heads(app: App, _asked: HeadsArguments, watch: Watch) -> Any:
    watch.step(step("heads"))
    return app.audio_library.train_heads()


def _duplicates(app: App, _asked: DuplicatesArguments, watch: Watch) -> Any:
    watch.step(step("compare"))
    return {"duplicates": app.audio_library.duplicates()}


def _snapshot(app: App, _asked: SnapshotArguments, watch: Watch) -> Any:
    watch.step(step("snapshot"))
    return app.snapshot().manifest


#: By name.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("import", "bring in histories, catalogues, playlists or a music folder", ImportArguments, _import, True),
        Kind("scan", "analyse the audio files of a folder", ScanArguments, _scan, True),
        Kind("train", "make new models of what is in the workspace", TrainArguments, _train),
        Kind("evaluate", "measure models on what they have not seen", EvaluateArguments, _evaluate),
        Kind("tune", "search for better settings of models", TuneArguments, _tune),
        Kind("index", "bring the index of the search up to date", IndexArguments, _index, True),
        Kind("map", "lay the library out as a map", MapArguments, _map, True),
        Kind("exposure", "say which groups of artists are shown", ExposureArguments, _exposure, True),
        Kind("heads", "learn genres of sounds from the tags of scanned files", HeadsArguments, _heads),
        Kind("duplicates", "find recordings that are there in several files", DuplicatesArguments, _duplicates, True),
        Kind("snapshot", "write the store down as columns", SnapshotArguments, _snapshot, True),
    )
}


def kind_named(name: str, kinds: Mapping[str, Kind] = KINDS) -> Kind:
    """Give a kind by its name.

    Raises
    ------
    BadInput
    """
    if name not in kinds:
        raise BadInput(f"no kind of job is called {name!r}", did_you_mean(name, kinds))
    return kinds[name]
