"""Who may call what: one line for each operation, written by hand, looked up by :mod:`ml.service.gate` only.

Conventions
-----------
- An operation is the name of a route's function. ``scope`` is what a key has to have been given.
- ``own``: the operation speaks of one listener. A listener may then call it for themself only; the route says for whom
  by :meth:`ml.service.gate.Caller.listener`.
- ``audited``: it changes something, or reads what is personal, and is written into the audit log. What can be asked
  with or without a listener is written down where there is one.
- ``begun``: it has a large effect and is rare. That it was begun is on the disk before anything is done, so that what a
  crash left without its result can be told. Of everything else a record is written between the act and the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ADMIN, ANALYST, SERVICE, LISTENER = "admin", "analyst", "service", "listener"
EVERYBODY = frozenset({ADMIN, ANALYST, SERVICE, LISTENER})
#: Who may know of single listeners other than themself.
TRUSTED = frozenset({ADMIN, SERVICE})
MANAGERS = frozenset({ADMIN})
ANALYSTS = frozenset({ADMIN, ANALYST})
STAFF = frozenset({ADMIN, ANALYST, SERVICE})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call an operation.

    Parameters
    ----------
    roles : frozenset of str
        Empty where nobody has to say who they are.
    scope : str
        What a key needs; empty where no key is needed.
    own : bool
    audited : str
        As what the audit log has it, in the words of :mod:`ml.cli.recorded`; empty where it is not written down.
    begun : bool
    changes : bool
        Of what can be asked with or without a listener: whether it is written down also where there is none.
    """

    roles: frozenset[str]
    scope: str = ""
    own: bool = False
    audited: str = ""
    begun: bool = False
    changes: bool = False


_OPEN = Rule(frozenset())


def _kept(scope: str, audited: str, *, changes: bool = False) -> Rule:
    """Rule of what is a listener's or nobody's: everybody, each where they may."""
    return Rule(EVERYBODY, scope, own=True, audited=audited, changes=changes)


def _of_listener(scope: str, audited: str) -> Rule:
    """Rule of what speaks of a listener: those who are trusted, and the listener."""
    return Rule(TRUSTED | {LISTENER}, scope, own=True, audited=audited)


def _grave(roles: frozenset[str], scope: str, audited: str) -> Rule:
    """Rule of what has a large effect."""
    return Rule(roles, scope, audited=audited, begun=True)


