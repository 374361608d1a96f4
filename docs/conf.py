"""How the documentation is built: ``make docs``."""

from __future__ import annotations

import sys
from importlib.metadata import metadata
from pathlib import Path

from sphinx import addnodes
from sphinx.application import Sphinx

HERE = Path(__file__).parent
LONGEST_VALUE = 60
sys.path.insert(0, str(HERE))

import generate  # noqa: E402 - it lies beside this file

_metadata = metadata("spotify-ai-agent-ml")

project = "ml"
author = _metadata["Author"] or "Fahed Mlaiel and contributors"
project_copyright = f"2024 {author}"
release = version = _metadata["Version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "reference/generated/*.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# A shape such as (n_items,) is read as a reference, and many classes have an attribute of that name.
suppress_warnings = ["ref.python"]

autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
# Members are in no table of contents: each page holds that of all pages, and building them took minutes.
toc_object_entries = False
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = ["Conventions", "Method", "Protocol", "Formula"]

html_theme = "furo"
html_title = f"ml {release}"
html_copy_source = False
html_show_sourcelink = False


def _write_pages(_app: Sphinx) -> None:
    generate.write(HERE / "reference" / "generated")


def _keep_colons(_app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    # Napoleon takes "One row a profile: personal data" for a type and its description, on the first line only.
    if what in {"attribute", "data", "property"}:
        lines[:0] = ["..", ""]  # an empty comment


def _drop_long_values(_app: Sphinx, _domain: str, kind: str, content: addnodes.desc_content) -> None:
    # A constant's number is worth seeing, a table of forty entries is not.
    if kind not in {"attribute", "data"} or content.parent is None:
        return
    for part in list(content.parent.findall(addnodes.desc_annotation)):
        if part.astext().startswith(" = ") and len(part.astext()) > LONGEST_VALUE:
            part.parent.remove(part)


def setup(app: Sphinx) -> None:
    """Write the generated pages before Sphinx looks for pages, and prepare docstrings before Napoleon reads them."""
    app.connect("builder-inited", _write_pages)
    app.connect("autodoc-process-docstring", _keep_colons, priority=400)
    app.connect("object-description-transform", _drop_long_values)
