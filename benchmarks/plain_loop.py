"""What people do today: a loop of feedparser, trafilatura's default extraction, and one regular expression of names."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from urllib.request import urlopen

import feedparser
import trafilatura

# Forty names of the front as its news write them: the sectors' towns in three languages, no case forms.
NAMES = (
    "Куп'янськ", "Купянск", "Kupiansk", "Лиман", "Lyman", "Слов'янськ", "Славянск", "Sloviansk", "Краматорськ",
    "Краматорск", "Kramatorsk", "Костянтинівка", "Константиновка", "Kostiantynivka", "Покровськ", "Покровск",
    "Pokrovsk", "Олександрівка", "Александровка", "Oleksandrivka", "Гуляйполе", "Huliaipole", "Оріхів", "Орехов",
    "Orikhiv", "Добропілля", "Доброполье", "Dobropillia", "Вовчанськ", "Волчанск", "Vovchansk", "Торецьк", "Торецк",
    "Toretsk", "Часів Яр", "Часов Яр", "Chasiv Yar", "Сіверськ", "Северск", "Siversk",
)  # fmt: skip
_ANY = re.compile("|".join(map(re.escape, NAMES)))


@dataclass(frozen=True, kw_only=True)
class Looped:
    """What the loop did."""

    articles: int
    found: int  # of them, those that name something
    cpu: float  # seconds


def loop(feeds: list[str]) -> Looped:
    """Reads every article of the feeds, one after the other."""
    articles = found = 0
    began = time.process_time()
    for feed in feeds:
        for entry in feedparser.parse(fetched(feed)).entries:
            text = trafilatura.extract(fetched(entry.link)) or ""
            articles += 1
            found += _ANY.search(f"{entry.title}\n{text}") is not None
    return Looped(articles=articles, found=found, cpu=time.process_time() - began)


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


if __name__ == "__main__":
    done = loop(sys.argv[1:])
    print(done.articles, done.found, done.cpu)
