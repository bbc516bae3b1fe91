"""Whether Apprise can send to a URL at all. Nothing is sent, and of the URL no more is said than its nearest scheme."""

from __future__ import annotations

from typing import Any

import apprise
from apprise.manager_plugins import NotificationManager

from alerts.apprise_call import captured_warnings
from sectorwatch.nearest import nearest

_ALL = "https://appriseit.com/services/"


def wrong_url(url: str) -> str:
    """Why it can not, in words to follow the name of the address; "" where it may."""
    plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]
    known = set(plugins.schemas())
    scheme = url.partition("://")[0].strip().lower()
    if scheme not in known and scheme not in ("http", "https"):
        near = nearest(scheme, known)
        cure = f"they are listed at {_ALL}" if near is None else f"did you mean {near}://?"
        return f"begins with the name of no service that Apprise knows: {cure}"
    if scheme in known and not plugins[scheme].enabled:
        return ""  # it wants a package that may be installed where messages are sent
    with captured_warnings():
        try:
            understood = apprise.Apprise.instantiate(url)
        except Exception:  # noqa: BLE001 - plug-ins are foreign code, and a traceback would show the URL
            understood = None
    if understood is not None:
        return ""
    if scheme in known:
        service = plugins[scheme]
        return f"is none that Apprise takes for {service.service_name}: see {service.setup_url or _ALL}"
    return f'is of no service that Apprise knows: for a webhook write kind = "webhook"; services are at {_ALL}'
