"""The audit log that belongs to settings and a workspace."""

from __future__ import annotations

from pathlib import Path

from ml.data.audit import AuditLog
from ml.data.workspace import Workspace
from ml.foundation.paths import expanded
from ml.foundation.settings import Settings


def audit_key_file(settings: Settings, home: Path) -> Path:
    """Name the file of the audit key."""
    named = settings.audit.key_file
    return expanded(named).absolute() if named else home / "audit.key"


def audit_log(settings: Settings, workspace: Workspace) -> AuditLog:
    """Give the log of a workspace; nothing is written before something is recorded."""
    key_file = audit_key_file(settings, workspace.home)
    return AuditLog(workspace.audit, key_file, retention_days=settings.audit.retention_days)
