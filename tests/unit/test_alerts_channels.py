"""Whatever strangers write, every channel gets a message that it carries and that does nothing."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import apprise
import pytest
from apprise.manager_plugins import NotificationManager
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import MAX_HTML, channel_of
from alerts.inert import for_discord, for_others, for_slack, for_telegram
from alerts.mail_message import compose
from alerts.pace import GAPS
from alerts.render import render
from sectorwatch.domain import AlertView, Evidence, Message, ReaderLinks, Salience, Side, Subscriber, TargetKind
from sectorwatch.settings.tables import CHANNELS

ADDRESSES = {
    "mail": (TargetKind.EMAIL, "bob@x.test"),
    "webhook": (TargetKind.WEBHOOK, "https://hooks.test/x"),
    **{
        name: (TargetKind.APPRISE, address)
        for name, address in {
            "telegram": "tgram://1/2",
            "slack": "slack://a/b/c",
            "discord": "discord://a/b",
            "ntfy": "ntfy://topic",
            "teams": "workflows://host/a/b",
            "pushover": "pover://a@b",
            "matrix": "matrix://host",
            "mqtt": "mqtt://host/topic",
            "plain": "json://host",
            "other": "rocket://host",
            "short": "twilio://a:b@c",
            "radio": "aprs://user:pass@call",
        }.items()
    },
}
TINY = ("short", "radio")  # too short for a link
LINKS = ReaderLinks(
    pause="https://watch.test/p/" + "a" * 150,
    change="https://watch.test/c/" + "a" * 150,
    unsubscribe="https://watch.test/u/" + "a" * 150,
    false_alarm={n: f"https://watch.test/f/{n}" for n in range(300)},
)
TRICKS = [
    "@everyone ",
    "<!channel> ",
    "<@1>",
    "[x](https://evil.test)",
    "\u202e",
    "\r\nBcc: x@evil.test\r\n",
    "<script>",
    "```",
    "\x1b[2J",
    "\u2066",
    "&amp;",
    "\ud800",
    "\U000e0041",
    "»«",
    "Слово. ",
    "𝔘",
    "\u200b",
]
WORDS = st.lists(st.sampled_from(TRICKS) | st.text(st.characters(), max_size=40), max_size=30).map("".join)
MATCH = "Куп'янськ"
NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


def view_of(
    n: int, title: str, before: str, after: str, publisher: str = "Wire", sector: str = "kupiansk"
) -> AlertView:
    lead = Evidence(
        article_id=n,
        sector=sector,
        title=title,
        url=f"https://north.test/a/{n}",
        publisher=publisher,
        side=Side.UKRAINIAN,
        language="uk",
        published_at=NOW + timedelta(minutes=n),
        first_seen_at=NOW,
        sentence=before + MATCH + after,
        match_start=len(before),
        match_end=len(before) + len(MATCH),
        score=0.9,
        salience=tuple(Salience)[n % 3],
    )
    return AlertView(
        alert_id=n,
        sector=sector,
        sector_name=sector.title(),
        story_id=n,
        subscription=title[:50],
        subscriber=Subscriber(id=1, name="desk", zone="Europe/Kyiv"),
        evidence=(lead, *(replace(lead, article_id=n + 1000 + k, publisher=f"{publisher} {k}") for k in range(3))),
        why=f"you follow {sector}",
    )


def sent(name: str, views: list[AlertView], heading: str = "Daily digest") -> Message:
    return render(
        views,
        delivery_id="d1",
        channel=channel_of(*ADDRESSES[name]),
        links=LINKS,
        public_url="https://watch.test",
        heading=heading,
    )


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.hosts: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.hosts |= {(value or "").split("/")[2] for name, value in attrs if name in ("href", "src")}


OUR_TAGS = {"html", "head", "meta", "title", "body", "p", "h1", "h2", "hr", "a", "mark", "blockquote"}


def hold(name: str, message: Message) -> None:
    """Asserts what holds of every message on this channel."""
    channel = channel_of(*ADDRESSES[name])
    assert len(message.title) <= channel.title
    assert channel.size(message.text) <= channel.room(message.title)
    payload = json.loads(json.dumps(message.payload))
    for shown in (message.title, message.text, message.html or "", json.dumps(payload, ensure_ascii=False)):
        shown.encode()
        assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c != "\n"]
        assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    assert "\n" not in message.title
    mail = compose(message, sender="us@watch.test", recipient="bob@x.test", date=NOW)
    head = mail.as_bytes().split(b"\r\n\r\n")[0].decode()
    assert not re.search(r"^(Bcc|Cc):", head, re.IGNORECASE | re.MULTILINE)
    if message.html is not None:
        page = Tags(message.html)
        assert page.seen <= OUR_TAGS
        assert page.hosts <= {"north.test", "watch.test"}
        assert len(message.html.encode()) <= MAX_HTML


@pytest.mark.parametrize("name", ADDRESSES)
@settings(max_examples=15)
@given(title=WORDS, before=WORDS, after=WORDS, publisher=WORDS)
def test_any_alert_is_carried_whole_where_it_matters(
    name: str, title: str, before: str, after: str, publisher: str
) -> None:
    """Limits hold, nothing acts, and the match, the link and the way out survive every cut."""
    message = sent(name, [view_of(1, title, before, after, publisher)])
    hold(name, message)
    assert MATCH in message.text
    if name not in TINY:
        assert "https://north.test/a/1" in message.text
        assert LINKS.unsubscribe in message.text.split()  # whole


@pytest.mark.parametrize("name", ADDRESSES)
@settings(max_examples=5)
@given(title=WORDS, sentence=WORDS, count=st.integers(2, 200), heading=WORDS)
def test_any_digest_is_cut_by_whole_alerts(name: str, title: str, sentence: str, count: int, heading: str) -> None:
    """Limits hold, and what is told and what is left out add up to all."""
    views = [view_of(n, title, sentence, sentence, sector=("kupiansk", "lyman")[n % 2]) for n in range(count)]
    message = sent(name, views, heading)
    hold(name, message)
    if name not in TINY:
        left = re.search(r"^and (\d+) more: https://watch.test/stories$", message.text, re.MULTILINE)
        told = len(set(re.findall(r"^https://north.test/a/(\d+)$", message.text, re.MULTILINE)))
        assert told + (int(left.group(1)) if left else 0) == count
        assert LINKS.unsubscribe in message.text.split()


def test_the_most_salient_come_first_in_a_digest() -> None:
    """Sectors by their best alert, in each the headlines before the bodies; the title counts them."""
    views = [view_of(n, f"News {n}", "", "", sector=("kupiansk", "lyman")[n % 2]) for n in range(6)]
    message = sent("mail", views)
    assert message.title == "Daily digest: Kupiansk 3, Lyman 3"
    order = [line for line in message.text.splitlines() if line.startswith(("•", "KUPIANSK", "LYMAN"))]
    assert order == [
        "KUPIANSK (3)",
        "• News 0",
        "• News 4",
        "• News 2",
        "LYMAN (3)",
        "• News 3",
        "• News 1",
        "• News 5",
    ]


def test_a_digest_for_tools_is_a_versioned_envelope() -> None:
    """Type, version, heading, the alerts in order, how many there were, and the reader's links."""
    payload = json.loads(json.dumps(sent("webhook", [view_of(n, "t", "", "") for n in range(120)]).payload))
    assert (payload["type"], payload["version"], payload["id"]) == ("sectorwatch.digest", 1, "d1")
    assert (payload["heading"], len(payload["alerts"]), payload["alerts_total"]) == ("Daily digest", 100, 120)
    assert payload["alerts"][0]["false_alarm"] == "https://watch.test/f/0"
    assert payload["links"]["unsubscribe"] == LINKS.unsubscribe


