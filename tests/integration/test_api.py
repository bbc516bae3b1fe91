"""The programming interface, on the real application and both databases; its tokens by the real command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from sectorwatch.domain import Side
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web.app import create_app
from storage.access import api_tokens
from storage.tables import api_tokens as tokens_table
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.integration.test_public_pages import LATER, PUBLIC, Site
from tests.plugins.commands import Run


class Api:
    """A client with a token; public pages are off, which the API does not need."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.site = Site(store, clock)
        settings = self.site.settings.model_copy(update={"web": WebSettings(public=False)})
        self.web = TestClient(create_app(replace(self.site.tools, settings=settings)), base_url=PUBLIC)
        with store.write() as work:
            token = api_tokens.add(work, "test", now=LATER)
            work.commit()
        assert token is not None
        self.token = token.reveal()

    def get(self, path: str, status: int = 200, token: str | None = None) -> Any:
        answer = self.web.get(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {token or self.token}".encode("latin-1")}
        )
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def api(store: Store, clock: FakeClock) -> Api:
    return Api(store, clock)


def test_who_has_no_token_is_refused(api: Api) -> None:
    """None, a wrong one, one that was removed; a new one of the same name works, and the old one still does not."""
    assert api.web.get("/api/v1/sectors").status_code == 401
    assert api.web.get("/api/v1/sectors").headers["www-authenticate"] == "Bearer"
    assert "not known" in api.get("/sectors", 401, "sw_wrong")["error"]
    assert (
        "not known" in api.get("/sectors", 401, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"))["error"]
    )
    assert api.get("/sectors")
    with api.site.store.write() as work:
        assert api_tokens.add(work, "test", now=LATER) is None
        assert api_tokens.revoke(work, "test", now=LATER)
        assert not api_tokens.revoke(work, "test", now=LATER)
        new = api_tokens.add(work, "test", now=LATER)
        kept = work.connection.execute(select(tokens_table)).mappings().all()
        work.commit()
    assert new is not None
    assert api.token not in str(kept)
    assert new.reveal() not in str(kept)
    api.get("/sectors", 401)
    assert api.get("/sectors", token=new.reveal())


def test_its_last_use_is_on_record(api: Api) -> None:
    """To the minute: not every request writes."""

    def used() -> Any:
        with api.site.store.read() as work:
            return api_tokens.every(work)[0].last_used_at

    assert used() is None
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        api.site.clock.now = LATER + timedelta(seconds=seconds)
        api.get("/sectors")
        assert used() == LATER + timedelta(seconds=noted)


def test_it_says_what_the_pages_show(api: Api) -> None:
    """Sectors with their days, stories page by page, a story with its reasons, and a search."""
    for number in range(1, 8):
        api.site.news(number, at=LATER - timedelta(hours=number), title=f"Story {number}")
    api.site.news(8, title="Russian", side=Side.RUSSIAN, publisher="Kurier", language="ru", sectors=("lyman",))
    sectors = {one["id"]: one for one in api.get("/sectors")}
    assert sectors["kupiansk"]["articles"][-1] == 7
    assert 49 < sectors["kupiansk"]["latitude"] < 50
    seen, before = list[str](), ""
    while before is not None:
        page = api.get(f"/stories?sector=kupiansk&limit=3&before={before}")
        seen += [one["title"] for one in page["stories"]]
        before = page["next"]
    assert seen == [f"Story {number}" for number in range(1, 8)]
    (russian,) = api.get("/stories?side=russian&publisher=Kurier&language=ru")["stories"]
    assert russian["sentence"][russian["start"] : russian["end"]] == "Kupiansk"
    assert api.get("/stories?language=RU")["stories"] == api.get("/stories?language=ru-RU")["stories"] == [russian]
    assert api.get(f"/stories?side=russian&since={(LATER + timedelta(hours=1)).isoformat().replace('+', '%2B')}") == {
        "stories": [],
        "next": None,
    }
    story = api.get(f"/stories/{russian['story']}")
    assert story["members"][0]["mentions"][0]["reasons"] == [
        {"code": "capital", "weight": 0.35, "detail": "capitalised"}
    ]
    assert "text" not in story["members"][0]
    assert story["links"] == []
    found = api.get("/search?q=Куп'янськ&limit=2&newest=true")
    assert ([hit["title"] for hit in found["articles"]], found["matching"], found["more"]) == (
        ["Russian", "Story 1"], 8, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/stories?sector=atlantis", 404, "there is no sector 'atlantis'; known: dobropillia"),
        ("/stories?side=martian", 400, "side: Input should be 'ukrainian'"),
        ("/stories?limit=0", 400, "limit"),
        ("/stories?limit=201", 400, "limit"),
        ("/stories?before=x", 400, "give 'next' of the page before"),
        ("/stories?since=2026-03-01T12:00:00", 400, "since: say the zone too"),
        ("/stories?since=yesterday", 400, "since: "),
        ("/stories?publisher=%00", 200, ""),
        ("/stories?since=20260301", 400, "since: write a moment, such as 2026-03-01T12:00Z"),
        ("/stories?until=1.5e9", 400, "until: write a moment"),
        ("/stories?since=", 400, "since: "),
        ("/stories?language=ukr", 400, "language: there is no language 'ukr'; did you mean 'uk'?"),
        ("/stories?language=UK", 200, ""),
        ("/stories?langauge=uk", 400, "there is no parameter 'langauge'; did you mean 'language'?"),
        ("/sectors?since=7d", 400, "there is no parameter 'since'; there are none here"),
        ("/stories/1?limit=5", 400, "there is no parameter 'limit'; there are none here"),
        ("/search?q=x&sort=newest", 400, "there is no parameter 'sort'; known: limit, newest, q"),
        ("/stories/0", 400, "story"),
        ("/stories/99999999999999999999", 400, "story"),
        ("/stories/42", 404, "there is no story 42"),
        ("/stories/x", 400, "story"),
        ("/search", 400, "q: "),
        ("/search?q=sector:nope", 400, "there is no sector 'nope'"),
        ("/search?q=lang:zz", 400, "there is no language 'zz'"),
        ("/nothing", 404, "there is no such address: /api/v1/openapi.json has those there are"),
    ],
)
def test_what_is_refused_says_why(api: Api, path: str, status: int, said: str) -> None:
    answer = api.get(path, status)
    assert said in answer.get("error", "")


