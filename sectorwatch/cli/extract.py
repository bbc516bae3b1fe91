"""Extracts the article of one page and says how: of a file, of standard input, or of an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectorwatch.cli.output import safe, say, write_json
from sectorwatch.cli.texts import answer_lines, read_source, string, text_of
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from flows.steps.tools import Tools
    from sectorwatch.domain import ArticleText, FeedText
    from sectorwatch.net.client import Hop

_WIDTH = 12  # characters of a label


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is to be read, and how it was come by."""

    body: bytes
    url: str = ""
    asked: str = ""
    charset: str = ""  # that the server declared
    hops: list[Hop] = field(default_factory=list)
    feed: FeedText | None = None  # what its feed said of it


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(extract)


def extract(
    source: Annotated[str, typer.Argument(help="An HTML file, - for standard input, or an address.")] = "-",
    url: Annotated[str, typer.Option(help="Where a file's page came from, for its links and its own address.")] = "",
    article: Annotated[
        int | None, typer.Option(help="A stored article's number: its page as it is kept, read with its feed's words.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show which ways were tried, what each gave, and where the rest is said.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help='Read {"id", "html", "url"} a line from standard input, answer one line each.'),
    ] = False,
) -> None:
    """Text and metadata of a page, by the same rules as in a cycle.

    An address is asked as a cycle would: when its host may be asked, with all workers where a configuration names their
    store; robots.txt is kept to, private addresses are refused, a page has its limit.
    """
    if jsonl:
        if source != "-" or url or article is not None:
            raise ConfigurationError('with --jsonl each line says it all, {"id", "html", "url"}: leave out the rest')
        answer_lines(lambda item: _shape(_of_line(item), explain=explain))
        return
    if article is not None:
        if source != "-" or url:
            raise ConfigurationError("--article names a stored article, whose address is known: leave out the rest")
        page = _kept(article)
    elif source.lower().startswith(("http://", "https://")):
        if url:
            raise ConfigurationError("--url says where a file came from; an address that is fetched needs none")
        page = _fetched(source)
    elif "://" in source:
        raise ConfigurationError(f"{source}: only http and https addresses can be fetched; or give a file")
    else:
        page = Page(body=read_source(source), url=url)
    found = _extracted(page)
    if json:
        write_json(_shape(found, explain=explain, page=page))
        return
    if explain:
        _explain(found, page)
    else:
        _tell(found)
    say()
    say(safe(found.text, keep_lines=True))


def _of_line(item: dict[str, Any]) -> ArticleText:
    html = text_of(item, "html").encode("utf-8")
    return _extracted(Page(body=html, url=string(item, "url"), charset="utf-8"))


def _extracted(page: Page) -> ArticleText:
    """The article, with the language that a cycle would store. Raises PageRefused, which says what is in the way."""
    from dataclasses import replace

    from extractors.languages import language_of
    from extractors.pages.article import extract_article

    article = extract_article(page.body, url=page.url, charset=page.charset, feed=page.feed, asked=page.asked)
    read = language_of(f"{article.title}\n{article.text}")
    if read:
        origins = {**article.account.origins, "language": "its own words"}
        article = replace(article, language=read, account=replace(article.account, origins=origins))
    return article


def _kept(number: int) -> Page:
    """The page of a stored article. Raises ConfigurationError where none is kept."""
    from flows.steps.reading.feed_text import feed_text
    from sectorwatch.cli.opening import opened_store
    from storage.intake import entries
    from storage.reading import detected
    from storage.views import queries

    with opened_store() as store, store.read() as work:
        rows = queries.article_rows(work, [number])
        kept = detected.raw_pages_of(work, [number]).get(number)
        entry = entries.of_articles(work, [number]).get(number)
    if not rows:
        raise ConfigurationError(f"there is no article {number}: 'sectorwatch search' shows their numbers")
    if kept is None:
        raise ConfigurationError(
            f"the page of article {number} is not kept: it is too old (read.keep_raw_days, read.keep_raw_mb), it is"
            " damaged, or its text is the feed's own"
        )
    return Page(
        body=kept.body, url=rows[0].url or "", charset=kept.charset, feed=None if entry is None else feed_text(entry)
    )


def _fetched(url: str) -> Page:
    """A page as reading would fetch it: when its host may be asked, and where its robots.txt allows.

    Raises FetchError.
    """
    import asyncio

    from extractors.declared import charset_of
    from flows.steps.reading.read_articles import ACCEPT
    from flows.web import polite_web
    from sectorwatch.cli.opening import opened_runtime, settings, store_is_named

    chosen = settings().fetch
    hops: list[Hop] = []

    async def get(tools: Tools | None) -> Page:
        async with polite_web(chosen, tools) as web:
            permit = web.robots.permit if chosen.robots else None
            answer = await web.http.get(url, max_bytes=chosen.page_bytes, accept=ACCEPT, permit=permit, hops=hops)
            charset = charset_of(answer.headers.get("content-type", ""))
            return Page(body=answer.body, url=answer.url, asked=url, charset=charset, hops=hops)

    if not store_is_named():
        return asyncio.run(get(None))
    with opened_runtime() as runtime:
        return asyncio.run(get(runtime.tools))


def _shape(article: ArticleText, *, explain: bool, page: Page | None = None) -> dict[str, Any]:
    """An article as tools read it (see docs/guide.md)."""
    result: dict[str, Any] = {
        "url": article.canonical_url or (page.url if page else ""),
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "published": article.published_at and article.published_at.isoformat(),
        "modified": article.modified_at and article.modified_at.isoformat(),
        "author": article.author,
        "image": article.image_url,
        "site": article.site,
        "method": article.method,
        "refusal": article.refusal and article.refusal.value,
        "extraction": article.extraction,
    }
    if explain:
        hops = page.hops if page else []
        result["explanation"] = {
            "fetched": [{"url": hop.url, "status": hop.status} for hop in hops],
            "ways": article.account.ways,
            "why": article.account.why,
            "origins": article.account.origins,
        }
    return result


def _tell(article: ArticleText) -> None:
    said = [f"{article.published_at:%Y-%m-%d %H:%M} UTC" if article.published_at else "no date"]
    said += [article.language or "language unknown", *([article.author] if article.author else []), article.method]
    say(safe(article.title or "(no title)"))
    say(safe(" · ".join(said)))
    _tell_refusal(article)


def _tell_refusal(article: ArticleText) -> None:
    if article.refusal:
        say(f"not whole: {article.refusal.value}, the page keeps the rest of the article to itself")


def _explain(article: ArticleText, page: Page) -> None:
    account = article.account
    for hop in page.hops:
        kind = f", {hop.headers['content-type']}" if "content-type" in hop.headers else ""
        say(_line("fetched", f"{hop.status} {hop.url}{kind}"))
    say(_line("page", f"{len(page.body):,} bytes" + (f", charset {page.charset} declared" if page.charset else "")))
    values = {
        "title": article.title,
        "url": article.canonical_url or "",
        "published": f"{article.published_at:%Y-%m-%d %H:%M:%S} UTC" if article.published_at else "",
        "modified": f"{article.modified_at:%Y-%m-%d %H:%M:%S} UTC" if article.modified_at else "",
        "author": article.author,
        "language": article.language,
        "image": article.image_url,
    }
    for name, value in values.items():
        where = account.origins.get(name, "")
        say(_line(name, (value + (f"  ({where})" if where else "")) if value else "nothing says"))
    for way in account.ways:
        say(_line(way.name, f"{way.characters:,} characters: {way.note}"))
    say(_line("taken", f"{article.method}, {len(article.text):,} characters: {account.why}"))
    _tell_refusal(article)


def _line(label: str, text: str) -> str:
    return f"{label:{_WIDTH}} {safe(text)}"
