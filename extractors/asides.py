"""Lines of an article that are not part of it: links to other articles, lists of tags, captions, words of the site.

Extraction lets some of them through, and each names places that its article does not talk about.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from extractors.gazetteer.lexicon import ASIDES
from extractors.text import plain

Span = tuple[int, int]
"""[start, end) in normalised text."""

_BULLETS = ' \t>*#[(«"“„•·|▪●►▶→»-⚡❗‼🔴📌👉➡'
_HEADLINE = 160  # characters: a longer line below "Read also" is a paragraph again
_ENDS = ".!?…:;。！？"
_HEADLINES = 12  # lines below one "Read also" that may belong to it
_TAGS = re.compile(r"(?:\s*#[\w'-]+[,;]?){3,}\s*")
_DATE_LINE = re.compile(  # the day on which an article was published, and no more
    r"\W*(?:[^\W\d_]+\W+){0,2}(?:\d{1,2}\.?\s+[^\W\d_]{3,}\.?,?\s+20\d\d|\d{1,2}[./]\d{1,2}[./]20\d\d|20\d\d-\d\d-\d\d)"
    r"(?:\W+(?:[^\W\d_]{1,3}\W+)?\d{1,2}[:.]\d\d)?\W*"
)
_NOTICE = re.compile(  # what the site says to its visitors by a line of its own: of advertising, a player, a newsletter
    r"\W*(?:(?:anzeige|werbung|реклама|advertisement|advertisements|publicite|publicidad|pubblicita|publicidade|reklama"
    r"|publicitate|advertentie|реклама партн[её]рів"
    r"|(?:story|article) continues(?: below(?: (?:this )?(?:ad|advert|advertisement))?)?"
    r"|this (?:video|audio) (?:can ?not|can't|could not) be (?:played|loaded)"
    r"|\d{1,2}:\d\d\s*/\s*\d{1,2}:\d\d"
    r"|(?:view|open|read) this (?:e-?mail|newsletter|message) in (?:your|a) browser)\W*$"
    r"|(?:your browser does not support|ваш браузер не підтримує|ваш браузер не поддерживает"
    r"|ihr browser unterstutzt|votre navigateur ne (?:prend|supporte)|you(?:'re| are) receiving this"
    r"|ви отримали цей лист|вы получили это письмо|sie erhalten diese e-?mail|vous recevez cet)\b"
    r"|subscribe now to keep reading and get access|discover more from [^.!?]{3,60}$"
    r"|(?:підпис(?:уйтес[ья]|уйся)|підпишіться|приєднуйтес[ья]|подпис(?:ывайтесь|ывайся)|подпишитесь|присоединяйтесь"
    r"|(?:стежте|слідкуйте) за|следите за|subscribe to|sign up (?:for|to)|follow|join|folgen sie|abonnieren sie"
    r"|abonnez-vous|suivez|suscribete|siguenos|iscriviti|seguici|obserwuj|subskrybuj|zapisz sie|sledujte|urmareste)\b"
    r".{0,30}\b(?:наш\w*|нас|нами|our|us|unser\w*|uns|nos|nous|notre|nuestr[ao]s?|nostr[aoi]|nas[zi]?\w{0,3}|ne)\b"
    r".{0,60}(?:telegram|телеграм|viber|вайбер|whatsapp|youtube|instagram|facebook|фейсбук|newsletter|розсилк|рассылк"
    r"|google|канал|kanal|canal)"
    r"|(?:підтримайте|поддержите|support|unterstutzen sie|soutenez|apoya|sostieni|wesprzyj|podporte)\b.{0,30}"
    r"\b(?:незалежн\w+ (?:журналіст|меді)|независим\w+ (?:журналист|меди)|independent journalism|unabhangigen journalis"
    r"|journalisme|periodismo|giornalismo|dziennikarstw|zurnalistik|(?:наш\w*|our|unser\w*) (?:редакц|роботу|работу"
    r"|журнал|newsroom|journalism|work|arbeit|journalis)))"
)
_LONGEST = 250  # characters: a longer line is a paragraph, whatever it begins with
_SENTENCE = 60  # characters from which what ends in a full stop is no headline
_MAP = re.compile(r"\W*(?:map|karte|carte|карта|мапа)\s?[:|–—]")
_CAPTION = re.compile(  # a photograph that is posted with these words alone, and no credit
    r"\W*(?:(?:na |на |in |en |sur la |auf dem |nella |pa |op de |la |a |στη )?(?:photo|foto|fotograf|фота?|φωτο"
    r"|фотограф|snim|zdjeci|sli[ck]|снимк|світлин|bild|image|imagen|immagine|imagem|legende|legenda"
    r"|didascalia|pie de foto|video|віде|виде|kep|kuva|pilt|nuotrauk|attel|gorsel|caption|picture|عكس|صورة|תמונה"
    r"|צילום|ფოტო|写真|画像|사진|图片|圖片|图|图说)\w*(?:\s(?:d'|de\s|di\s)?\w+)?)\.?\s?[:：|–—]\s?\S.{39,}"
)
_REPEATED = 20  # characters from which a line that comes again says nothing new


def asides(text: str) -> list[Span]:
    """Where a normalised text turns aside from what it is about, in order."""
    if "\n" not in text and (not _opening(text) or _MAP.match(text) or _CAPTION.match(text)):
        return []  # nothing, or a map or photograph that is posted with these words alone
    spans: list[Span] = []
    lines = text.split("\n")
    position = 0
    for line, beside in zip(lines, _beside(lines), strict=True):
        if beside:
            spans.append((position, position + len(line)))
        position += len(line) + 1
    return spans


def without_asides(text: str) -> str:
    """The text, a paragraph a line, without its asides; all of it where nothing else would be left.

    Only what is surely none of it goes. Lines that come again stay, as recipes and interviews have them, and so does
    a whole sentence behind "Read also".
    """
    lines = text.split("\n")
    found = _beside(plain(text).split("\n"), surely=True)
    kept = [line for line, beside in zip(lines, found, strict=True) if not beside]
    return "\n".join(kept) or text


def _beside(lines: list[str], *, surely: bool = False) -> Iterator[bool]:
    """Of each line of a normalised text, whether it is an aside, or `surely` one."""
    seen: set[str] = set()
    below = 0  # how many more lines may belong to the last opener
    for line in lines:
        bare = line.strip()
        opener = _opening(bare.lstrip(_BULLETS)) if bare and not (surely and len(bare) > _LONGEST) else None
        beside = False
        if opener:
            rest = _rest(bare, opener)
            below = 0 if rest else _HEADLINES
            beside = not (surely and len(rest) >= _SENTENCE and rest[-1] in ".!?")
        elif below and bare and len(bare) <= _HEADLINE and bare[-1] not in _ENDS:
            below -= 1
            beside = True
        elif bare:
            below = 0
            of_site = surely and len(bare) <= _LONGEST and _NOTICE.match(bare) is not None
            dated = surely and len(line) <= _SENTENCE and _DATE_LINE.fullmatch(line) is not None
            beside = of_site or dated or _TAGS.fullmatch(line) is not None or line in seen
            if not surely and len(line) >= _REPEATED:
                seen.add(line)
        yield beside


def blanked(text: str, spans: list[Span]) -> str:
    """The text with spaces in place of its asides."""
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], " " * (end - start))
        done = end
    return "".join((*pieces, text[done:])) if spans else text


def inside(spans: list[Span], position: int) -> bool:
    """Whether a place of the text lies in one of the spans."""
    index = bisect_right(spans, (position, position))
    return any(start <= position < end for start, end in spans[max(0, index - 1) : index + 1])


def _rest(line: str, opener: re.Match[str]) -> str:
    """What stands behind the opener on its line."""
    return line.lstrip(_BULLETS)[opener.end() :].strip(" :|/–—-«»\"'")


def _opening(line: str) -> re.Match[str] | None:
    """The words such as "Read also" that a line begins with."""
    start = line[:1]
    return _opener(start).match(line) if start in _openers() else None


@cache
def _openers() -> dict[str, tuple[list[str], list[str]]]:
    """First letter -> the links and marks that begin with it, the longest first: few of a thousand are tried."""
    lists = tomllib.loads(ASIDES.read_text("utf-8"))
    openers: dict[str, tuple[list[str], list[str]]] = {}
    for number, kind in enumerate(("links", "marks")):
        for word in _longest_first(lists[kind]):
            openers.setdefault(word[0], ([], []))[number].append(re.escape(word))
    return openers


@cache
def _opener(start: str) -> re.Pattern[str]:
    """Compiled when the first line begins so: all at once they take a tenth of a second."""
    of_links, of_marks = map("|".join, _openers()[start])
    kinds = (
        (of_links, rf"(?:{of_links})(?!\w)"),
        (of_marks, rf"(?:{of_marks})\.?\s*(?:[:：|/–—]|-\s|$)"),
    )
    return re.compile("|".join(pattern for words, pattern in kinds if words))


def _longest_first(words: str) -> list[str]:
    return sorted(
        {word.strip() for line in words.split("\n") for word in line.split("|")} - {""}, key=len, reverse=True
    )
