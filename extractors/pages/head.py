"""What a page says about itself: title, address, language, dates, author, picture, site.

Read from the elements made for it, the most binding first: the schema.org description, Open Graph, meta elements, and
the page's own headings. A title is given back without the name of its site.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from extractors.declared import language_code
from extractors.markup import cut, fit, one_line, paragraphs
from extractors.pages.stated_dates import modified, published
from extractors.text import plain
from extractors.urls import absolute, canonical, host_of, same_site, without_user

MOST_TITLE = 1_000  # characters kept of each
MOST_NAME = 300
_MOST_JSON = 300_000  # characters of one schema.org description; articles have under 20,000
_MOST_SCRIPTS = 20
_MOST_NODES = 500  # of a description that are looked at

_SEPARATOR = re.compile(r"\s+(?:[|•»·:–—-]|::|//)\s+|\s*[|｜：]\s*")
_HOST_PARTS = frozenset({"www", "com", "co", "org", "net", "gov", "edu", "news", "m"})  # no names of sites
_WORDS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_LIVE = "LiveBlogPosting"
_MOMENTS = "article time[datetime*=':'], main time[datetime*=':'], [itemprop~=liveBlogUpdate] time[datetime*=':']"
_NAMES = 4  # words: a title of fewer may be the name of a site or section
_MOST_BYLINE = 100  # characters
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|de|autor(?:a|ka|in|zy)?:?|автор(?:и|ка|ы)?:?|text:?|текст:?) "
    r"(?P<names>[^\W\d_][^\d:|]{3,80})",
    re.IGNORECASE,
)
_AUTHORS = ("author", "article:author", "parsely-author", "byl")
_AUTHOR_ELEMENTS = "[itemprop~=author] [itemprop~=name], [itemprop~=author], a[rel~=author]"
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


Said = tuple[str, str]
"""What a page says, and where it says so; ("", "") for nothing."""


@dataclass(frozen=True, kw_only=True)
class Head:
    title: str  # without the site's name; "" where the page has none
    headline: str  # of the page's first main heading, ""
    canonical_url: str | None  # of the same site as the page, normalised
    language: str  # ISO 639-1, as declared, ""
    published_at: datetime | None
    author: str
    site: str
    modified_at: datetime | None = None  # later than it was published
    image_url: str = ""  # of the picture that stands for the article, absolute
    body: str = ""  # the article's text as the description gives it, which most leave out
    is_article: bool = False  # the page says that it is one
    locked: bool = False  # the page says that it cannot be read for free
    words: int = 0  # how many the article has, as the description says; 0: it does not
    live: bool = False  # the page says that it is a live blog
    posts: int = 0  # moments with a time of day that it gives in its text
    origins: Mapping[str, str] = field(default_factory=dict)  # where in the page a thing is said, by its name


def read_head(tree: LexborHTMLParser, *, url: str = "") -> Head:
    """The page's own description. `url` is where it was fetched; another site cannot be named as its address."""
    metas = _metas(tree)
    described = _described(tree)
    headline = _headline(tree)
    site = _first_of(metas, "og:site_name") or _name(described.get("publisher")) or _first_of(metas, "application-name")
    title, title_from = _title(tree, metas, described, headline, site, url)
    address, address_from = _canonical(tree, metas, url)
    language, language_from = _language(tree, metas, described)
    published_at, published_from = published(tree, metas, described)
    modified_at, modified_from = modified(tree, metas, described, published_at)
    author, author_from = _author(tree, metas, described)
    image, image_from = _image(tree, metas, described, url)
    origins = {
        "title": title_from,
        "url": address_from,
        "language": language_from,
        "published": published_from,
        "modified": modified_from,
        "author": author_from,
        "image": image_from,
    }
    return Head(
        title=cut(title, MOST_TITLE),
        headline=cut(headline, MOST_TITLE),
        canonical_url=address,
        language=language,
        published_at=published_at,
        modified_at=modified_at,
        author=cut(author, MOST_NAME),
        site=cut(site, MOST_NAME),
        image_url=image,
        body=_body(described),
        is_article=bool(described) or metas.get("og:type", "").lower() == "article",
        locked=_is_no(described.get("isAccessibleForFree")) or metas.get("article:content_tier", "") == "locked",
        words=_number(described.get("wordCount")),
        live=_LIVE in _kinds(described),
        posts=len({node.attributes.get("datetime") for node in tree.css(_MOMENTS)[:_MOST_NODES]}),
        origins={name: where for name, where in origins.items() if where},
    )


