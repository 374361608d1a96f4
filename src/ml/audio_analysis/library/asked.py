"""What can be asked of a library, checked at the door."""

from __future__ import annotations

from ml.foundation.errors import BadInput


def check_count(count: int) -> None:
    """Check how many tracks are asked for.

    Raises
    ------
    BadInput
        If there would be none.
    """
    if count < 1:
        raise BadInput(f"{count} tracks: nothing would be found", "give 1 or more")
