"""What pages load: styles, modules, texts as a module, Plotly. Browsers keep it: addresses have a hash of it all."""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib.resources import files

import orjson

from ml.service.console.texts import LANGUAGES, texts_in

#: A browser need never ask again for what lies under a hash.
FOREVER = "public, max-age=31536000, immutable"
PLOTLY = "plotly.min.js"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """All files that pages load, in memory."""

    @cached_property
    def found(self) -> dict[str, bytes]:
        """Contents by name."""
        folder = files("ml.service.console").joinpath("static")
        names = sorted(each.name for each in folder.iterdir() if each.name.endswith(tuple(_KINDS)))
        own = {name: folder.joinpath(name).read_bytes() for name in names}
        said = {f"texts-{each}.js": b"export const TEXTS = " + orjson.dumps(texts_in(each)) for each in LANGUAGES}
        # Read from its folder: importing plotly itself takes longer than all the rest.
        drawing = files("plotly").joinpath("package_data", PLOTLY).read_bytes()
        return own | said | {PLOTLY: drawing}

    @cached_property
    def mark(self) -> str:
        """A hash of it all."""
        digest = hashlib.sha256()
        for name, content in self.found.items():
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()[:16]

    def read(self, mark: str, name: str) -> tuple[bytes, str] | None:
        """Give a file and its media type; None where there is none of this name, or it was of another version."""
        if mark != self.mark or name not in self.found:
            return None
        return self.found[name], _KINDS[name[name.rindex(".") :]]
