"""Items already there that a description may be about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, select

from ml.data.identity.description import Description
from ml.data.identity.lookup import families, matching_rows
from ml.data.schema import aliases, items

#: Two recordings of one title and artist whose lengths differ by more are two recordings.
DURATION_TOLERANCE_MS = 3_000
CONFIDENCE = {"isrc": 0.99, "mbid": 0.98, "name and duration": 0.95, "path": 0.9, "name": 0.85}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that is there."""

    key: int
    root: int
    kind: str
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which item a description is about, and why we think so."""

    candidate: Candidate
    method: str

    @property
    def confidence(self) -> float:
        """Confidence in [0, 1]."""
        return CONFIDENCE[self.method]


@dataclass
class Candidates:
    """Looks up, for many descriptions at once, what they may be about.

    New items are added as they are made, so that two descriptions of one slice meet.
    """

    by_alias: dict[tuple[str, str], int] = field(default_factory=dict)
    _sources: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Who numbers an artist, or one that counts as it; by key."""
    _by: dict[str, dict[str, list[Candidate]]] = field(
        default_factory=lambda: {name: defaultdict(list) for name in ("isrc", "mbid", "match")}
    )

    @classmethod
    def of(cls, connection: Connection, descriptions: Sequence[Description]) -> Candidates:
        """Read the candidates of some descriptions from the store."""
        found = cls()
        found._read_aliases(connection, descriptions)
        # Whoever has an id that is known needs no candidates.
        rest = [d for d in descriptions if d.outside is None or _pair(d) not in found.by_alias]
        found.read(connection, items.c.isrc, (d.details["isrc"] for d in rest))
        found.read(connection, items.c.mbid, (d.details["mbid"] for d in rest))
        found.read(connection, items.c.match, (d.match for d in rest))
        return found

    def _read_aliases(self, connection: Connection, descriptions: Sequence[Description]) -> None:
        by_source: dict[str, list[str]] = defaultdict(list)
        for description in descriptions:
            if description.outside:
                by_source[description.outside.source].append(description.outside.external)
        for source, ids in by_source.items():
            statement = select(aliases.c.external_id, aliases.c.item_key).where(aliases.c.source == source)
            for external, key in matching_rows(connection, statement, aliases.c.external_id, ids):
                self.by_alias[source, external] = key

    def read(self, connection: Connection, column: Column[str], values: Iterable[str | None]) -> None:
        """Read the items whose column holds one of the values."""
        wanted = sorted({value for value in values if value})
        columns = (column.label("value"), items.c.key, items.c.kind, items.c.duration_ms, items.c.same_as)
        rows = sorted(matching_rows(connection, select(*columns), column, wanted), key=lambda row: row.key)
        self._read_sources(connection, {row.same_as or row.key for row in rows if row.kind == "artist"})
        for value, key, kind, duration_ms, same_as in rows:
            self._by[column.name][value].append(Candidate(key, same_as or key, kind, duration_ms))

    def _read_sources(self, connection: Connection, keys: Collection[int]) -> None:
        for family in families(connection, keys).values():
            # One set for all of them: whoever joins one joins all.
            shared: set[str] = set()
            self._sources.update((key, shared) for key in family)
        statement = select(aliases.c.item_key, aliases.c.source)
        for key, source in matching_rows(connection, statement, aliases.c.item_key, list(self._sources)):
            self._sources[key].add(source)

    def add(self, description: Description, key: int, root: int) -> None:
        """Remember an item that was just made."""
        candidate = Candidate(key, root, description.kind, description.duration_ms)
        if description.outside:
            self.by_alias[_pair(description)] = key
            self._sources[root].add(description.outside.source)
        for name, value in (("match", description.match), *((n, description.details[n]) for n in ("isrc", "mbid"))):
            if value:
                self._by[name][value].append(candidate)

    def recognise(self, description: Description) -> Recognition | None:
        """Find the item that a description is about, by the surest sign there is."""
        for sign in ("isrc", "mbid"):
            value = description.details[sign]
            for candidate in self._by[sign].get(value, ()) if value else ():
                if candidate.kind == description.kind:
                    return Recognition(candidate, sign)
        return self._by_name(description)

    def named(self, match: str) -> Candidate | None:
        """Find the first item of a match key."""
        found = self._by["match"].get(match)
        return found[0] if found else None

    def _by_name(self, description: Description) -> Recognition | None:
        if not description.named and description.outside:
            return None
        known: Recognition | None = None
        for candidate in self._by["match"].get(description.match, ()):
            if description.kind == "artist":
                # A source that numbers its artists knows them apart.
                if description.outside is None or description.outside.source not in self._sources[candidate.root]:
                    return Recognition(candidate, "name")
            elif candidate.duration_ms is None or description.duration_ms is None:
                known = known or Recognition(candidate, "name")
            elif abs(candidate.duration_ms - description.duration_ms) <= DURATION_TOLERANCE_MS:
                return Recognition(candidate, "name and duration")
        return known


def _pair(description: Description) -> tuple[str, str]:
    if description.outside is None:
        raise ValueError("a description without an outside id has no alias")
    return description.outside.source, description.outside.external
