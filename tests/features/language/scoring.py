"""How many slots of requests are right: precision and recall over slots, as they are written in the data.

A slot that is said twice in a request counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml.features.language import Parse, Slot, parse

HERE = Path(__file__).parent
SHORT = {"tempo_bpm": "tempo", "duration_s": "duration", "track_duration_s": "track_duration"}
WORDS = {"40-76": "slow", "76-120": "medium", "120-200": "fast"}
#: A single length of time is written once.
LENGTHS = {"duration", "track_duration"}


@dataclass(frozen=True)
class Request:
    language: str
    text: str
    expected: tuple[str, ...]


def requests(name: str = "requests.tsv") -> list[Request]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [
        Request(language, text, tuple(filter(None, (each.strip() for each in slots.split(";")))))
        for language, text, slots in rows
    ]


def written(slot: Slot) -> str:
    kind, value = SHORT.get(slot.kind, slot.kind), str(slot).partition("=")[2]
    if kind == "tempo":
        value = WORDS.get(value, value)
    if kind in LENGTHS:
        low, _, high = value.partition("-")
        value = low if low == high else value
    return f"{'' if slot.wanted else '!'}{kind}={value}"


def found(read: Parse) -> tuple[str, ...]:
    rest = (f"{'' if term.wanted else '!'}rest={term.text}" for term in read.rest)
    return (*map(written, read.slots), *rest)


@dataclass(frozen=True)
class Share:
    right: int
    found: int
    expected: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.expected


def share(asked: list[Request]) -> Share:
    right = read = expected = 0
    for request in asked:
        got, wanted = set(found(parse(request.text))), set(request.expected)
        right += len(got & wanted)
        read += len(got)
        expected += len(wanted)
    return Share(right, read, expected)


if __name__ == "__main__":
    import sys

    asked = requests(*sys.argv[1:])
    for request in asked:
        got, wanted = set(found(parse(request.text))), set(request.expected)
        if got != wanted:
            print(f"{request.text}\n    missing {sorted(wanted - got)}  too much {sorted(got - wanted)}")
    for language in ("en", "de"):
        of = share([each for each in asked if each.language == language])
        print(language, of, f"precision {of.precision:.3f} recall {of.recall:.3f}")
