"""The pages, and who may open them: one line for each, written by hand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from ml.data.access import Principal
from ml.foundation.errors import NotAuthenticated
from ml.service.answers import PRIVATE
from ml.service.console.assets import FOREVER, PLOTLY, Assets
from ml.service.console.language import COOKIE, language_of
from ml.service.console.texts import LANGUAGES, texts_in
from ml.service.cookies import is_encrypted, shown
from ml.service.policy import ANALYSTS, EVERYBODY, LISTENER, MANAGERS, TRUSTED
from ml.service.state import state_of

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "ml_theme"
_ASSETS = "/console"
_A_YEAR_S = 31_536_000
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_CHART_STYLES = "; style-src 'self' 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Parameters
    ----------
    name : str
        Of its template, of its module and of its texts.
    roles : frozenset of str
        Who may open it; empty where nobody is logged in yet.
    charts : bool
        Whether it draws.
    module, template : str
        Where several pages share one; else as ``name``.
    """

    name: str
    roles: frozenset[str] = frozenset()
    charts: bool = False
    module: str = ""
    template: str = ""


#: Where everybody sees to their own account.
ACCOUNT = "/account"
#: By path, in the order of the navigation.
PAGES: Mapping[str, Page] = {
    "/": Page("overview", ANALYSTS, charts=True),
    "/listener": Page("listener", TRUSTED | {LISTENER}),
    "/search": Page("search", EVERYBODY),
    "/map": Page("map", EVERYBODY),
    "/track": Page("track", EVERYBODY),
    "/playlists": Page("playlists", EVERYBODY, charts=True),
    "/experiments": Page("experiments", ANALYSTS, charts=True),
    "/imports": Page("imports", ANALYSTS),
    "/people": Page("people", MANAGERS),
    "/audit": Page("audit", MANAGERS),
    ACCOUNT: Page("account", EVERYBODY),
    "/login": Page("login", module="door"),
    "/setup": Page("setup", module="door", template="link"),
    "/invitation": Page("invitation", module="door", template="link"),
}
router = APIRouter(include_in_schema=False)


@cache
def assets() -> Assets:
    """Give what pages load."""
    return Assets()


@cache
def templates() -> Environment:
    """Give the templates; text from outside stays text in them."""
    loader = PackageLoader("ml.service.console", "templates")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=loader)


@router.get(f"{_ASSETS}/{{mark}}/{{name}}", name="console_file")
async def asset(mark: str, name: str) -> Response:
    """Give a file that pages load."""
    found = assets().read(mark, name)
    if found is None:
        raise HTTPException(404, "load the page again")
    return Response(found[0], media_type=found[1], headers={"Cache-Control": FOREVER})


def _opened(path: str, page: Page) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Make the function that answers for a page."""

    async def answer(request: Request) -> Response:
        principal = await _principal(request)
        if page.roles and principal is None:
            return RedirectResponse(f"/login?next={quote(_asked(request))}", 303)
        lacks = principal is not None and state_of(request).gate.lacks_a_factor(principal)
        if lacks and page.roles and path != ACCOUNT:
            return RedirectResponse(ACCOUNT, 303)
        if principal is None or not page.roles or principal.role in page.roles:
            return _drawn(request, page, path, principal)
        if path == "/":
            return RedirectResponse(home_of(principal.role), 303)
        return _drawn(request, Page("refused", page.roles), path, principal, 403)

    return answer


for _path, _page in PAGES.items():
    router.add_api_route(_path, _opened(_path, _page), name=f"page_{_page.name}", methods=["GET"])


async def unknown(request: Request) -> Response:
    """Give the page that stands where none is."""
    principal = await _principal(request)
    known = frozenset({principal.role}) if principal is not None else frozenset()
    return _drawn(request, Page("missing", known), request.url.path, principal, 404)


def home_of(role: str) -> str:
    """Give the first page that a role may open.

    >>> home_of("admin"), home_of("listener")
    ('/', '/listener')
    """
    return next(path for path, page in PAGES.items() if role in page.roles)


async def _principal(request: Request) -> Principal | None:
    """Tell who is logged in, if anybody."""
    cookie = shown(request)
    if not cookie:
        return None
    service = state_of(request)
    try:
        return await service.run(service.app.access.sessions.authenticate, cookie)
    except NotAuthenticated:
        return None


def _asked(request: Request) -> str:
    """Give the address that was asked for, on this site."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _drawn(request: Request, page: Page, path: str, principal: Principal | None, status: int = 200) -> Response:
    language, theme = language_of(request), request.cookies.get(THEME_COOKIE, "")
    said = texts_in(language)
    # Before anybody is logged in nothing is told of what is here.
    label = state_of(request).app.workspace.label if principal is not None else ""
    html = (
        templates()
        .get_template(f"{page.template or page.name}.html")
        .render(
            page=page,
            path=path,
            language=language,
            languages={each: _in_language(request, each) for each in LANGUAGES},
            theme=theme if theme in THEMES else THEMES[0],
            themes=THEMES,
            who=principal,
            links=[each for each in PAGES.items() if principal is not None and principal.role in each[1].roles],
            demo=label == "demo",
            files=f"{_ASSETS}/{assets().mark}",
            plotly=PLOTLY,
            lacks_a_factor=principal is not None and state_of(request).gate.lacks_a_factor(principal),
            t=said.__getitem__,
        )
    )
    policy = _POLICY + (_CHART_STYLES if page.charts else "")
    headers = {"Content-Security-Policy": policy, "Cache-Control": PRIVATE, "Vary": "Cookie, Accept-Language"}
    response = HTMLResponse(html, status, headers)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, language, _A_YEAR_S, samesite="strict", secure=is_encrypted(request))
    return response


def _in_language(request: Request, language: str) -> str:
    """Give the address of the same page in a language."""
    others = {name: value for name, value in request.query_params.items() if name != "lang"}
    return f"?{urlencode({**others, 'lang': language})}"
