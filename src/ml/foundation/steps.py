"""What long work says it is doing: every such step, by its code."""

from __future__ import annotations

from ml.foundation.said import Said, Sentences

STEPS = Sentences(
    {
        "look": "look at the files",
        "import": "import {file}",
        "snapshot": "take a snapshot",
        "write_models": "write the models",
        "fit": "fit {model}",
        "fit_far": "fit {model}: {far}",
        "try": "try {model}",
        "try_far": "try {model}: {far}",
        "judge": "judge {model}",
        "newcomers": "learn from newcomers",
        "documents": "documents",
        "read": "read",
        "neighbours": "neighbours",
        "layout": "layout",
        "scan": "scanning",
        "embed": "embedding",
        "recommend": "recommend",
        "cut": "cut the history, and fit the hybrid",
        "heads": "learn from the tags of scanned files",
        "compare": "compare recordings",
    }
)


def step(code: str, **values: object) -> Said:
    """Say what is being done."""
    return STEPS.say(code, **values)
