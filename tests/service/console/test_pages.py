"""What pages are made of, asked without a browser."""

import re

import httpx
import pytest

from ml.service.console.pages import PAGES
from ml.service.console.texts import TEXTS
from ml.service.gate import COOKIE

INSIDE = [path for path, page in PAGES.items() if page.roles]


def ask(served, path, name=None, **headers):
    cookies = {COOKIE: served.cookie(name)} if name else {}
    with httpx.Client(base_url=served.address, cookies=cookies) as client:
        return client.get(path, headers=headers)


@pytest.mark.parametrize("path", INSIDE)
def test_who_is_not_logged_in_is_sent_to_the_door(served, path):
    answer = ask(served, f"{path}?lang=de")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}%3Flang%3Dde")


@pytest.mark.parametrize("name", ["ada", "ann", "lis"])
def test_each_role_opens_the_pages_that_the_table_says_and_sees_no_others(served, name):
    role = served.app.access.accounts.find(name).role
    for path in INSIDE:
        answer = ask(served, path, name)
        may = role in PAGES[path].roles
        assert answer.status_code == (200 if may else 303 if path == "/" else 403), path
        if path != "/":
            linked = set(re.findall(r'<a href="(/[a-z]*)"', answer.text))
            assert linked & set(INSIDE) == {each for each in INSIDE if role in PAGES[each].roles}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_page_may_run_but_files_of_this_service(served, path):
    answer = ask(served, path, "ada")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe-eval" not in policy
    assert ("unsafe-inline" in policy) == PAGES[path].charts
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|style=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_files_are_kept_for_good_under_their_hash(served):
    found = re.search(r'href="(/console/\w+/console\.css)"', ask(served, "/login").text)[1]
    answer = ask(served, found)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert ask(served, found.replace("console.css", "../../../pages.py")).status_code == 404
    assert ask(served, re.sub(r"/console/\w+/", "/console/0000000000000000/", found)).status_code == 404


def test_the_language_is_asked_for_or_remembered_or_the_browsers(served):
    english, german = TEXTS["login.lead"]
    assert english in ask(served, "/login").text
    assert german in ask(served, "/login", **{"accept-language": "de-AT,de;q=0.9,en;q=0.5"}).text
    chosen = ask(served, "/login?lang=de")
    assert 'lang="de"' in chosen.text
    assert "ml_language=de" in chosen.headers["set-cookie"]
    assert english in ask(served, "/login", cookie="ml_language=en", **{"accept-language": "de"}).text


def test_what_is_in_an_address_stays_text(served):
    answer = ask(served, "/login?lang=%22%3E%3Cscript%3E&next=%22%3E%3Cscript%3E")
    assert answer.status_code == 200
    assert "><script>" not in answer.text.replace("\n", "")


def test_the_demo_world_is_said_to_be_made_up_to_those_who_are_inside(served):
    notice = TEXTS["frame.demo"][0]
    assert notice not in ask(served, "/search", "lis").text
    store = served.app.workspace.store
    store.state("label", "demo")
    try:
        assert notice in ask(served, "/search", "lis").text
        assert notice not in ask(served, "/login").text
    finally:
        store.state("label", "real")
