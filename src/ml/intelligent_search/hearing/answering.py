"""One search by sound, from the request to the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

from sqlalchemy import Connection, select
from tantivy import Query, Searcher

from ml.data.audio_files import printable
from ml.data.identity.lookup import roots
from ml.data.schema import aliases, files
from ml.features.audio.melody import SALIENCE_RATE, is_one_voice, line_of, pitch_of_voice
from ml.features.language import parse
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.phrase import Phrase, spoken
from ml.intelligent_search.candidate import Candidate, read_shown
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.filters import Filters
from ml.intelligent_search.hearing.asking import SoundRequest
from ml.intelligent_search.hearing.contract import Hearing, Recording
from ml.intelligent_search.hearing.melodies import LibraryMelodies
from ml.intelligent_search.lexical.fields import Shown, words_schema
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.results import SearchResults
from ml.intelligent_search.telling import hits_of
from ml.intelligent_search.words import say

HEARD, ALIKE, HUMMED = "heard", "sounds like", "hummed"
_SCAN_FIRST = "scan a folder of music first: ml audio scan FOLDER"

Found = list[tuple[str, str, float]]


def answer_sound(
    connection: Connection,
    parts: SearchParts,
    searcher: Searcher,
    melodies: LibraryMelodies,
    request: SoundRequest,
    said: Iterable[Phrase] = (),
    on_rows: Callable[[int, int], None] = lambda *_: None,
) -> SearchResults:
    """Answer one request.

    A recording that is known comes first; where the excerpt is of none, what is one voice alone is looked for among
    melodies, and anything else among what sounds like it.

    Raises
    ------
    EmptyWorkspace
        If nothing was scanned that could be found.
    BadInput
        If the file cannot be compared.
    """
    hearing = parts.hearing()
    if hearing is None:
        raise EmptyWorkspace("no audio file was scanned yet", _SCAN_FIRST, code="nothing_scanned")
    notices = list(said)
    recordings = _recordings(hearing, request) if request.how in ("auto", "identify") else []
    reasons: dict[str, Phrase] = {}
    if recordings or request.how == "identify":
        part, found = HEARD, [(one.content_hash, one.path, one.probability) for one in recordings]
        reasons = {one.content_hash: say(HEARD, time=_clock(one.offset_s)) for one in recordings}
    elif request.how == "hum" or (request.how == "auto" and is_one_voice(request.samples)):
        part, found = HUMMED, _hummed(connection, melodies, request, notices, on_rows)
    else:
        near = hearing.similar(request.path, request.count)
        part, found = ALIKE, [(one.content_hash, one.path, max(one.similarity, 0.0)) for one in near]
    candidates = _candidates(connection, searcher, found[: request.count], part, reasons)
    return SearchResults(
        text=request.name,
        hits=hits_of(connection, candidates, "", typing=False, language=request.language),
        did_you_mean=None,
        parse=parse(""),
        filters=Filters(),
        route=part,
        total=len(candidates),
        notices=(*parts.notices, *(spoken(one, request.language) for one in notices)),
    )


def _recordings(hearing: Hearing, request: SoundRequest) -> list[Recording]:
    heard = hearing.identify(request.path)
    return [] if heard.track is None else [heard.track, *heard.others]


def _hummed(
    connection: Connection,
    melodies: LibraryMelodies,
    request: SoundRequest,
    notices: list[Phrase],
    on_rows: Callable[[int, int], None],
) -> Found:
    known = melodies.up_to_date(connection, on_rows=on_rows)
    if not known.paths:
        raise EmptyWorkspace("no audio file was scanned yet", _SCAN_FIRST, code="nothing_scanned")
    if known.rebuilt:
        notices.append(say("rebuilt"))
    if known.unheard:
        notices.append(say("unheard", n=known.unheard))
    found = known.index.search(line_of(pitch_of_voice(request.samples), SALIENCE_RATE), request.count)
    if found:
        notices.append(say("any_melody"))
    return [(one.id, known.paths[one.id], max(0.0, 1.0 - one.cost)) for one in found]


def _candidates(
    connection: Connection, searcher: Searcher, found: Found, part: str, reasons: Mapping[str, Phrase]
) -> list[Candidate]:
    """Give the documents of sounds, each once, the best first."""
    uids = uids_of(connection, [name for name, _, _ in found])
    candidates: dict[str, Candidate] = {}
    for name, path, value in found:
        shown = _document(searcher, uids[name]) or _bare(name, path)
        if shown.uid not in candidates:
            reason = reasons.get(name) or say(part)
            candidates[shown.uid] = Candidate(shown, {part: value}, min(value, 1.0), reason)
    return list(candidates.values())


def uids_of(connection: Connection, names: list[str]) -> dict[str, str]:
    """Say which document each sound is."""
    owned = select(files.c.content_hash, files.c.item_key).where(files.c.content_hash.in_(names))
    named = select(aliases.c.external_id, aliases.c.item_key).where(
        aliases.c.source == "file", aliases.c.external_id.in_(names)
    )
    keys = {name: int(key) for asked in (owned, named) for name, key in connection.execute(asked) if key is not None}
    found = {name: roots(connection, [key])[0].key for name, key in keys.items()}
    return {name: f"t{found[name]}" if name in found else f"f{name}" for name in names}


def _document(searcher: Searcher, uid: str) -> Shown | None:
    hits = searcher.search(Query.term_query(words_schema(), "uid", uid), 1, count=False).hits
    return read_shown(searcher, hits[0][1]) if hits else None


def _bare(name: str, path: str) -> Shown:
    """Show a file that no document stands for, such as one whose analysis is of an earlier version."""
    title = PurePath(printable(PurePath(path))).stem
    return Shown(
        uid=f"f{name}",
        kind="track",
        key=None,
        name=title,
        artist=None,
        album=None,
        year=None,
        duration_s=None,
        plays=0,
        path=path,
        musical_key=None,
        genres=(),
        tags=(),
        tag_shares=(),
        said=0,
        features=(None,) * len(FEATURES),
        spelt=title,
        artist_spelt="",
    )


def _clock(seconds: float) -> str:
    """Write a moment of a track.

    >>> _clock(75.4)
    '1:15'
    """
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
