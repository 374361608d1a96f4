"""The lazy resolver: where constructors without arguments find what they need.

``EnhancedX()`` asks :func:`current`. What that gives is decided by the builder that the public
face of the package sets; the cellar does not know what it is, it only keeps it. What brings something
into the user's workspace asks :data:`own`: that of the settings, also while it is empty.

Conventions
-----------
One object per process and key (the key is the workspace's folder, when the builder comes with
one). After a fork the child builds its own: database connections do not survive a fork.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any


class Resolver:
    """Builds an object once for each process and key, and hands it out.

    >>> resolver = Resolver()
    >>> resolver.set_builder(lambda: ["built"])
    >>> resolver.current() is resolver.current()
    True
    >>> with resolver.replace("other"):
    ...     resolver.current()
    'other'
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._builder: Callable[[], Any] | None = None
        self._key: Callable[[], Hashable] = _one
        self._kept: dict[Hashable, Any] = {}
        self._replaced: list[Any] = []
        self._building = False
        os.register_at_fork(after_in_child=self._forget_parent)

    def set_builder(self, builder: Callable[[], Any], *, key: Callable[[], Hashable] | None = None) -> None:
        """Say how the object is built; what an earlier builder made is forgotten.

        Parameters
        ----------
        builder : callable
            Called at the first :meth:`current`, never before.
        key : callable, optional
            Called at each :meth:`current`: the workspace that is meant now. Each key gets its own object.
        """
        with self._lock:
            self.reset()
            self._builder, self._key = builder, key or _one

    def current(self) -> Any:
        """Give the object, built now if this is the first time; an error while building is not kept.

        Raises
        ------
        RuntimeError
            If no builder was set, or the builder asks for what it is building: faults of ours.
        """
        with self._lock:
            if self._replaced:
                return self._replaced[-1]
            if self._builder is None:
                raise RuntimeError("no builder was set; `import ml` sets one")
            key = self._key()
            if key not in self._kept:
                self._kept[key] = self._build(self._builder)
            return self._kept[key]

    @contextmanager
    def replace(self, app: Any) -> Iterator[Any]:
        """Hand out another object inside the block, to every thread: for tests."""
        with self._lock:
            self._replaced.append(app)
        try:
            yield app
        finally:
            with self._lock:
                # By identity, the newest first: blocks of different threads may end in any order.
                newest = max(i for i, other in enumerate(self._replaced) if other is app)
                del self._replaced[newest]

    def reset(self) -> None:
        """Forget what was built, and close what has a ``close()``."""
        with self._lock:
            kept, self._kept = self._kept, {}
        for app in kept.values():
            close = getattr(app, "close", None)
            if callable(close):
                close()

    def _build(self, builder: Callable[[], Any]) -> Any:
        if self._building:
            raise RuntimeError("the builder asks the resolver for what it is building")
        self._building = True
        try:
            return builder()
        finally:
            self._building = False

    def _forget_parent(self) -> None:
        self._lock = threading.RLock()
        self._kept, self._building = {}, False


def _one() -> Hashable:
    return None


def reset() -> None:
    """Forget everything that was built, and close what has a ``close()``."""
    for each in (_resolver, own):
        each.reset()


# The one place of the package that holds process-wide objects; it is empty until somebody asks.
_resolver = Resolver()
#: Never the demo world, which :func:`current` gives while the settings' workspace is empty.
own = Resolver()
set_builder = _resolver.set_builder
current = _resolver.current
replace = _resolver.replace
