"""The larger embedder of audio commands: an option, or the setting behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from ml.audio_analysis import AudioAnalyzer

Embedder = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--embedder",
        metavar="PATH",
        help="Larger embedder: an ONNX file or a local Hugging Face folder; own for our own vectors.",
        show_default="the setting audio_analysis.embedder",
    ),
]


def analyzer_of_settings() -> AudioAnalyzer:
    """Give an analyzer with the heads of the workspace, and with the embedder of the settings where a head needs it."""
    from ml.audio_analysis import AudioAnalyzer  # late: SciPy's filters take half a second to import
    from ml.audio_analysis.embedders import plugged
    from ml.audio_analysis.heads import AudioHeads
    from ml.foundation import resolver

    app = resolver.own.current()
    heads = AudioHeads.of(app.workspace)
    plug = plugged(app.settings.audio_analysis.embedder) if heads.larger else None
    return AudioAnalyzer(heads=heads, embedder=None if plug is None else plug.embedder)
