"""What an import did."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ml.data.importers.reasons import REASONS
from ml.foundation.results import Result
from ml.foundation.said import Said, Words

#: Reasons beyond this many are grouped: each row's own stands in the rejects file.
_DISTINCT_REASONS = 12


@dataclass(frozen=True, slots=True)
class UnitSummary(Result):
    """What became of one file, or of files that are read together.

    Parameters
    ----------
    name, kind : str
    status : str
        ``imported``, ``resumed``, ``unchanged`` (read to its end by an earlier import) or
        ``failed``.
    rows, rejected : int
    problem : str or None
        Why it failed.
    notes : tuple of str
        What was guessed, such as the unit of a time.
    columns : tuple of str
        Of a text table, as its first line has them: refused rows are given back with them.
    delimiter : str
        What parts them there.
    """

    name: str
    kind: str
    status: str
    rows: int = 0
    rejected: int = 0
    problem: str | None = None
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class ImportSummary(Result):
    """What an import did.

    Parameters
    ----------
    import_id : int or None
        For ``ml import undo``; None for a dry run, and where nothing had to be done.
    path : str
    rows : int
        Rows read from the files.
    added, already_there, updated : dict of str to int
        Rows of each table that are new, that were there before, and that took a new value.
    rejected : int
    rejects_file : str or None
        Where each rejected row stands with file, line and reason.
    reasons : dict of str to int
        How often each reason was given.
    units : tuple of UnitSummary
    unrecognised : tuple of str
        Files that no importer claimed.
    seconds : float
    dry_run : bool
    said : dict of str to Words
        Which sentences the reasons and the notes are, so that they can be said in other languages.
    """

    import_id: int | None
    path: str
    rows: int
    added: dict[str, int]
    already_there: dict[str, int]
    updated: dict[str, int]
    rejected: int
    rejects_file: str | None
    reasons: dict[str, int]
    units: tuple[UnitSummary, ...]
    unrecognised: tuple[str, ...]
    seconds: float
    dry_run: bool = False
    said: dict[str, Words] = field(default_factory=dict)


def alike(reason: str) -> str:
    """Give what reasons have in common that differ in a number only; of a sentence of ours, in its values.

    >>> alike("3 fields instead of 4")
    '… fields instead of …'
    """
    if isinstance(reason, Said):
        return REASONS.changed(reason, _without_numbers)
    return _without_numbers(reason)


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "…", text)


@dataclass
class Tally:
    """Counts, while an import runs."""

    rows: int = 0
    added: Counter[str] = field(default_factory=Counter)
    already_there: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def grouped_reasons(self) -> dict[str, int]:
        """Count the reasons, taking together those that differ in a number only where there are many.

        >>> Tally(reasons=Counter(f"artist {n} is unknown" for n in range(30))).grouped_reasons()
        {'artist … is unknown': 30}
        """
        if len(self.reasons) <= _DISTINCT_REASONS:
            return dict(self.reasons)
        grouped: Counter[str] = Counter()
        for reason, count in self.reasons.items():
            grouped[alike(reason)] += count
        return dict(grouped)

    @property
    def rejected(self) -> int:
        """Rows rejected so far."""
        return self.reasons.total()

    def count(self, table: str, *, added: int, of: int, updated: int = 0) -> None:
        """Count what became of ``of`` rows of a table."""
        for counter, number in (
            (self.added, added),
            (self.updated, updated),
            (self.already_there, of - added - updated),
        ):
            if number:
                counter[table] += number
