"""Every text is there in both languages, and is said somewhere."""

import re
from importlib.resources import files

import pytest

from ml.data.importers.reasons import REASONS
from ml.foundation.said import fields_of
from ml.foundation.steps import STEPS
from ml.service.console.pages import PAGES, THEMES
from ml.service.console.texts import FAMILIES, TEXTS

_ASKED = re.compile(r"""\bt\(\s*["'`]([a-z_]+\.[a-z_]*)(["'`]|\$\{)""")
_FAMILY = re.compile(r"""(?:\bword\(\s*|\bt\(\s*|\bsentence\(\s*)["'`]([a-z_]+)(?:["'`],|\.["'`]\s*~|\.\$\{)""")


def sources():
    """All templates and modules."""
    package = files("ml.service.console")
    for folder in ("templates", "static"):
        for each in package.joinpath(folder).iterdir():
            if each.name.endswith((".html", ".js")):
                yield each.name, each.read_text(encoding="utf-8")


ASKED = {
    (name, asked[1] + ("" if asked[2] != "${" else "*")) for name, text in sources() for asked in _ASKED.finditer(text)
}
FAMILIES_ASKED = {found[1] for _, text in sources() for found in _FAMILY.finditer(text)}
#: Said by other modules under a name that they are given.
GIVEN = {f"{page.name}.title" for page in PAGES.values() if page.roles} | {
    f"{page.name}.{part}" for page in PAGES.values() if page.template for part in ("title", "lead", "do")
}


def test_every_text_that_is_asked_for_is_there():
    missing = {(name, asked) for name, asked in ASKED if not asked.endswith(("*", ".")) and asked not in TEXTS}
    assert missing == set()


def test_every_text_is_said_somewhere():
    whole = "\n".join(text for _, text in sources())
    open_ended = {asked.removesuffix("*") for _, asked in ASKED if asked.endswith("*")}
    unused = {
        name
        for name in TEXTS
        if not re.search(rf"""["'`]{re.escape(name)}["'`]""", whole)
        and name not in GIVEN
        and name.partition(".")[0] not in FAMILIES
        and not (name.startswith(tuple(open_ended)) and name.split(".")[1] in VERBS)
    }
    assert unused == set()


#: Ends that modules put together from what they do.
VERBS = {"enable", "disable", "enable_this", "disable_this", "pause", "resume", "paused", "resumed"} | {
    *("start", "stop", "delete"),
}


def test_every_family_is_asked_for():
    # A sentence says the values of its braces by families of its own.
    of_values = {family for family in FAMILIES if family.rpartition("_")[0] in FAMILIES_ASKED}
    assert FAMILIES_ASKED | of_values >= FAMILIES


@pytest.mark.parametrize(("family", "sentences"), [("reason", REASONS), ("work", STEPS)])
def test_every_sentence_of_work_and_imports_has_its_texts_with_the_same_values(family, sentences):
    for code, template in sentences.templates.items():
        for text in TEXTS[f"{family}.{code}"]:
            assert fields_of(text) == () or set(fields_of(text)) <= set(fields_of(template)), code


def test_both_languages_have_it_all_and_fill_in_the_same():
    for name, (english, german) in TEXTS.items():
        assert english.strip(), name
        assert german.strip(), name
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", german)), name


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_its_name(theme):
    assert f"theme.{theme}" in TEXTS
