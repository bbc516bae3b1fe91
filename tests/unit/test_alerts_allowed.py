"""What subscribers may name as their target: rebuilt from its parts, or refused; and never repeated in an error."""

from __future__ import annotations

import re

import apprise
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.allowed import allowed
from alerts.mail_message import single_address
from sectorwatch.domain import TargetKind
from sectorwatch.errors import InputError

HOOK = "a-B_" * 17
USER, APP = "u" * 30, "t" * 30
BOT = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
FLOW, SIG = "643e69f83c8944438d68119179a10a64", "KxtvBBeJYzqPn9BtbN1hIzUFQEyPjVZQ"
AZURE = "prod-12.westeurope.logic.azure.com"
POWER = "default1.1f.environment.api.powerplatform.com"
AUTOMATE = f"https://{POWER}:443/powerautomate/automations/direct/workflows/{FLOW}/triggers/manual/paths/invoke"

GOOD = [
    ("olena@readers.org", "email", "olena@readers.org"),
    ("mailto:olena+alerts@readers.org", "email", "olena+alerts@readers.org"),
    (" olena@пошта.укр ", "email", "olena@xn--80a1acn3a.xn--j1amh"),
    (f"discord://123456789012345678/{HOOK}", "apprise", f"discord://123456789012345678/{HOOK}/"),
    (f"https://discord.com/api/webhooks/123456789012345678/{HOOK}", "apprise", f"discord://123456789012345678/{HOOK}/"),
    ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "apprise", None),
    ("https://hooks.slack.com/services/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", "apprise", None),
    (f"tgram://{BOT}/-1001234567890", "apprise", f"tgram://{BOT}/-1001234567890/"),
    (f"pover://{USER}@{APP}", "apprise", f"pover://{USER}@{APP}/"),
    (f"pover://{USER}@{APP}/phone", "apprise", f"pover://{USER}@{APP}/phone/"),
    ("ntfy://front-news", "apprise", "ntfys://ntfy.sh/front-news"),
    ("https://ntfy.sh/front-news", "apprise", "ntfys://ntfy.sh/front-news"),
    ("ntfy://push.desk.org/front-news", "apprise", "ntfys://push.desk.org/front-news"),
    (f"workflows://{AZURE}/{FLOW}/{SIG}", "apprise", f"workflows://{AZURE}:443/{FLOW}/{SIG}/"),
    (
        f"https://{AZURE}:443/workflows/{FLOW}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Frun&sv=1.0&sig={SIG}",
        "apprise",
        f"workflows://{AZURE}:443/{FLOW}/{SIG}/",
    ),
    (f"{AUTOMATE}?api-version=1&sp=x&sv=1.0&sig={SIG}", "apprise", f"workflows://{POWER}:443/{FLOW}/{SIG}/?pa=yes"),
    ("https://desk.example.org/in?key=1&to=2", "webhook", "https://desk.example.org/in?key=1&to=2"),
    ("https://desk.example.org:8443", "webhook", "https://desk.example.org:8443/"),
]

