"""Who may see the operators' pages: who gives the password, or whom a proxy names that is to be believed.

A session is a signed cookie, of which nothing is stored but that somebody ended it. Its key is made of the key of links
and of the password: another password ends all sessions.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from alerts.plain import plain, shorten
from flows.steps.tools import Tools
from sectorwatch.domain import Secret
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.references import resolve_secret
from sectorwatch.web.limits import RateLimit
from storage.access import ended_sessions
from storage.access.link_key import link_keys

SESSION, VISIT, KNOWN = "sectorwatch_session", "sectorwatch_visit", "sectorwatch_known"
LASTS = {SESSION: timedelta(hours=12), VISIT: timedelta(hours=1), KNOWN: timedelta(days=90)}
TRIES, TRIES_A_SECOND = 5.0, 1 / 20  # of a password, by one client or one browser that is known
_NAME = 60  # characters of an operator's name
_PEER = "sectorwatch.peer"  # in the scope: who is connected, before a proxy's word for it is taken

_log = logging.getLogger(__name__)


class PeerKept:
    """Keeps who is connected, as the headers of a proxy replace it further in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[_PEER] = (scope.get("client") or ("",))[0]
        await self._app(scope, receive, send)


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who looks at the pages."""

    name: str  # as the proxy has it; "" for who knows the password
    session: str  # the cookie; "" where a proxy answers for them
    form_key: str  # in each of their forms: another site cannot know it


class Gate:
    """Lets operators in. `now` counts seconds for the limit on tries."""

    def __init__(self, tools: Tools, password: Secret | None, *, key: bytes, now: Callable[[], float]) -> None:
        self._store, self._clock, self._web = tools.store, tools.clock, tools.settings.web
        self._key = key
        self._password = None if password is None else self._digest(f"password {password.reveal()}")
        self._tries = RateLimit(now, burst=TRIES, rate=TRIES_A_SECOND)

    @classmethod
    def of(cls, tools: Tools, now: Callable[[], float]) -> Gate | None:
        """None: no way in is set, and there are no such pages. Raises ConfigurationError for an empty password."""
        web = tools.settings.web
        if not web.has_operators:
            return None
        password = resolve_secret(web.admin_password, "web.admin_password") if web.admin_password else None
        if password is not None and not password.reveal():
            raise ConfigurationError("web.admin_password refers to something empty: put a password there")
        key = (
            resolve_secret(web.link_key, "web.link_key")
            if web.link_key
            else link_keys(tools.store, tools.vault, now=tools.clock())[0]
        )
        made_of = f"operators\0{password.reveal() if password else ''}"
        return cls(tools, password, key=hmac.digest(key.reveal().encode(), made_of.encode(), "sha256"), now=now)

    @property
    def by_password(self) -> bool:
        """Whether there is a form to log in with."""
        return self._password is not None

    def operator(self, request: Request) -> Operator | None:
        """Who asks; None: a stranger."""
        named = self._named(request)
        if named:
            return Operator(name=named, session="", form_key=self.form_key(f"proxy {named}"))
        cookie = request.cookies.get(SESSION, "")
        found = self._read(SESSION, cookie)
        if found is None:
            return None
        with self._store.read() as work:
            if ended_sessions.is_ended(work, found):
                return None
        return Operator(name="", session=cookie, form_key=self.form_key(found))

    def form_key(self, whose: str) -> str:
        """What a form has to carry that is for one session, visit or operator."""
        return self._digest(f"form {whose}").hex()

    def visit(self, request: Request) -> tuple[str, str]:
        """The cookie of whoever is about to log in, and the key of their form."""
        cookie = request.cookies.get(VISIT, "")
        if self._read(VISIT, cookie) is None:
            cookie = self._made(VISIT)
        return cookie, self.form_key(cookie)

    def wait(self, request: Request) -> float:
        """Seconds until a password may be tried; 0: this one may.

        A browser that has logged in before has tries of its own: who uses up those of an address locks out nobody.
        """
        known = self._read(KNOWN, request.cookies.get(KNOWN, ""))
        client = request.client.host if request.client else ""
        return self._tries.wait(f"known {known}" if known else client)

    def is_password(self, given: str, request: Request) -> bool:
        right = self._password is not None and hmac.compare_digest(self._digest(f"password {given}"), self._password)
        if not right:
            client = request.client.host if request.client else "somebody"
            _log.warning("a wrong password for the operators' pages from %s", client)
        return right

    def let_in(self, response: Response, request: Request) -> None:
        """Begins a session, under a new id."""
        for name in (SESSION, KNOWN):
            self.give(response, request, name, self._made(name))
        response.delete_cookie(VISIT, path="/")

    def let_out(self, response: Response, operator: Operator) -> None:
        """Ends the session, also for who has copied its cookie."""
        found = self._read(SESSION, operator.session)
        if found is not None:
            now = self._clock()
            with self._store.write() as work:
                ended_sessions.end(work, found, until=now + LASTS[SESSION], now=now)
                work.commit()
        response.delete_cookie(SESSION, path="/")

    @staticmethod
    def give(response: Response, request: Request, name: str, value: str) -> None:
        """A cookie that no script reads and no other site sends along with a form."""
        response.set_cookie(
            name,
            value,
            max_age=int(LASTS[name].total_seconds()),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    def _named(self, request: Request) -> str:
        """Whom a proxy names that is to be believed; a header that came twice may be half the client's own."""
        if not self._web.login_header:
            return ""
        names = request.headers.getlist(self._web.login_header)
        try:
            peer = ip_address(request.scope.get(_PEER, ""))
        except ValueError:
            return ""
        believed = any(peer in network for network in self._web.login_networks)
        return shorten(plain(names[0]), _NAME) if believed and len(names) == 1 else ""

    def _made(self, name: str) -> str:
        ends = int((self._clock() + LASTS[name]).timestamp())
        body = f"{token_urlsafe(18)}.{ends}"
        return f"{body}.{self._digest(f'{name} {body}').hex()}"

    def _read(self, name: str, cookie: str) -> str | None:
        """The id in a cookie that was made here for this use and holds."""
        body, _, mac = cookie.rpartition(".")
        number, _, ends = body.partition(".")
        if not hmac.compare_digest(self._digest(f"{name} {body}").hex().encode(), mac.encode("utf-8", "replace")):
            return None
        return number if self._clock() < datetime.fromtimestamp(int(ends), UTC) else None

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), sha256)
