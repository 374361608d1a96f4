r"""One record: its fields, and the line it becomes.

Conventions
-----------
- A line is JSON in UTF-8, its fields in a fixed order, ``hash`` and ``seal`` last. ``hash`` is SHA-256 of every byte
  before ``,"hash"``, which include the hash of the record before (``prev``): what is checked are bytes, so that nothing
  hangs on how JSON is read. ``seal`` is BLAKE2b of that hash with the audit key (RFC 7693), 128 bit.
- Texts hold no character that a terminal, an editor or a program that splits lines would obey: what is not printable is
  written as an escape of Python's (``\n``, ``\u202e``), and so is the backslash. What is longer than its field may be
  ends with ``…``.
- ``at`` is UTC, to the microsecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ml.foundation.key_file import kept_key

#: What the first record of a chain has as the hash of the record before.
NOTHING = "0" * 64
#: Characters of a text, at most.
LONGEST = 200
#: Details of one record, at most.
MOST_DETAILS = 16
#: What the log itself writes.
SYSTEM, SELF = "system", "self"
SEGMENT, OPENED, CLOCK, TORN = "audit.segment", "audit.opened", "audit.clock", "audit.torn"
ANCHOR, PRUNED = "audit.anchor", "audit.pruned"

Detail = str | int | float | bool | None

# Bytes of a line from ``,"hash"`` on.
_TAIL = len(',"hash":"') + 64 + len('","seal":"') + 32 + len('"}')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEEDED = (("n", int), ("at", str), ("what", str), ("about", dict), ("prev", str), ("hash", str), ("seal", str))
_INTEGERS = range(-(1 << 63), 1 << 63)


class Key:
    """The audit key: it seals records, and makes pseudonyms of listeners.

    Parameters
    ----------
    secret : bytes
        32 random bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = self._mac(b"", b"ml audit key id", 8).hex()

    @classmethod
    def kept(cls, file: Path) -> Key:
        """Read the key of a workspace, making it if there is none.

        Raises
        ------
        BadInput, DiskFull
        """
        return cls(kept_key(file))

    def pseudonym(self, user_key: int) -> str:
        """Name a listener by what nobody can lead back to them without this key."""
        return self._mac(str(user_key).encode(), b"ml audit whom", 16).hex()

    def seal(self, digest: bytes) -> str:
        """Seal the hash of a record."""
        return self._mac(digest, b"ml audit seal", 16).hex()

    def has_sealed(self, read: Read) -> bool:
        """Tell whether a record that was read was written with this key."""
        return bool(read.fields["seal"] == self.seal(read.digest))

    def _mac(self, text: bytes, purpose: bytes, size: int) -> bytes:
        return blake2b(text, key=self._secret, person=purpose, digest_size=size).digest()


@dataclass(slots=True)
class Entry:
    """What is to be recorded.

    Parameters
    ----------
    wall_us : int
        Microseconds since 1970, UTC.
    steady_s : float
        Of a clock that nobody sets.
    fields : dict
        Of the record, between ``at`` and ``prev``.
    n : int
        Its place in the chain; 0 until it is written.
    """

    wall_us: int
    steady_s: float
    fields: dict[str, Any]
    n: int = 0


class Read(NamedTuple):
    """A line that was read."""

    fields: dict[str, Any]
    digest: bytes
    genuine: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did.

    Parameters
    ----------
    who : str
        Id of whoever did it; no name.
    what : str
        As ``"recommendations.read"``.
    how : str
        ``"api"``, ``"cli"`` or ``"console"``.
    role : str
    whom : int, optional
        Key of the listener whom it concerns; the record has a pseudonym.
    request : str
        Id of the request that it belongs to.
    result : str
        ``"ok"``, ``"denied"``, ``"error:…"``, or ``"begun"`` before something is done.
    about : mapping
        Few small details, none of them personal.
    """

    who: str
    what: str
    how: str
    role: str = ""
    whom: int | None = None
    request: str = ""
    result: str = "ok"
    about: Mapping[str, Detail] = field(default_factory=dict)


def fields_of(deed: Deed, whom: str | None = None) -> dict[str, Any]:
    """Put the fields of a record in order, made harmless; ``whom`` is the pseudonym of the listener."""
    return {
        "who": harmless(deed.who),
        "role": harmless(deed.role),
        "what": harmless(deed.what),
        "whom": None if whom is None else harmless(whom),
        "how": harmless(deed.how),
        "request": harmless(deed.request),
        "result": harmless(deed.result),
        "about": _details(deed.about),
    }


def of_the_log(what: str, **about: Any) -> dict[str, Any]:
    """Give the fields of a record that the log writes about itself."""
    return fields_of(Deed(SYSTEM, what, SELF, role=SYSTEM)) | {"about": about}


def harmless(text: str) -> str:
    r"""Escape what is not printable, and cut what is too long.

    >>> harmless("ok"), harmless("two\nlines"), harmless("a" * 300)[-3:]
    ('ok', 'two\\nlines', 'aa…')
    """
    text = text[: LONGEST + 1]  # so that a megabyte costs no more than a line
    if not text.isprintable() or "\\" in text:
        parts = (one if one.isprintable() and one != "\\" else one.encode("unicode_escape").decode() for one in text)
        text = "".join(parts)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _details(about: Mapping[str, Detail]) -> dict[str, Detail]:
    return {harmless(name): _detail(value) for name, value in list(about.items())[:MOST_DETAILS]}


def _detail(value: Detail) -> Detail:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if value in _INTEGERS else harmless(f"{value:.6e}" if abs(value) < 10**300 else "huge")
    return harmless(value)


def moment(wall_us: int) -> str:
    """Write a moment as records have it.

    >>> moment(1_500_000)
    '1970-01-01T00:00:01.500000Z'
    """
    seconds, rest = divmod(wall_us, 1_000_000)
    return f"{_second(seconds)}.{rest:06}Z"


@lru_cache(maxsize=4)  # thousands of records are of the same second
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def microseconds(at: str) -> int:
    """Read a moment as records have it.

    >>> microseconds(moment(1_700_000_000_123_456))
    1700000000123456
    """
    return (datetime.fromisoformat(at) - _EPOCH) // timedelta(microseconds=1)


def write_line(n: int, at: str, fields: dict[str, Any], prev: str, key: Key) -> tuple[bytes, str]:
    """Make the line of a record; return it and its hash."""
    body = orjson.dumps({"n": n, "at": at, **fields, "prev": prev})[:-1]
    digest = sha256(body)
    text = digest.hexdigest()
    seal = key.seal(digest.digest())
    return body + f',"hash":"{text}","seal":"{seal}"}}\n'.encode(), text


def read_line(line: bytes) -> Read:
    """Read a line without its end.

    Raises
    ------
    ValueError
        If it is none of a record.
    """
    fields = orjson.loads(line)
    if not isinstance(fields, dict) or any(type(fields.get(name)) is not kind for name, kind in _NEEDED):
        raise ValueError("no record")
    digest = sha256(line[:-_TAIL])
    tail = f',"hash":"{digest.hexdigest()}","seal":"{fields["seal"]}"}}'
    return Read(fields, digest.digest(), line[-_TAIL:] == tail.encode())