#: What an admin may do who has yet to set up a second factor, where admins need one.
SETTING_UP = frozenset(
    {"who_asks", "log_out", "change_password", "second_factor_state", "begin_second_factor", "confirm_second_factor"}
)
RULES: Mapping[str, Rule] = {
    "health": _OPEN,
    "ready": _OPEN,
    "setup_state": _OPEN,
    "log_in": Rule(frozenset(), audited="sessions.begin"),
    "look_at_invitation": _OPEN,
    "accept_invitation": _grave(frozenset(), "", "accounts.create"),
    "who_asks": Rule(EVERYBODY),
    "log_out": Rule(EVERYBODY, audited="sessions.end"),
    "list_sessions": Rule(EVERYBODY, audited="sessions.read"),
    "end_session": Rule(EVERYBODY, audited="sessions.end"),
    "end_sessions": Rule(EVERYBODY, audited="sessions.end"),
    "change_password": _grave(EVERYBODY, "", "accounts.password"),
    "second_factor_state": Rule(EVERYBODY),
    "begin_second_factor": Rule(EVERYBODY, audited="accounts.second_factor.begin"),
    "confirm_second_factor": _grave(EVERYBODY, "", "accounts.second_factor.set"),
    "remove_second_factor": _grave(EVERYBODY, "", "accounts.second_factor.remove"),
    "reset_second_factor": _grave(MANAGERS, "accounts:write", "accounts.second_factor.reset"),
    "list_keys": Rule(MANAGERS, "keys:read"),
    "create_key": _grave(MANAGERS, "keys:write", "keys.create"),
    "rotate_key": _grave(MANAGERS, "keys:write", "keys.rotate"),
    "revoke_key": _grave(MANAGERS, "keys:write", "keys.revoke"),
    "list_accounts": Rule(MANAGERS, "accounts:read", audited="accounts.read"),
    "disable_account": _grave(MANAGERS, "accounts:write", "accounts.disable"),
    "enable_account": _grave(MANAGERS, "accounts:write", "accounts.enable"),
    "list_invitations": Rule(MANAGERS, "accounts:read"),
    "invite": _grave(MANAGERS, "accounts:write", "accounts.invite"),
    "withdraw_invitation": _grave(MANAGERS, "accounts:write", "accounts.withdraw"),
    "read_audit": Rule(MANAGERS, "audit:read", audited="audit.read"),
    "verify_audit": Rule(MANAGERS, "audit:read", audited="audit.verify"),
    "metrics": Rule(frozenset({ADMIN, ANALYST, SERVICE}), "metrics:read"),
    "recommend": _of_listener("recommendations:read", "recommendations.read"),
    "recommend_batch": Rule(TRUSTED, "recommendations:read", own=True, audited="recommendations.read"),
    "recommend_stranger": Rule(EVERYBODY, "recommendations:read"),
    "onboard": Rule(EVERYBODY, "recommendations:read"),
    "explain": _of_listener("recommendations:read", "explanations.read"),
    "main_parameters": Rule(EVERYBODY, "recommendations:read"),
    "similar": Rule(EVERYBODY, "recommendations:read"),
    "record_event": _of_listener("events:write", "events.record"),
    "record_feedback": _of_listener("events:write", "events.record"),
    "undo_event": _of_listener("events:write", "events.undo"),
    "export_listener": _of_listener("listeners:read", "listeners.export"),
    # Not of the role `service`: whoever plays music for all must not be able to erase all.
    "erase_listener": Rule(MANAGERS | {LISTENER}, "listeners:write", own=True, audited="listeners.erase", begun=True),
    "history_state": _of_listener("listeners:read", "history.read"),
    "list_listens": _of_listener("listeners:read", "history.read"),
    "pause_history": _of_listener("events:write", "history.pause"),
    "resume_history": _of_listener("events:write", "history.resume"),
    "generate_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.make"),
    "export_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.make"),
    "playlist_path": Rule(EVERYBODY, "playlists:read"),
    "reorder_playlist": Rule(EVERYBODY, "playlists:read"),
    "library_map": Rule(EVERYBODY, "search:read"),
    "save_playlist": _kept("playlists:write", "playlists.save", changes=True),
    "list_recipes": _kept("playlists:read", "playlists.recipes.read"),
    "save_recipe": _kept("playlists:write", "playlists.recipes.save", changes=True),
    "refresh_recipe": _kept("playlists:write", "playlists.recipes.refresh", changes=True),
    "delete_recipe": _kept("playlists:write", "playlists.recipes.delete", changes=True),
    "radio": _kept("playlists:read", "playlists.make"),
    "list_server_playlists": Rule(MANAGERS, "playlists:read", audited="playlists.pull"),
    "push_playlist": Rule(TRUSTED, "playlists:write", audited="playlists.push"),
    "pull_playlist": Rule(MANAGERS, "imports:write", audited="playlists.pull"),
    "playlist_choices": Rule(EVERYBODY, "playlists:read"),
    "show_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.make"),
    "edit_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.make"),
    "resize_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.make"),
    "extend_playlist": Rule(EVERYBODY, "playlists:read", own=True, audited="playlists.extend"),
    "append_playlist": Rule(TRUSTED, "playlists:write", audited="playlists.extend"),
    "list_models": Rule(STAFF, "models:read"),
    "model_card": Rule(STAFF, "models:read"),
    "promote_models": _grave(MANAGERS, "models:write", "models.promote"),
    "roll_back_models": _grave(MANAGERS, "models:write", "models.rollback"),
    "forget_tuning": _grave(MANAGERS, "models:write", "models.tune"),
    "list_merges": Rule(STAFF, "catalogue:read"),
    "merge_items": _grave(MANAGERS, "catalogue:write", "identity.merge"),
    "split_item": _grave(MANAGERS, "catalogue:write", "identity.split"),
    "list_experiments": Rule(ANALYSTS, "experiments:read"),
    "show_experiment": Rule(ANALYSTS, "experiments:read"),
    "experiment_report": Rule(ANALYSTS, "experiments:read"),
    "experiment_holdout": Rule(ANALYSTS, "experiments:read"),
    "create_experiment": _grave(ANALYSTS, "experiments:write", "experiments.create"),
    "delete_experiment": _grave(ANALYSTS, "experiments:write", "experiments.delete"),
    "start_experiment": _grave(ANALYSTS, "experiments:write", "experiments.start"),
    "ramp_experiment": _grave(ANALYSTS, "experiments:write", "experiments.ramp"),
    "stop_experiment": _grave(ANALYSTS, "experiments:write", "experiments.stop"),
    "set_experiment_holdout": _grave(ANALYSTS, "experiments:write", "experiments.holdout"),
    "record_outcome": _of_listener("events:write", "events.record"),
    "workspace_status": Rule(STAFF, "models:read"),
    "begin_workspace": _grave(MANAGERS, "imports:write", "workspace.begin"),
    "submit_job": _grave(MANAGERS, "models:write", "jobs.submit"),
    "list_jobs": Rule(ANALYSTS, "models:read"),
    "show_job": Rule(ANALYSTS, "models:read"),
    "cancel_job": _grave(MANAGERS, "models:write", "jobs.cancel"),
    "import_file": _grave(MANAGERS, "imports:write", "imports.run"),
    "list_imports": Rule(ANALYSTS, "imports:read"),
    "preview_import": Rule(MANAGERS, "imports:write"),
    "undo_import": _grave(MANAGERS, "imports:write", "imports.undo"),
    "list_rejects": Rule(MANAGERS, "imports:read", audited="imports.read"),
    "export_rejects": Rule(MANAGERS, "imports:read", audited="imports.read"),
    "search": Rule(EVERYBODY, "search:read", own=True, audited="search.find"),
    "suggest": Rule(EVERYBODY, "search:read"),
    "recent_searches": _of_listener("listeners:read", "search.history.read"),
    "forget_searches": _of_listener("events:write", "search.history.forget"),
    "trending_searches": Rule(ANALYSTS, "search:read", audited="search.history.read"),
    "unanswered_searches": Rule(ANALYSTS, "search:read", audited="search.history.read"),
    "choose_hit": Rule(TRUSTED | {LISTENER}, "search:read", own=True, audited="search.choose", changes=True),
    "saved_searches": _kept("search:read", "search.history.read"),
    "save_search": _kept("search:read", "search.save", changes=True),
    "ask_saved_search": _kept("search:read", "search.find"),
    "delete_saved_search": _kept("search:read", "search.unsave", changes=True),
    "search_audio": Rule(EVERYBODY, "search:read"),
    "search_image": Rule(EVERYBODY, "search:read"),
    "search_voice": Rule(EVERYBODY, "search:read"),
    "covers_by_colour": Rule(EVERYBODY, "search:read"),
    "covers_by_mood": Rule(EVERYBODY, "search:read"),
    "covers_alike": Rule(EVERYBODY, "search:read"),
    "list_library": Rule(STAFF, "audio:read"),
    "correct_audio": Rule(TRUSTED, "audio:write", audited="audio.correct"),
    "audio_versions": Rule(EVERYBODY, "search:read"),
    "track": Rule(EVERYBODY, "search:read"),
    "track_similar": Rule(EVERYBODY, "search:read"),
    "track_analysis": Rule(EVERYBODY, "search:read"),
    "track_spectrogram": Rule(EVERYBODY, "search:read"),
    # Sounds of the library are the household's, as its names are: whoever may look for them may hear them.
    "track_audio": Rule(EVERYBODY, "search:read"),
    "analyze_audio": Rule(STAFF, "audio:read"),
    "identify_audio": Rule(EVERYBODY, "search:read"),
    "stream_audio": Rule(STAFF, "audio:read"),
    "submit_listens": _of_listener("events:write", "events.record"),
    "validate_token": Rule(EVERYBODY, own=True),
    "user_listens": _of_listener("listeners:read", "history.read"),
    "user_listen_count": _of_listener("listeners:read", "history.read"),
    "subsonic_extensions": _OPEN,
    "subsonic_ping": Rule(EVERYBODY),
    "subsonic_license": Rule(EVERYBODY),
    "subsonic_token_info": Rule(EVERYBODY, own=True),
    "subsonic_scrobble": _of_listener("events:write", "events.record"),
}
