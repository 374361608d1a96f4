"""Whether the models in use are what was trained."""

from __future__ import annotations

from pathlib import Path

from ml.foundation.diagnosis import Check
from ml.foundation.errors import CorruptModel
from ml.models import files, pointer

_TRAIN = "ml train"


def check_models(models_root: Path) -> Check:
    """Check every file of the set of models that answers.

    Parameters
    ----------
    models_root : Path
        The workspace's folder of models, there or not.
    """
    try:
        version = pointer.current(models_root)
        if version is None:
            return Check("models", "missing", "none were trained yet", _TRAIN)
        found = files.verify(models_root / version)
    except (CorruptModel, OSError) as error:
        return Check("models", "problem", str(error).partition("\n")[0], _TRAIN)
    bad = [detail for _, fine, detail in found if not fine]
    if bad:
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        return Check("models", "problem", bad[0] + more, _TRAIN)
    return Check("models", "ok", f"{version}: {found[-1][2]}")
