"""Every page, feed, list and file that the web application has, as it is asked for: one list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

ANYBODY, TOKEN, OPERATOR = "anybody", "token", "operator"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An address. `{story}` and the like in it are another one each time; of a file the first byte counts."""

    name: str
    path: str
    who: str = ANYBODY
    file: bool = False


def _of(who: str, root: str, *paths: tuple[str, str], file: bool = False) -> tuple[Asked, ...]:
    return tuple(Asked(name=name, path=f"{root}{path}", who=who, file=file) for name, path in paths)


def _search(path: str, query: str, **more: str) -> str:
    return f"{path}?{urlencode({'q': query, **more}, quote_via=quote, safe='{}')}"


# In the year each second article has the first word, each tenth the next, each hundredth the third; each fortieth has
# the town, of which the gazetteer has hundreds of forms, and each hundred and twentieth is of its sector.
SEARCHES = (
    ("no hit", "виноград"),
    ("2,000 hits", "w7"),
    ("each second article", "війна"),
    ("two frequent words", "війна обстріл"),
    ("a frequent and a rare word", "війна w7"),
    ("a phrase", '"w7 w11"'),
    ("words that begin so", "обстр*"),
    ("a town", "Куп'янськ"),
    ("a town and a frequent word", "Куп'янськ обстріл"),
    ("a sector", "sector:kupiansk"),
    ("a sector and a word", "sector:kupiansk війна"),
    ("a language", "lang:uk"),
    ("a language of none", "lang:fi"),
    ("a source", 'source:"News 77"'),
    ("a day", "since:1d"),
    ("a month of a language", "lang:uk since:30d"),
    ("a word in a week", "війна since:7d"),
    ("a word until a year ago", "війна until:2026-01-01"),
    ("a word of a source", 'дрони source:"News 77"'),
    ("a town of a language", "Куп'янськ lang:uk"),
)

PUBLIC = (
    *_of(
        ANYBODY,
        "/",
        ("board", ""),
        ("board in Ukrainian", "?lang=uk"),
        ("sector", "sectors/{sector}"),
        ("sector, by side", "sectors/{sector}?side=unknown"),
        ("sector, side of none", "sectors/{sector}?side=russian"),
        ("sector, language and days", "sectors/{sector}?language=uk&days=7"),
        ("sector, publisher", "sectors/{sector}?publisher=News%20{publisher}"),
        ("sector, with the towns' own", "sectors/{sector}?town=1"),
        ("sector, deep", "sectors/{sector}?before={before}"),
        ("sector, Atom", "sectors/{sector}/feed.atom"),
        ("sector, JSON feed", "sectors/{sector}/feed.json"),
        ("stories", "stories"),
        ("stories, language of none", "stories?language=fi"),
        ("stories, publisher", "stories?publisher=News%20{publisher}"),
        ("stories, deep", "stories?before={before}"),
        ("stories, Atom", "stories/feed.atom"),
        ("story", "stories/{story}"),
        ("no such page", "stories/999999999"),
        ("search, Atom", _search("search/feed.atom", "війна")),
    ),
    *_of(ANYBODY, "/", ("sector, CSV", "sectors/{sector}/feed.csv"), ("stories, CSV", "stories/feed.csv"), file=True),
    *_of(ANYBODY, "/", *((f"search: {name}", _search("search", query)) for name, query in SEARCHES)),
    *_of(ANYBODY, "/", ("search, newest", _search("search", "війна", sort="newest"))),
    *_of(ANYBODY, "/", ("metrics", "metrics"), ("health", "health"), ("ready", "ready")),
)

API = _of(
    TOKEN,
    "/api/v1/",
    ("API description", "openapi.json"),
    ("API sectors", "sectors"),
    ("API stories", "stories"),
    ("API stories, 200", "stories?limit=200"),
    ("API stories, sector", "stories?sector={sector}"),
    ("API stories, filtered", "stories?sector={sector}&side=unknown&language=uk&since=2026-11-01T00:00Z"),
    ("API stories, of a window", "stories?since=2026-03-01T00:00Z&until=2026-03-08T00:00Z"),
    ("API stories, deep", "stories?sector={sector}&before={before}"),
    ("API story", "stories/{story}"),
    ("API search", _search("search", "війна")),
    ("API search, newest", _search("search", "війна", newest="true")),
    ("API search, a town", _search("search", "Куп'янськ", limit="200")),
)

_ROOMS = _of(
    OPERATOR,
    "/ops",
    ("overview", ""),
    ("feeds", "/feeds"),
    ("feeds, deep", "/feeds?page=10"),
    ("feeds, by entries", "/feeds?sort=-entries"),
    ("feeds, by name", "/feeds?sort=feed"),
    ("feeds, next first", "/feeds?sort=next"),
    ("feeds, of words", "/feeds?q=news77"),
    ("feeds, failing", "/feeds?state=failing"),
    ("feed", "/feeds/{feed}"),
    ("deliveries", "/deliveries"),
    ("deliveries, deep", "/deliveries?page=300"),
    ("deliveries, dead", "/deliveries?state=dead"),
    ("deliveries, of a sector", "/deliveries?sector={sector}"),
    ("deliveries, of a reader", "/deliveries?subscriber=reader%201"),
    ("deliveries, of a month", "/deliveries?days=30"),
    ("deliveries, by attempts", "/deliveries?sort=-attempts"),
    ("deliveries, by state", "/deliveries?sort=state"),
    ("delivery", "/deliveries/{delivery}"),
    ("replay", "/deliveries/replay"),
    ("suppressions", "/suppressions"),
    ("suppressions, of all time", "/suppressions?days="),
    ("suppressions, of a code", "/suppressions?days=&code=edit"),
    ("suppressions, of a sector", "/suppressions?days=&sector={sector}"),
    ("suppressions, deep", "/suppressions?days=&page=500"),
    ("subscriptions", "/subscriptions"),
    ("subscription", "/subscriptions/{reader}"),
    ("subscribers", "/subscribers"),
    ("targets", "/targets"),
    ("target", "/targets/{reader}"),
    ("whole story", "/stories/{story}"),
)
_FILES = _of(
    OPERATOR,
    "/ops/",
    *(
        (f"{room}, {kind.upper()}", f"{room}.{kind}{'?days=' if room == 'suppressions' else ''}")
        for room in ("feeds", "deliveries", "suppressions", "subscriptions", "subscribers", "targets")
        for kind in ("csv", "json")
    ),
    file=True,
)

PAGES = (*PUBLIC, *API, *_ROOMS, *_FILES)
