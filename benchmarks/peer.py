"""The interpreter of the libraries that ours is measured beside, and whether it has one of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = Path(os.environ.get("ML_PEERS_PYTHON") or ROOT / ".venv-peers" / "bin" / "python")


def lacks(library: str) -> str:
    """Say why a library cannot be run; nothing where it can."""
    if not PEERS.exists():
        return f"{PEERS} is missing: `make bench` makes it"
    done = subprocess.run([PEERS, "-c", f"import {library}"], check=False, capture_output=True)
    return f"{PEERS} has no {library}" if done.returncode else ""