def test_it_is_described(api: Api) -> None:
    """OpenAPI, for anybody, with the token's scheme and a word on every path; no page that loads scripts."""
    described = api.web.get("/api/v1/openapi.json").json()
    assert sorted(described["paths"]) == ["/search", "/sectors", "/stories", "/stories/{story}"]
    assert all(path["get"]["description"] and path["get"]["security"] for path in described["paths"].values())
    assert described["servers"] == [{"url": "/api/v1"}]
    assert api.web.get("/api/v1/docs").status_code == 404


def test_a_client_that_asks_too_often_is_told_so_in_json(api: Api) -> None:
    answers = (api.web.get("/api/v1/nothing") for _ in range(2_000))  # on a slow machine some come due again meanwhile
    answer = next(one for one in answers if one.status_code == 429)
    assert int(answer.headers["retry-after"]) >= 1
    assert "too many requests" in answer.json()["error"]


def test_tokens_by_command(run: Run) -> None:
    """Made, listed without the token, taken back; each misuse says what to do."""
    token = run("tokens", "add", "dash board").strip()
    assert token.startswith("sw_")
    assert len(token) > 40
    with pytest.raises(ConfigurationError, match="there is a token 'dash board'"):
        run("tokens", "add", "dash board")
    with pytest.raises(ConfigurationError, match="1 to 80 printable characters"):
        run("tokens", "add", " ")
    listed = run("tokens", "list")
    assert "dash board" in listed
    assert "never" in listed
    assert token not in str(run("tokens", "list", "--json"))
    run("tokens", "remove", "dash board")
    with pytest.raises(ConfigurationError, match="no token 'dash board' works"):
        run("tokens", "remove", "dash board")
    assert "removed" in run("tokens", "list")
