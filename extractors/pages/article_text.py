"""The text of a page's article (trafilatura), mended where it shows that too little or too much was taken.

The quick extraction is as good as the thorough one on most pages and costs half; where it gives little of a page that
has much, the rest is looked for among paragraphs of the same kind, or the thorough one is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import trafilatura
from lxml.etree import ElementDefaultClassLookup  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode
from trafilatura.settings import Extractor
from trafilatura.utils import HTML_PARSER

from extractors.asides import without_asides
from extractors.markup import fit, one_line
from extractors.pages.pagedata import told_in_data
from extractors.text import plain
from sectorwatch.domain import Way

FAST, FULL, PLAIN = "fast", "full", "plain"

THIN = 250  # characters: below, an article is rather missed than short
_THIN_SHARE = 0.5  # of the text that stands in the page's paragraphs, comments and notices among it
_CLEARLY_MORE = 1.25  # times the text: only then is the description's the better one
_PARAGRAPH = 60  # characters: shorter ones are captions and buttons
_MOST_STANDING = 200_000  # characters of paragraphs that are weighed: bounds the cost of nested ones
_KIND_DEPTH = 2  # elements around a paragraph that say of what kind it is
_KIND_LEAST = 3  # paragraphs of a kind in the text: then the kind is the article's
_KIND_MISSING = 0.6  # times the text: so much of its kinds is another part of it, and less may be a teaser
_MENU_LEAST = 10  # short lines at the beginning
_ENDS = '.!?…:;。！？»”"'
_MOST_LINES = 2_000  # of a text that may be there twice
_DESCRIBED = 0.85  # of the description's text must be in the text: then it ends where the description does
_DESCRIBED_LEAST = 0.3  # of the text; a shorter description is a summary

_UNSEEN = re.compile(r"<(?:(?P<kind>script|style)(?=[\s/>])|!--)", re.I)
_UNSEEN_END = {
    "script": re.compile(r"</script\s*>", re.I),
    "style": re.compile(r"</style\s*>", re.I),
    "": re.compile(r"--!?>"),  # of a comment: "<!-->" is one
}
_WORD = re.compile(r"[^\W_]+")
_BEGINNING = 2_000  # characters
_AMP = re.compile(r"<html[^>]{0,500}\s(?:amp|⚡)(?=[\s=>])", re.I)
_AMP_BESIDE = "//*[@fallback or @placeholder or self::amp-consent or self::amp-sidebar]"  # shown in place of something

_QUICK, _THOROUGH = (Extractor(fast=fast, comments=False) for fast in (True, False))  # read from a file: made once

# One class for all elements. Else lxml asks Python for that of each tag, an eighth of what extraction takes.
HTML_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))

Standing = list[tuple[str, LexborNode]]
"""Paragraphs as lines, with their elements."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A text, and how it was come by."""

    text: str
    method: str
    why: str
    ways: tuple[Way, ...]


def find_text(markup: str, tree: LexborHTMLParser, described: str, *, locked: bool = False) -> Found:
    """The article's text, a paragraph a line, and how it was found; "" where nothing is readable.

    `described` is the text as the page's own description gives it, "" for most pages; `locked` says that this is not
    for everybody: nothing is taken then that the page does not show.
    """
    found = _found(seen(markup), tree, described, locked)
    ways = list(found.ways)
    text = _tidied(ways, found.text, _without_menu(found.text), "without the menu before it")
    text = _tidied(ways, text, _until_described_end(text, described), "up to the end that the page's description has")
    text = _tidied(ways, text, _told_once(text, tree), "without the same text again, made for another width of screen")
    text = _tidied(ways, text, without_asides(text), "without links to other articles, captions, tags and its date")
    return replace(found, text=text, ways=tuple(ways))


def _tidied(ways: list[Way], before: str, after: str, note: str) -> str:
    if len(after) < len(before):
        ways.append(Way(name="cut", characters=len(after), note=note))
    return after


def one_a_line(text: str) -> str:
    """The text with one paragraph a line and single spaces."""
    return "\n".join(line for raw in fit(text).splitlines() if (line := " ".join(raw.split())))


def without_unseen(tree: LexborHTMLParser) -> None:
    """Takes scripts and styles out of paragraphs: they are no text of theirs."""
    for node in tree.css("p script, p style"):
        node.decompose()


def seen(markup: str) -> str:
    """The page without scripts, styles and comments, as a browser skips them.

    In trafilatura nested JSON in a script costs the square of its length: 46 s for 0.4 MB.
    """
    kept, at = [], 0
    while opened := _UNSEEN.search(markup, at):
        kept.append(markup[at : opened.start()])
        closed = _UNSEEN_END[(opened["kind"] or "").lower()].search(markup, opened.start() + 2)
        if closed is None:
            return "".join(kept)
        at = closed.end()
    return "".join((*kept, markup[at:]))