BAD = [
    "",
    "://",
    "olena",
    "olena@localhost",
    "olena@mail.internal",
    "olena@[127.0.0.1]",
    "olena@127.0.0.1",
    "-oQ/tmp@readers.org",
    "a@readers.org,b@readers.org",
    "a@readers.org b@readers.org",
    "olena%internal@readers.org",
    "host!olena@readers.org",
    "olena@readers.org?bcc=x@evil.org",
    "mailto:olena@readers.org?bcc=x@evil.org",
    "mailto://user:pass@smtp.evil.org?to=x@y.org",
    "olena@readers.org\r\nBcc: x@evil.org",
    "olena@readers.org\0",
    "olena@readers\u2024org.evil",
    "a..b@readers.org",
    "json://169.254.169.254/latest/meta-data",
    "jsons://internal:8080/",
    "form://127.0.0.1",
    "xml://127.0.0.1",
    "apprise://127.0.0.1/token",
    "syslog://",
    "syslog://127.0.0.1",
    "dbus://",
    "gnome://",
    "file:///etc/passwd",
    "exec:///bin/sh",
    "mqtt://127.0.0.1/topic",
    "irc://chat.evil.org/channel",
    "gotify://127.0.0.1/token",
    "matrix://user:pass@127.0.0.1",
    "xmpp://user:pass@127.0.0.1",
    "windows://",
    "http://desk.example.org/in",
    "ftp://desk.example.org/in",
    "https://desk.example.org:22/in",
    "https://user:pass@desk.example.org/in",
    "https://desk.example.org@127.0.0.1/in",
    "https://127.0.0.1/in",
    "https://2130706433/in",
    "https://0x7f.1/in",
    "https://[::1]/in",
    "https://localhost/in",
    "https://topic",
    "https://topic/",
    "NTFY://topic",
    "https://metadata.google.internal/in",
    "https://printer.local/in",
    "https://desk.example.org/in#part",
    "https://desk.example.org\\@evil.org/in",
    "https://desk.example.org/a b",
    "https://desk.example.org/in\r\nHost: evil.org",
    "https://dеsk.example.org/in",  # a Cyrillic letter in it
    "HTTPS://DESK.EXAMPLE.ORG/IN\n",
    f"discord://123456789012345678/{HOOK}?redirect=yes",
    f"discord://123456789012345678/{HOOK}/?verify=no&cto=900",
    f"discord://123456789012345678/{HOOK}?+X-Header=1",
    f"discord://evil.org/123456789012345678/{HOOK}",
    f"discord://123456789012345678/{HOOK}/../../x",
    f"https://discord.com.evil.org:22/api/webhooks/123456789012345678/{HOOK}",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "slack://bot@T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    f"tgram://{BOT}",
    f"tgram://{BOT}/1?keyfile=/etc/passwd",
    f"tgram://{BOT}/1/2",
    f"pover://{USER}@{APP}?priority=emergency",
    "ntfy://127.0.0.1/topic",
    "ntfy://user:pass@ntfy.sh/topic",
    "ntfy://ntfy.sh/topic?mode=private&attach=file:///etc/passwd",
    "ntfy://ntfy.sh.evil.org/topic",
    "ntfys://push.desk.org:22/front-news",
    f"workflows://{AZURE}.evil.org/{FLOW}/{SIG}",
    f"workflows://logic.azure.com@127.0.0.1/{FLOW}/{SIG}",
    f"workflows://{AZURE}:8080/{FLOW}/{SIG}",
    f"workflows://{AZURE}/{FLOW}/{SIG}?template=/etc/passwd",
    "https://" + "a." * 200 + "org/",
    "https://desk.example.org/" + "a" * 1000,
]
FORMS = re.compile(
    r"[A-Za-z0-9][^@\s,;<>\"\\%!:/?]*@[a-z0-9.-]+|discord://[0-9]+/[\w-]+/|slack://[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+/"
    r"|tgram://[0-9]+:[\w-]+/-?[0-9]+/|pover://\w{30}@\w{30}(/[\w-]+)?/|ntfys://(ntfy\.sh|push\.desk\.org)/[\w-]+"
    r"|workflows://[a-z0-9.-]+\.(azure|powerplatform)\.com:443/[0-9a-f]+/[\w-]+/(\?pa=yes)?"
    r"|https://[a-z0-9-]+(\.[a-z0-9-]+)+(:443|:8443)?/[!-\[\]-~]*",
    re.ASCII,
)
HOSTS = ("push.desk.org",)


@pytest.mark.parametrize(("given", "kind", "rebuilt"), GOOD)
def test_a_known_service_is_rebuilt(given: str, kind: str, rebuilt: str | None) -> None:
    """The address means the same, is understood by what sends there, and is allowed again as it is."""
    found = allowed(given, ntfy_hosts=HOSTS)
    address = found.secret.reveal()
    assert (found.kind, address) == (kind, rebuilt or address)
    assert allowed(address, ntfy_hosts=HOSTS) == found
    if found.kind is TargetKind.APPRISE:
        assert apprise.Apprise.instantiate(address) is not None
    if found.kind is TargetKind.EMAIL:
        assert single_address(address) == address


@pytest.mark.parametrize("given", BAD)
def test_anything_else_is_refused_and_not_repeated(given: str) -> None:
    """Other services, hosts of the network we stand in, options, several recipients, and what parsers disagree on."""
    with pytest.raises(InputError) as caught:
        allowed(given, ntfy_hosts=HOSTS)
    assert len(given) < 4 or given not in str(caught.value)


SEAMS = ["?", "&", "#", "@", "/", ":", "//", "redirect=yes", "+h=1", "%2f", "\\", "\r\n"]
PIECES = st.lists(
    st.sampled_from(
        [
            *(good for good, _, _ in GOOD),
            *BAD,
            *SEAMS,
        ]
    )
    | st.text(max_size=5),
    min_size=1,
    max_size=4,
).map("".join)


@given(given=PIECES | st.text(max_size=60))
@example(given="https://a.b/\u2028")
def test_whatever_is_given_comes_out_in_a_known_form_or_not_at_all(given: str) -> None:
    """No option, host or character of the writer's reaches what sends, but where its form has a place for it."""
    try:
        address = allowed(given, ntfy_hosts=HOSTS).secret.reveal()
    except InputError:
        return
    assert FORMS.fullmatch(address), address