def _body(described: dict[str, Any]) -> str:
    """The text of an article; of a live blog its posts, each with its headline."""
    parts = [described.get("articleBody")]
    updates = described.get("liveBlogUpdate")
    for post in (updates if isinstance(updates, list) else [updates])[:_MOST_NODES]:
        if isinstance(post, dict):
            parts += [post.get("headline"), post.get("articleBody")]
    return "\n".join(paragraphs(fit(part)) for part in parts if isinstance(part, str) and part)


def _is_no(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _number(value: object) -> int:
    digits = str(value).strip() if isinstance(value, str | int) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 7 else 0


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """The first content of each meta element by its name, property or itemprop in lower case."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        content = (attributes.get("content") or "").strip()
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key)
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _first_of(metas: dict[str, str], *names: str) -> str:
    return next((line for name in names if (line := _line(metas.get(name)))), "")


def _line(value: object) -> str:
    return one_line(value[:10_000]) if isinstance(value, str) else ""


# ------------------------------------------------------------------------------------------------------ schema.org


def _described(tree: LexborHTMLParser) -> dict[str, Any]:
    """The schema.org description of the article, {} where there is none that can be read.

    The first one, or that of a live blog, whose page often describes an article of the same headline as well.
    """
    found: list[dict[str, Any]] = []
    for script in tree.css("script[type='application/ld+json']")[:_MOST_SCRIPTS]:
        text = script.text(strip=True)
        if ("datePublished" not in text and "headline" not in text) or len(text) > _MOST_JSON:
            continue
        if found and _LIVE not in text:
            continue
        try:
            document = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            if any(kind.endswith(("Article", "Posting")) for kind in _kinds(node)):
                found.append(node)
    return next((node for node in found if _LIVE in _kinds(node)), found[0] if found else {})


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _nodes(document: object) -> Iterator[dict[str, Any]]:
    """The described things of a document, outer ones first; those of lists within an article are other articles."""
    waiting = [document]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting = thing[:_MOST_NODES] + waiting
        elif isinstance(thing, dict):
            yield thing
            waiting += [thing[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in thing]


def _name(thing: object) -> str:
    """The name of a person or organisation, however it is written; several are joined by commas."""
    if isinstance(thing, list):
        names = [name for part in thing[:20] if (name := _name(part))]
        return ", ".join(dict.fromkeys(names))
    if isinstance(thing, dict):
        return _line(thing.get("name")) if isinstance(thing.get("name"), str) else ""
    return _line(thing)


# ----------------------------------------------------------------------------------------------------------- title


def _headline(tree: LexborHTMLParser) -> str:
    """The first main heading with words in it that is none of the site's own."""
    for selector in ("h1[itemprop~=headline]", "article h1", "main h1", "h1"):
        for node in tree.css(selector)[:3]:
            if line := one_line(node.text(separator=" "), markup=False):
                return line
    return ""


def _title(
    tree: LexborHTMLParser, metas: dict[str, str], described: dict[str, Any], headline: str, site: str, url: str
) -> Said:
    node = tree.css_first("head > title") or tree.css_first("title")
    titles = (
        (_line(described.get("headline")), "schema.org headline"),  # og:title is often worded for social networks
        (_first_of(metas, "og:title"), "meta og:title"),
        (one_line(node.text(), markup=False) if node else "", "title element"),
        (_first_of(metas, "twitter:title"), "meta twitter:title"),
    )
    stated, where = next(filter(_says, titles), ("", ""))
    if not stated:
        return headline, "main heading" if headline else ""
    stated = without_site(stated, site, url)
    if where == "title element" and _is_name(stated, headline):
        return headline, "main heading, which says more than the title element"
    return (headline, f"main heading, as in {where}") if headline and _is_part(headline, stated) else (stated, where)


def _is_name(title: str, headline: str) -> bool:
    """Whether a title element of few words names a site or section, beside a heading that says more."""
    words = len(_WORDS.findall(title))
    return words < _NAMES and words + 2 <= len(_WORDS.findall(headline)) and not _DIGIT.search(title)


def _is_part(headline: str, title: str) -> bool:
    """Whether a heading is the title or its beginning, up to a separator."""
    if headline == title:
        return True
    return title.startswith(headline) and _SEPARATOR.match(title, len(headline)) is not None


def without_site(title: str, site: str, url: str) -> str:
    """A title without the name of its site behind or before a separator."""
    labels = [_squeezed(label) for label in host_of(url).split(".")[:-1] if label not in _HOST_PARTS]
    names = {_squeezed(site), _squeezed(host_of(url).removeprefix("www.")), *labels} - {""}
    if site and title.startswith(f"{site}: "):
        return title[len(site) + 2 :].strip()
    breaks = list(_SEPARATOR.finditer(title))
    for at in breaks[:1] + breaks[-2:]:
        before, after = title[: at.start()], title[at.end() :]
        if before and (_squeezed(after) in names or _extends(after, labels)):
            return before.strip()
        if after and _squeezed(before) in names:
            return after.strip()
    last = breaks[-1] if breaks else None
    if last and last[0].strip() in ("|", "｜") and len(_WORDS.findall(title[: last.start()])) >= 4:
        tail = _WORDS.findall(title[last.end() :])
        if 0 < len(tail) <= 3:
            return title[: last.start()].strip()
    return title


def _extends(tail: str, labels: list[str]) -> bool:
    """Whether a few words are a name that begins as the host does: "BBC News" of bbc.co.uk."""
    name = _squeezed(tail)
    few = len(_WORDS.findall(tail)) <= 3
    return few and any(len(label) >= 3 and name.startswith(label) for label in labels)


def _squeezed(name: str) -> str:
    return "".join(_WORDS.findall(plain(name)))


# ---------------------------------------------------------------------------- address, language, author, picture


def _canonical(tree: LexborHTMLParser, metas: dict[str, str], url: str) -> tuple[str | None, str]:
    """The address that the page gives for itself, where it is of the page's own site; else where it was fetched."""
    own = canonical(url)
    node = tree.css_first("link[rel~=canonical][href]")
    links = (
        (node.attributes.get("href") or "" if node else "", "link rel=canonical"),
        ("" if url else metas.get("og:url", ""), "meta og:url"),
    )
    for link, where in links:
        stated = canonical(absolute(url, link)) if link else ""
        # A front page given as the address of every article would make one article of them all.
        if stated and (not url or (same_site(url, stated) and not _is_front(stated, own))):
            return stated, where
    return own or None, "where it was fetched" if own else ""


def _is_front(stated: str, own: str) -> bool:
    front = stated.split("/", 3)[3] == ""
    return front and own.split("/", 3)[3:] not in ([], [""])


def _language(tree: LexborHTMLParser, metas: dict[str, str], described: dict[str, Any]) -> Said:
    node = tree.css_first("html")
    attributes = node.attributes if node else {}
    tags = (
        (attributes.get("lang") or attributes.get("xml:lang"), "html lang"),
        (described.get("inLanguage"), "schema.org inLanguage"),
        (metas.get("og:locale"), "meta og:locale"),
    )
    codes = ((language_code(tag) if isinstance(tag, str) else "", where) for tag, where in tags)
    return next(filter(_says, codes), ("", ""))


def _author(tree: LexborHTMLParser, metas: dict[str, str], described: dict[str, Any]) -> Said:
    node = tree.css_first(_AUTHOR_ELEMENTS)
    names = (
        (_name(described.get("author")), "schema.org author"),
        *((_first_of(metas, name), f"meta {name}") for name in _AUTHORS),
        (_short(one_line(node.text(separator=" "), markup=False)) if node else "", "element marked as author"),
    )
    stated = next(((name, where) for name, where in names if name and "://" not in name), ("", ""))
    return stated if stated[0] else _bylined(tree)


def _bylined(tree: LexborHTMLParser) -> Said:
    """The names of a line that is classed as one of authors and begins as such a line does."""
    for node in tree.css("article [class*='author'], article [class*='byline'], main [class*='byline']")[:10]:
        if match := _BYLINE.fullmatch(_short(one_line(node.text(separator=" "), markup=False))):
            return match["names"], "byline"
    return "", ""


def _short(name: str) -> str:
    """A name, and nothing that is too long for one."""
    return name if len(name) <= _MOST_BYLINE else ""


def _image(tree: LexborHTMLParser, metas: dict[str, str], described: dict[str, Any], url: str) -> Said:
    node = tree.css_first("link[rel~=image_src][href]")
    links = (
        *((metas.get(name, ""), f"meta {name}") for name in _IMAGES),
        (_link(described.get("image")) or _link(described.get("thumbnailUrl")), "schema.org image"),
        (node.attributes.get("href") or "" if node else "", "link rel=image_src"),
    )
    seen = ((without_user(absolute(url, link)) if link else "", where) for link, where in links)
    return next(filter(_says, seen), ("", ""))


def _link(thing: object) -> str:
    """The address of a picture, however it is written; of several, the first."""
    if isinstance(thing, list):
        return next(filter(None, map(_link, thing[:5])), "")
    if isinstance(thing, dict):
        return _link(thing.get("url")) or _link(thing.get("contentUrl"))
    return thing.strip() if isinstance(thing, str) else ""


def _says(said: Said) -> bool:
    return bool(said[0])
