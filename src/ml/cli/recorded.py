"""Which commands are recorded in the audit log, as what: written by hand, and complete by a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml.data.audit.record import Detail


@dataclass(frozen=True, slots=True)
class Act:
    """How a command is recorded.

    Parameters
    ----------
    what : str
    whom : str, optional
        The parameter that names a listener.
    about : tuple of str
        Parameters that go into the record. None that may name a person, a file or what somebody looks for.
    details : callable, optional
        Makes further details of the parameters.
    """

    what: str
    whom: str | None = None
    about: tuple[str, ...] = ()
    details: Callable[[Mapping[str, Any]], dict[str, Detail]] = lambda _: {}


def _import_action(given: Mapping[str, Any]) -> dict[str, Detail]:
    first = str((given["paths"] or [""])[0])
    return {"action": first if first in {"list", "undo", "rejects"} else "import"}


#: What changes state, or reads what is known of persons.
RECORDED: Mapping[str, Act] = {
    "import": Act("imports.run", "user", ("kind", "dry", "again"), _import_action),
    "export": Act("exports.write", "user", ("what",)),
    "train": Act("models.train", about=("kind",)),
    "models promote": Act("models.promote", about=("version",)),
    "models rollback": Act("models.rollback"),
    "tune": Act("models.tune", about=("kind", "forget")),
    "experiment create": Act("experiments.create", about=("name",)),
    "experiment start": Act("experiments.start", about=("name", "share")),
    "experiment ramp": Act("experiments.ramp", about=("name", "share")),
    "experiment stop": Act("experiments.stop", about=("name",)),
    "experiment delete": Act("experiments.delete", about=("name",)),
    "experiment holdout": Act("experiments.holdout", about=("share",)),
    "experiment event": Act("events.record", "listener", ("event",)),
    "recommend": Act("recommendations.read", "listener", ("count", "everyone")),
    "explain": Act("explanations.read", "listener"),
    "record": Act("events.record", "listener", ("event",)),
    "undo": Act("events.undo", "listener"),
    "history pause": Act("history.pause", "listener"),
    "history resume": Act("history.resume", "listener"),
    "history status": Act("history.read", "listener"),
    "audio scan": Act("audio.scan", about=("again",)),
    "audio correct": Act("audio.correct"),
    "audio train-heads": Act("audio.train_heads"),
    "audio write-tags": Act("audio.write_tags", about=("dry_run",)),
    "playlist mood": Act("playlists.make", "listener"),
    "playlist activity": Act("playlists.make", "listener"),
    "playlist theme": Act("playlists.make", "listener"),
    "playlist make": Act("playlists.make", "listener"),
    "playlist save-recipe": Act("playlists.recipes.save"),
    "playlist refresh": Act("playlists.recipes.refresh"),
    "playlist recipes": Act("playlists.recipes.read"),
    "playlist delete-recipe": Act("playlists.recipes.delete", about=("lists",)),
    "playlist extend": Act("playlists.extend", about=("save",)),
    "playlist import": Act("playlists.import", "user"),
    "playlist push": Act("playlists.push", about=("to", "public")),
    "playlist pull": Act("playlists.pull", about=("from_",)),
    "search find": Act("search.find", "listener", ("count",)),
    "search recent": Act("search.history.read", "listener"),
    "search trending": Act("search.history.read"),
    "search unanswered": Act("search.history.read"),
    "search choose": Act("search.choose", about=("search_id",)),
    "search forget": Act("search.history.forget", "listener"),
    "search save": Act("search.save"),
    "search again": Act("search.find"),
    "search unsave": Act("search.unsave"),
    "snapshot": Act("snapshots.take"),
    "workspace begin": Act("workspace.begin"),
    "workspace backup": Act("workspace.backup"),
    "workspace restore": Act("workspace.restore", about=("force",)),
    "identity merge": Act("identity.merge", about=("one", "other")),
    "identity split": Act("identity.split", about=("item",)),
    "access add-key": Act("keys.create", "listener", ("role",)),
    "access rotate": Act("keys.rotate"),
    "access revoke": Act("keys.revoke"),
    "access accounts": Act("accounts.read"),
    "access add-account": Act("accounts.create", "listener", ("role",)),
    "access invite": Act("accounts.invite", "listener", ("role",)),
    "access withdraw": Act("accounts.withdraw"),
    "access sessions": Act("sessions.read"),
    "access log-out": Act("sessions.end"),
    "access reset": Act("accounts.reset"),
    "access disable": Act("accounts.disable"),
    "access enable": Act("accounts.enable"),
    "access reset-second-factor": Act("accounts.second_factor.reset"),
    "access password": Act("accounts.password"),
    "listeners export": Act("listeners.export", "listener"),
    "listeners erase": Act("listeners.erase", "listener"),
    "keys init": Act("vault.encrypt"),
    "keys decrypt": Act("vault.decrypt"),
    "keys rotate": Act("vault.rotate"),
    "jobs submit": Act("jobs.submit", about=("kind",)),
    "jobs cancel": Act("jobs.cancel", about=("job_id",)),
    "audit show": Act("audit.read", "whom", ("who", "what", "since", "until", "count")),
    "audit export": Act("audit.export", "whom", ("who", "what", "since", "until")),
    "audit prune": Act("audit.prune", about=("days",)),
}

#: What is not: it changes nothing but what can be derived again, and shows nothing of one person.
UNRECORDED: Mapping[str, str] = {
    "demo": "nobody in the demo world is real",
    **dict.fromkeys(
        ["evaluate", "exposure", "experiment report", "experiment list", "experiment show", "search evaluate"],
        "sums over many listeners",
    ),
    **dict.fromkeys(
        ["models list", "models show", "status", "settings", "doctor", "keys status", "keys new"], "about the system"
    ),
    **dict.fromkeys(
        ["similar", "identity list", "search saved", "search coloured", "search alike", "map show"], "about music"
    ),
    "onboard": "a stranger, of whom nothing is kept",
    **dict.fromkeys(
        [
            *("audio analyze", "audio show", "audio list", "audio similar", "audio stream", "audio identify"),
            *("audio duplicates", "audio versions"),
        ],
        "about sounds",
    ),
    **dict.fromkeys(["playlist read", "playlist convert"], "files of the user's own, and nothing of the workspace"),
    **dict.fromkeys(["search index", "search covers", "map build"], "an index, which can be derived again"),
    **dict.fromkeys(["jobs list", "jobs show", "jobs wait"], "about work"),
    "jobs run": "what was asked for was recorded when it was asked for",
    "access keys": "keys belong to programs",
    "access invitations": "links that nobody has followed yet",
    "serve": "each process that answers records for itself",
    **dict.fromkeys(["audit verify", "audit anchor"], "numbers and hashes alone"),
}
