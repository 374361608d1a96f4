"""Who may call what: one line for each operation, written by hand, looked up by :mod:`ml.service.gate` only.

Conventions
-----------
- An operation is the name of a route's function. ``scope`` is what a key has to have been given.
- ``own``: the operation speaks of one listener. A listener may then call it for themself only; the route says for whom
  by :meth:`ml.service.gate.Caller.listener`.
- ``audited``: it changes something, or reads what is personal, and is written into the audit log.
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
    audited : bool
    """

    roles: frozenset[str]
    scope: str = ""
    own: bool = False
    audited: bool = False


_OPEN = Rule(frozenset())


def _of_listener(scope: str, *, audited: bool = True) -> Rule:
    """Rule of what speaks of a listener: those who are trusted, and the listener."""
    return Rule(TRUSTED | {LISTENER}, scope, own=True, audited=audited)


RULES: Mapping[str, Rule] = {
    "health": _OPEN,
    "ready": _OPEN,
    "setup_state": _OPEN,
    "log_in": Rule(frozenset(), audited=True),
    "look_at_invitation": _OPEN,
    "accept_invitation": Rule(frozenset(), audited=True),
    "who_asks": Rule(EVERYBODY),
    "log_out": Rule(EVERYBODY, audited=True),
    "change_password": Rule(EVERYBODY, audited=True),
    "list_keys": Rule(MANAGERS, "keys:read"),
    "create_key": Rule(MANAGERS, "keys:write", audited=True),
    "rotate_key": Rule(MANAGERS, "keys:write", audited=True),
    "revoke_key": Rule(MANAGERS, "keys:write", audited=True),
    "list_accounts": Rule(MANAGERS, "accounts:read", audited=True),
    "disable_account": Rule(MANAGERS, "accounts:write", audited=True),
    "enable_account": Rule(MANAGERS, "accounts:write", audited=True),
    "list_invitations": Rule(MANAGERS, "accounts:read"),
    "invite": Rule(MANAGERS, "accounts:write", audited=True),
    "withdraw_invitation": Rule(MANAGERS, "accounts:write", audited=True),
    "read_audit": Rule(MANAGERS, "audit:read", audited=True),
    "verify_audit": Rule(MANAGERS, "audit:read", audited=True),
    "metrics": Rule(frozenset({ADMIN, ANALYST, SERVICE}), "metrics:read"),
    "recommend": _of_listener("recommendations:read"),
    "recommend_batch": Rule(TRUSTED, "recommendations:read", audited=True),
    "recommend_stranger": Rule(EVERYBODY, "recommendations:read"),
    "onboard": Rule(EVERYBODY, "recommendations:read"),
    "explain": _of_listener("recommendations:read"),
    "main_parameters": Rule(EVERYBODY, "recommendations:read"),
    "similar": Rule(EVERYBODY, "recommendations:read"),
    "record_event": _of_listener("events:write"),
    "record_feedback": _of_listener("events:write"),
    "undo_event": _of_listener("events:write"),
    "list_listens": _of_listener("listeners:read"),
    "history_state": _of_listener("listeners:read"),
    "pause_history": _of_listener("events:write"),
    "resume_history": _of_listener("events:write"),
    "generate_playlist": Rule(EVERYBODY, "playlists:read", own=True),
    "export_playlist": Rule(EVERYBODY, "playlists:read", own=True),
    "playlist_path": Rule(EVERYBODY, "playlists:read"),
    "reorder_playlist": Rule(EVERYBODY, "playlists:read"),
    "list_models": Rule(STAFF, "models:read"),
    "model_card": Rule(STAFF, "models:read"),
    "promote_models": Rule(MANAGERS, "models:write", audited=True),
    "roll_back_models": Rule(MANAGERS, "models:write", audited=True),
    "list_experiments": Rule(ANALYSTS, "experiments:read"),
    "show_experiment": Rule(ANALYSTS, "experiments:read"),
    "experiment_report": Rule(ANALYSTS, "experiments:read"),
    "experiment_holdout": Rule(ANALYSTS, "experiments:read"),
    "create_experiment": Rule(ANALYSTS, "experiments:write", audited=True),
    "delete_experiment": Rule(ANALYSTS, "experiments:write", audited=True),
    "start_experiment": Rule(ANALYSTS, "experiments:write", audited=True),
    "ramp_experiment": Rule(ANALYSTS, "experiments:write", audited=True),
    "stop_experiment": Rule(ANALYSTS, "experiments:write", audited=True),
    "set_experiment_holdout": Rule(ANALYSTS, "experiments:write", audited=True),
    "record_outcome": _of_listener("events:write"),
    "workspace_status": Rule(STAFF, "models:read"),
    "submit_job": Rule(MANAGERS, "models:write", audited=True),
    "list_jobs": Rule(ANALYSTS, "models:read"),
    "show_job": Rule(ANALYSTS, "models:read"),
    "cancel_job": Rule(MANAGERS, "models:write", audited=True),
    "import_file": Rule(MANAGERS, "imports:write", audited=True),
    "list_imports": Rule(ANALYSTS, "imports:read"),
    "undo_import": Rule(MANAGERS, "imports:write", audited=True),
    "search": Rule(EVERYBODY, "search:read", own=True),
    "suggest": Rule(EVERYBODY, "search:read"),
    "search_audio": Rule(EVERYBODY, "search:read"),
    "search_image": Rule(EVERYBODY, "search:read"),
    "analyze_audio": Rule(STAFF, "audio:read"),
    "identify_audio": Rule(EVERYBODY, "search:read"),
    "stream_audio": Rule(STAFF, "audio:read"),
    "submit_listens": _of_listener("events:write"),
    "validate_token": Rule(EVERYBODY, own=True),
    "user_listens": _of_listener("listeners:read"),
    "user_listen_count": _of_listener("listeners:read"),
    "subsonic_extensions": _OPEN,
    "subsonic_ping": Rule(EVERYBODY),
    "subsonic_license": Rule(EVERYBODY),
    "subsonic_token_info": Rule(EVERYBODY, own=True),
    "subsonic_scrobble": _of_listener("events:write"),
}
