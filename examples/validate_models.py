"""Are the current models whole? And does one changed byte show? Run `make demo` first."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import ml
from ml.app import App
from ml.models import pointer
from ml.validation import validate_model_integrity


def main() -> None:
    app = App.of_settings(ml.ML_CONFIG)
    folder = app.workspace.models / str(pointer.current(app.workspace.models))
    app.close()

    report = validate_model_integrity(folder)
    for check in report.checks:
        print("ok " if check.ok else "BAD", check.name, check.detail)

    with TemporaryDirectory() as scratch:
        copy = Path(shutil.copytree(folder, Path(scratch) / "models"))
        arrays = copy / "vocabulary.npz"
        content = bytearray(arrays.read_bytes())
        content[len(content) // 2] ^= 1
        arrays.write_bytes(content)
        print("a copy with one bit changed:", "whole" if validate_model_integrity(copy).ok else "not whole")


if __name__ == "__main__":
    main()
