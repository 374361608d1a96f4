"""A head's card for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def card_text(card: Mapping[str, Any]) -> str:
    """Write a card as plain text."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    found = card["measured"]
    by = f"grouped by {card['grouped_by']}" if card["grouped_by"] else "not grouped"
    yield f"{card['target']}: {', '.join(card['labels'])}"
    yield f"trained on {card['trained_on']}, {card['trained_at']}"
    yield f"{card['tracks']:,} tracks in {card['groups']:,} groups ({by})"
    if card.get("embedder"):
        yield f"vectors of {card['vectors']} ({card['embedder']})"
    yield f"measured by nested {found['folds']}-fold cross-validation, {found['seeds']} seeds"
    yield ""
    if card["kind"] == "classes":
        yield f"accuracy {_with(found, 'accuracy')}; always the most frequent label: {found['most_frequent']:.3f}"
        yield f"log loss {found['log_loss']:.3f}, expected calibration error {found['ece']:.3f}"
        yield ""
        yield from _confusion(found["confusion"])
    elif card["kind"] == "tags":
        yield f"mean average precision {found['average_precision']:.3f}, calibration error {found['ece']:.3f}"
        for label, value in found["average_precision_by_label"].items():
            yield f"  {label:24} {value:.3f}   by chance {found['share_by_label'][label]:.3f}"
    else:
        yield f"mean correlation (Pearson's r) {_with(found, 'pearson_r')}"
        for label, value in found["pearson_r_by_scale"].items():
            yield f"  {label:24} {value:.3f}"
    for notice in card["notices"]:
        yield f"note: {notice}"


def _with(found: Mapping[str, Any], name: str) -> str:
    return f"{found[name]:.3f} (95 %: {found[f'{name}_low']:.3f} to {found[f'{name}_high']:.3f})"


def _confusion(matrix: Mapping[str, Any]) -> Iterator[str]:
    labels = matrix["labels"]
    width = max(10, *(len(label) + 2 for label in labels))
    yield f"{'truth, said':{width}}" + "".join(f"{label:>{width}}" for label in labels)
    for label, row in zip(labels, matrix["counts"], strict=True):
        yield f"{label:{width}}" + "".join(f"{value:{width}.1f}" for value in row)
