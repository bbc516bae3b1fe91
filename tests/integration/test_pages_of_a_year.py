"""Every page can be had of a year's store, and none is forgotten when pages are measured, on either database."""

from __future__ import annotations

from random import Random

from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from benchmarks.pages import headers_for, values
from benchmarks.pages_asked import PAGES
from benchmarks.year_store import NOW, build
from flows.steps.tools import Tools
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web.app import create_app
from storage.access import api_tokens
from storage.secrets import Vault
from storage.unit_of_work import Store

UNMEASURED = {"/style.css", "/ops/login"}  # and what readers reach by a link, which is about one of them


def test_every_page_is_asked_for(store: Store) -> None:
    year = build(store, 500)
    with store.write() as work:
        token = api_tokens.add(work, "test", now=NOW)
        work.commit()
    assert token is not None
    web = WebSettings(login_header="X-Operator", login_header_from=["127.0.0.1/32"])
    tools = Tools(settings=Settings(web=web), store=store, vault=Vault(), clock=lambda: NOW, random=Random(1))
    app = create_app(tools)
    client = TestClient(app, client=("127.0.0.1", 50_000))
    each = values(year)
    wrong = {}
    for number, asked in enumerate(PAGES):
        path = asked.path.format(**next(each))
        answer = client.get(path, headers=headers_for(asked, number, token))
        if answer.status_code != (404 if asked.name == "no such page" else 200):
            wrong[path] = answer.status_code
    assert not wrong
    there = [(route, "") for route in app.routes]
    there += [(one, mount.path) for mount in app.routes if isinstance(mount, Mount) for one in mount.routes]
    pages = [(route, root) for route, root in there if isinstance(route, Route) and "GET" in (route.methods or ())]
    paths = [asked.path.partition("?")[0] for asked in PAGES]
    assert {
        f"{root}{route.path}"
        for route, root in pages
        if "{token}" not in route.path
        and not any(path.startswith(root) and route.path_regex.match(path.removeprefix(root)) for path in paths)
    } == UNMEASURED
