"""A served workspace, and Chromium that looks at it."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from tests.service.conftest import settings_of

from ml.app import App
from ml.service.application import create
from ml.service.gate import COOKIE

PASSWORD = "a long enough phrase 7"
PEOPLE = {"ada": "admin", "ann": "analyst", "lis": "listener"}
#: Programs of this machine that are Chromium.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ("--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="module")
def browser():
    """One browser for a module's pages; no longer, since its loop would be in the way of other tests' loops."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


@dataclass
class Served:
    """A workspace that is answered for at an address."""

    app: App
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def cookie(self, name):
        if name not in self.cookies:
            account = self.app.access.accounts.find(name)
            self.cookies[name] = self.app.access.sessions.open(account)[1]
        return self.cookies[name]

    def api(self, name="ada"):
        """Ask the API as somebody, reading only."""
        return httpx.Client(base_url=f"{self.address}/api/v1", cookies={COOKIE: self.cookie(name)})

    def get(self, path, name="ada"):
        with self.api(name) as client:
            answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def serve(home):
    """Serve a workspace from a thread; give what it is and how it ends."""
    app = App(settings_of(home))
    for name, role in PEOPLE.items():
        user = {"user_id": "test:calm-1"} if role == "listener" else {}
        app.access.accounts.create(name, role=role, password=PASSWORD, **user)
    server = uvicorn.Server(uvicorn.Config(create(app), port=0, ws="none", log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    def stop():
        server.should_exit = True
        thread.join()

    return Served(app, f"http://127.0.0.1:{port}"), stop


@pytest.fixture(scope="module")
def served(made_home, tmp_path_factory):
    """Serve a copy of the workspace to the tests of a module."""
    home = shutil.copytree(made_home, tmp_path_factory.mktemp("console") / "home")
    found, stop = serve(home)
    yield found
    stop()


@pytest.fixture
def visit(browser, served):
    """Open a page as somebody; what the browser complains about fails the test."""
    contexts, said = [], []

    def open_page(path, name="ada", **options):
        context = browser.new_context(**{"locale": "en-US"} | options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        if name:
            context.add_cookies([{"name": COOKIE, "value": served.cookie(name), "url": served.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        # Refusals that a test asks for are no complaints; broken policies are.
        page.on(
            "console", lambda line: line.type == "error" and "status of" not in line.text and said.append(line.text)
        )
        page.goto(served.address + path)
        page.complaints = said
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
