"""What a job is doing, by the codes of :mod:`ml.foundation.steps`."""

from __future__ import annotations

from ml.foundation.steps import STEPS
from ml.service.console.texts.text import Texts

_GERMAN = {
    "look": "sieht die Dateien an",
    "import": "importiert {file}",
    "snapshot": "hält den Stand fest",
    "write_models": "schreibt die Modelle",
    "fit": "lernt {model}",
    "fit_far": "lernt {model}: {far}",
    "try": "probt {model}",
    "try_far": "probt {model}: {far}",
    "judge": "beurteilt {model}",
    "newcomers": "lernt von neuen Hörern",
    "documents": "Dokumente",
    "read": "liest",
    "neighbours": "sucht Nachbarn",
    "layout": "legt die Karte aus",
    "scan": "liest Audiodateien",
    "embed": "vergleicht Klänge",
    "recommend": "empfiehlt",
    "cut": "teilt den Verlauf und lernt den Hybrid",
    "heads": "lernt von den Tags der gelesenen Dateien",
    "compare": "vergleicht Aufnahmen",
}

TEXTS: Texts = {f"work.{code}": (STEPS.templates[code], said) for code, said in _GERMAN.items()}
