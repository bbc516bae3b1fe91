"""What Apprise really puts on the wire for hostile words, captured where it would leave the machine."""

from __future__ import annotations

import html
import json
from typing import Any

import apprise
import pytest
import requests

from alerts.apprise_call import send_by_apprise

TITLE = "T <b> @everyone <!channel>"
TEXT = "<b>x</b> & <!channel> <@U1> <https://evil.test|bank> @everyone <@&9> <#55> [x](https://evil.test)\n\nhttps://ok.test/a"
SLACK, DISCORD = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3"
TELEGRAM = "tgram://123456789:ABCdefghijkl_MNOpqrstuvwx-yz01234567/12345"


class Answer:
    status_code, ok, text, content = 200, True, "ok", b"{}"
    headers: dict[str, str] = {}  # noqa: RUF012  # as a response has them


def wire(monkeypatch: pytest.MonkeyPatch, url: str, *, title: str = TITLE, text: str = TEXT) -> Any:
    """The one body that was sent: JSON as an object, a form as a mapping."""
    bodies: list[Any] = []

    def post(*_args: object, data: Any = None, **_options: object) -> Answer:
        bodies.append(json.loads(data) if isinstance(data, str | bytes) else data)
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "request", post)  # Slack
    assert apprise.Apprise.instantiate(url) is not None
    send_by_apprise(url, title, text)
    (body,) = bodies
    return body


@pytest.mark.parametrize("query", ["", "?format=markdown", "?format=text", "?blocks=yes"])
def test_slack_reads_no_tag(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """No `<` or `>` reaches Slack unescaped, in whatever format the URL asks for."""
    sent = wire(monkeypatch, SLACK + query)["attachments"][0]
    assert not set("<>") & set(sent["title"] + sent["text"])
    assert html.unescape(sent["text"]) == TEXT


@pytest.mark.parametrize("query", ["", "?format=markdown"])
def test_discord_calls_nobody(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """No mention and no masked link, and no ping beside the text."""
    sent = wire(monkeypatch, DISCORD + query)
    assert "embeds" not in sent
    assert not [call for call in ("@everyone", "<@", "<#", "<!", "](") if call in sent["content"]]


@pytest.mark.parametrize("query", ["", "?format=markdown", "?format=text"])
def test_telegram_shows_markup_as_words(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """The only tags are those of the title, there is no preview, and a full message keeps its end."""
    sent = wire(monkeypatch, TELEGRAM + query, text="слово " * 600 + "THE END")
    words = sent["text"]
    assert sent["disable_web_page_preview"] is True
    assert sent["parse_mode"] == "HTML"
    assert words.count("<") == 2
    assert words.startswith("<b>")
    assert words.endswith("THE END")


@pytest.mark.parametrize(
    ("url", "field"),
    [("ntfy://ntfy.test/topic?format=markdown", "message"), (f"pover://{'u' * 30}@{'a' * 30}?format=html", "message")],
)
def test_push_services_get_the_words_as_they_are(monkeypatch: pytest.MonkeyPatch, url: str, field: str) -> None:
    """Where text is shown as text nothing is changed, and no URL turns markup on."""
    sent = wire(monkeypatch, url)
    assert (sent["title"], sent[field]) == (TITLE, TEXT)
    assert "html" not in sent


def test_teams_gets_no_masked_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teams reads Markdown in every card: its links are broken up."""
    url = "workflows://prod-1.westus.logic.azure.com/WFID/SIGNATURE"
    assert "](" not in json.dumps(wire(monkeypatch, url))