def _found(markup: str, tree: LexborHTMLParser, described: str, locked: bool) -> Found:
    text, method, why = _extracted(markup, fast=True), FAST, "the quick extraction gave enough for what the page has"
    standing = standing_in(tree)
    total = sum(len(line) for line, _ in standing)
    ways = [Way(name=FAST, characters=len(text), note=f"the page's paragraphs have {total}")]
    if text and len(text) * (1 + _KIND_MISSING) <= total and (longer := _with_its_kind(text, standing)):
        text = longer
        ways.append(Way(name="kind", characters=len(text), note="with other paragraphs of the kind that it found"))
    if len(text) < max(THIN, _THIN_SHARE * total):
        thorough = _extracted(markup, fast=False)
        ways.append(Way(name=FULL, characters=len(thorough), note="asked, as so little is thin for this page"))
        why = "the quick extraction is thin, and the thorough one gives no more"
        if len(thorough) > len(text):
            text, method, why = thorough, FULL, "the thorough extraction gave more than the quick one"
        if len(described) >= THIN:
            ways.append(Way(name="description", characters=len(described), note="what the page's description has"))
            if len(described) > _CLEARLY_MORE * len(text):
                why = "the page's description of itself has clearly more"
                return Found(text=described, method=PLAIN, why=why, ways=tuple(ways))
    lines = [line for line, _ in standing if len(line) >= _PARAGRAPH]
    if len(text) < THIN <= sum(map(len, lines)) and set(lines).isdisjoint(text.split("\n")):
        # What was extracted is a menu or nothing: no paragraph is in it.
        text, method = "\n".join(lines), PLAIN
        why = "no extraction gave a paragraph of the page: all that stand in it are taken"
        ways.append(Way(name="paragraphs", characters=len(text), note="as they stand in the page"))
    if len(text) < THIN and not locked and without_paragraphs(standing) and (payload := told_in_data(tree)):
        ways.append(Way(name="data", characters=len(payload), note="what the page's scripts are to draw"))
        if len(payload) >= THIN:
            text, method, why = payload, PLAIN, "the page has its text only as data for its scripts"
    return Found(text=text, method=method, why=why, ways=tuple(ways))


def _extracted(markup: str, *, fast: bool) -> str:
    beside = _AMP_BESIDE if _AMP.search(markup[:_BEGINNING]) else None
    return one_a_line(trafilatura.extract(markup, options=_QUICK if fast else _THOROUGH, prune_xpath=beside) or "")


def standing_in(tree: LexborHTMLParser) -> Standing:
    """The paragraphs that stand in the page, of whatever they speak."""
    standing, length = [], 0
    for node in tree.css("p"):
        if line := one_line(node.text(), markup=False):
            standing.append((line, node))
            length += len(line)
        if length > _MOST_STANDING:
            break
    return standing


def without_paragraphs(standing: Standing) -> bool:
    """Whether a page shows no article in paragraphs: only then its scripts' data is looked at."""
    return sum(len(line) for line, _ in standing if len(line) >= _PARAGRAPH) < THIN


def _with_its_kind(text: str, standing: Standing) -> str:
    """The text with the other parts of an article that its page divides, by advertisements say; "" without any.

    Parts lie in elements of the same tag and class as those that were found.
    """
    lines = text.split("\n")
    at = {line: number for number, line in reversed(list(enumerate(lines)))}
    kinds = [_kind(node) for _, node in standing]
    found = Counter(kind for (line, _), kind in zip(standing, kinds, strict=True) if line in at)
    missing = {
        line: None
        for (line, _), kind in zip(standing, kinds, strict=True)
        if line not in at and len(line) >= _PARAGRAPH and found[kind] >= _KIND_LEAST
    }
    if sum(map(len, missing)) < _KIND_MISSING * len(text):
        return ""
    whole: list[str] = []
    done = 0
    for line, _ in standing:
        if at.get(line, -1) >= done:
            whole += lines[done : at[line] + 1]
            done = at[line] + 1
        elif line in missing:
            del missing[line]
            whole.append(line)
    return "\n".join(whole + lines[done:])


def _kind(paragraph: LexborNode) -> tuple[tuple[str | None, str], ...]:
    """Tag and class of the elements around a paragraph, the nearest first."""
    kind: list[tuple[str | None, str]] = []
    around = paragraph.parent
    while around is not None and around.tag != "body" and len(kind) < _KIND_DEPTH:
        kind.append((around.tag, around.attributes.get("class") or ""))
        around = around.parent
    return tuple(kind)


def _without_menu(text: str) -> str:
    """The text without a menu before it: many short lines, no sentence among them."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if len(line) >= _PARAGRAPH or line.endswith(tuple(_ENDS))), 0)
    return "\n".join(lines[first:]) if first >= _MENU_LEAST else text


def _until_described_end(text: str, described: str) -> str:
    """The text up to the last paragraph that the page's description of the article has; other stories come below it.

    Only where the description has the text indeed: many are summaries, or cut.
    """
    if len(described) < _DESCRIBED_LEAST * len(text):
        return text
    body, lines = _letters(described), text.split("\n")
    common = [at for at, line in enumerate(lines) if len(line) >= _PARAGRAPH and _letters(line)[:_PARAGRAPH] in body]
    if not common or sum(len(lines[at]) for at in common) < _DESCRIBED * len(described):
        return text
    return "\n".join(lines[: common[-1] + 1])


def _told_once(text: str, tree: LexborHTMLParser) -> str:
    """The text without a second copy that follows the first line by line, in another element of the page."""
    lines = text.split("\n")
    last = len(lines) - 1
    for at in range(last - 1, last // 2 - 1, -1) if last < _MOST_LINES else ():
        first = 2 * at - last + 1
        if lines[at] == lines[last] and first >= 0 and lines[first : at + 1] == lines[at + 1 :]:
            places = {node.parent.mem_id for line, node in standing_in(tree) if line == lines[last] and node.parent}
            twice = len(places) > 1 and sum(map(len, lines[at + 1 :])) >= THIN
            return "\n".join(lines[: at + 1]) if twice else text
    return text


def _letters(text: str) -> str:
    return "".join(_WORD.findall(plain(text)))
