"""Who may use a workspace."""

from ml.data.access.principal import Principal

__all__ = ["Principal"]