def test_every_service_that_apprise_knows_has_a_limit_that_it_keeps() -> None:
    """No text or title of ours is longer than Apprise would send it: it would cut off the end, with the links."""
    apprise.Apprise.instantiate("json://loads-them-all")
    plugins = NotificationManager()
    for scheme in plugins.schemas():
        channel, plugin = channel_of(TargetKind.APPRISE, f"{scheme}://x"), plugins[scheme]
        if isinstance(plugin.body_maxlen, int):
            assert channel.body <= plugin.body_maxlen, scheme
            if plugin.title_maxlen == 0 or plugin.overflow_amalgamate_title:
                assert channel.shared or channel.name == "plain", scheme
        if isinstance(plugin.title_maxlen, int) and plugin.title_maxlen:
            assert channel.title <= plugin.title_maxlen, scheme


@pytest.mark.parametrize(
    "call",
    [
        "@everyone",
        "@here",
        "<@123>",
        "<@!1>",
        "<@&9>",
        "<#55>",
        "</cmd:1>",
        "[x](https://evil.test)",
        "[x https://good.test/](https://evil.test)",
        "https://t.me/@everyone",
        "||s||",
        "```x",
    ],
)
def test_words_of_strangers_do_nothing_on_discord(call: str) -> None:
    """Mentions, masked links and formatting are broken up; addresses and links stay whole."""
    assert call not in for_discord(call)
    assert for_discord("desk@north.test https://north.test/@desk/a_b") == "desk@north.test https://north.test/@desk/a_b"


def test_words_of_strangers_do_nothing_elsewhere() -> None:
    """Slack reads no tag, Telegram calls nobody, and an unknown service gets no call, tag or masked link."""
    assert for_slack("<!channel> & <https://evil.test|bank>") == (
        "&lt;!channel&gt; &amp; &lt;https://evil.test|bank&gt;"
    )
    assert "@durov" not in for_telegram("@durov")
    for call in ("@all", "@**all**", "<users/all>", "[x](https://evil.test)", "[x][1]", "[1]: https://evil.test"):
        assert call not in for_others(call)


def test_operators_may_set_the_gap_of_each_channel() -> None:
    """The names that the settings take are those that there are."""
    assert set(CHANNELS) == set(GAPS)
