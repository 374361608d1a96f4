"""A text as a QR code, as numbers that a page draws from."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from ml.foundation.results import Result

#: Modules of light around the code: less, and some apps do not find it (ISO/IEC 18004).
QUIET = 4


@dataclass(frozen=True, slots=True)
class QrCode(Result):
    """A QR code.

    Parameters
    ----------
    size : int
        Modules along each side, the light margin among them.
    path : str
        The dark modules, each a unit wide, as the ``d`` of an SVG path.
    """

    size: int
    path: str


def qr_of(text: str) -> QrCode:
    """Make the code of a text; a quarter of it may be hidden, about.

    >>> code = qr_of("ml")
    >>> code.size, code.path[:9]
    (29, 'M4 4h7v1h')
    """
    rows = segno.make_qr(text, error="q", boost_error=False).matrix
    path = "".join(run for down, row in enumerate(rows) for run in _runs(row, down))
    return QrCode(len(rows) + 2 * QUIET, path)


def _runs(row: bytearray, down: int) -> list[str]:
    found, start = [], 0
    while (start := row.find(1, start)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        found.append(f"M{start + QUIET} {down + QUIET}h{end - start}v1h-{end - start}z")
        start = end
    return found
