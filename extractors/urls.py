"""Addresses: one form for identity, absolute ones from relative ones, hosts and sites."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_MOST = 2_000  # characters of an address: an index of PostgreSQL takes 2,700 bytes
_MOST_HOST = 253  # characters, see RFC 1035
_BLANK = re.compile(r"[\x00-\x20\x7f]+")
_DEFAULT_PORT = {"http": 80, "https": 443}

# Parameters that say where a reader came from, and nothing of what is read. Only names that mean this everywhere:
# a parameter too many costs a copy that joins its story; one too few costs an article.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium)|at_(?:medium|campaign|link_\w+|custom\d)|itm_\w+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|yclid|ysclid|msclkid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_openstat"
    r"|oly_(?:anon|enc)_id|vero_(?:id|conv)|_ga|_gl|ref_src|ref_url|cmpid|ns_(?:source|mchannel|campaign)|xtor"
    r"|rss|from_rss|traffic_source|amp_js_v|usqp)",
    re.IGNORECASE,
)


def canonical(url: str) -> str:
    """The form of a web address in which equal pages compare equal; "" for what is none.

    Lower-case punycode host, default port and fragment dropped, dot segments resolved, percent-encoding unified,
    query sorted and without tracking parameters. The path stays as it is otherwise: servers tell its cases apart.
    """
    url = absolute("", url)
    if not url:
        return ""
    try:
        parts = urlsplit(canonicalize_url(url, keep_blank_values=True, keep_fragments=False))
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return ""
    if not host or not host.isascii() or ".." in host or "%" in host or host.startswith("."):
        return ""  # no name that exists: w3lib made punycode of all others
    if ":" in host:
        host = f"[{host}]"
    place = host if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"
    kept = (part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))
    query = "&".join(filter(None, (part.removesuffix("=") for part in kept)))
    return urlunsplit((parts.scheme, place, _without_dots(parts.path), query, ""))


def feed_key(url: str) -> str:
    """The form in which two addresses of one feed compare equal: without scheme, "www." and a slash at the end."""
    found = (canonical(url) or url).partition("://")[2].removeprefix("www.")
    path, mark, query = found.partition("?")
    return path.rstrip("/") + mark + query


def _without_dots(path: str) -> str:
    """The path with its dot segments resolved (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def absolute(base: str, link: str) -> str:
    """`link` as seen from `base`; "" where that is no http(s) address."""
    link = _BLANK.sub("%20", link.strip()) if _BLANK.search(link.strip()) else link.strip()
    if not link or len(link) > _MOST:
        return ""
    try:
        joined = urljoin(base, link) if base else link
        parts = urlsplit(joined)
        host, _ = parts.hostname, parts.port  # asked for, as only then a port that is none is found out
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and host and "%20" not in host else ""


def without_user(url: str) -> str:
    """The address without a user and password, which a feed has no reason to hand out and a reader may be fooled by."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def host_of(url: str) -> str:
    """The host of an address in lower case; "" where there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if len(host) <= _MOST_HOST else ""


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site."""
    first, second = host_of(one), host_of(other)
    return bool(first and second) and (first == second or site_of(one) == site_of(other))


def site_of(url: str) -> str:
    """The registrable domain of an address (public suffix list), else its host; "" where there is none."""
    from courlan import extract_domain  # brings a language model along: half a second

    host = host_of(url)
    return (extract_domain(f"http://{host}/") if host else None) or host
