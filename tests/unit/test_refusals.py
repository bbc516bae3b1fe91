"""Pages that refuse are known for what they are; a page that has its text never is one."""

from __future__ import annotations

import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from extractors.pages.article import extract_article
from sectorwatch.domain import FeedText
from sectorwatch.errors import PageRefused, Refusal

URL = "https://news.example.org/2025/03/hospital"
PAGES = Path(__file__).parents[3] / "shared/data/pages"
LEAD = "Російські війська вночі обстріляли Куп'янськ, пошкоджено лікарню та два житлові будинки, повідомили в області."
STORY = "".join(
    f"<p>{line} Деталі станом на {hour} годину уточнюють.</p>"
    for hour in range(1, 5)
    for line in (LEAD, "За словами головного лікаря, обладнання не постраждало, і вранці відділення приймало хворих.")
)
COOKIES = (
    "<p>We and our 842 partners store and access cookies and other personal data on your device. With your consent our"
    " partners may use precise geolocation. You may accept or refuse, or see our privacy policy and cookie policy.</p>"
    "<p>Your choices are kept in a cookie named consent. Partners may process personal data by legitimate interest.</p>"
)
UA_COOKIES = (
    "<p>Ми та наші партнери зберігаємо файли cookie і персональні дані на вашому пристрої. Натискаючи «Прийняти», ви"
    " погоджуєтесь на обробку персональних даних партнерами відповідно до політики конфіденційності та cookie.</p>"
)


def page(body: str, *, title: str = "Удар по лікарні", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def schema(**described: Any) -> str:
    thing = {"@type": "NewsArticle", "headline": "Удар по лікарні", **described}
    return f"<script type='application/ld+json'>{json.dumps(thing)}</script>"


OG_ARTICLE = "<meta property='og:type' content='article'>"
LOCKED_PART = schema(
    isAccessibleForFree="False", hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".x"}
)
BANNER = "<div class='cookie-banner'><p>We use cookies.</p><button>Accept all</button></div>"
SHELL = "<div id='root'></div><script src='/static/app.3f2.js'></script>"

REFUSED = {
    "a check of the browser": ("robot_check", page("<p>Checking, wait.</p>", title="Just a moment...")),
    "a check in Ukrainian": ("robot_check", page("<p>Зачекайте.</p>", title="Перевірка браузера")),
    "a captcha without a title": ("robot_check", page("<p>Go on.</p><div class='g-recaptcha'></div>", title="")),
    "a challenge script": (
        "robot_check",
        page("<script src='/cdn-cgi/challenge-platform/h/b'></script>", title="news.example.org"),
    ),
    "a locked beginning": ("paywall", page(f"<article><p>{LEAD}</p></article>", head=LOCKED_PART)),
    "a locked beginning by its tier": (
        "paywall",
        page(f"<article><p>{LEAD}</p></article>", head="<meta name='article:content_tier' content='locked'>"),
    ),
    "a third of the words": (
        "paywall",
        page(f"<article><p>{LEAD}</p></article>", head=schema(isAccessibleForFree=False, wordCount=60)),
    ),
    "a lock over the rest": (
        "paywall",
        page(f"<article><p>{LEAD}</p><div class='c-paywall'><p>Передплатіть, щоб читати далі.</p></div></article>"),
    ),
    "consent before the page": ("consent", page(COOKIES + "<button>I accept</button>", title="Before you continue")),
    "consent in Ukrainian": ("consent", page(UA_COOKIES + "<a href='#'>Прийняти все</a>", title="Приклад")),
    "consent by its form": (
        "consent",
        page("<p>Before you go on, choose.</p><form action='https://consent.example.org/save'></form>", title="x"),
    ),
    "an app": ("scripts", page(SHELL)),
    "an app that says so": ("scripts", page(f"<noscript>Please enable JavaScript.</noscript>{SHELL}")),
    "an app that says so in its text": ("scripts", page(f"<p>You need to enable JavaScript to run it.</p>{SHELL}")),
    "a frameset": (
        "frames",
        b"<html><frameset cols='20%,80%'><frame src='a.htm'><frame src='b.htm'></frameset></html>",
    ),
    "a frame": ("frames", page("<iframe src='https://old.example.org/a' width='100%'></iframe>")),
    "pictures": ("no_text", page("<img src='a.png'><img src='b.png'>")),
    "404 with status 200": ("missing", page("<p>Try the search.</p>", title="404 - News")),
    "not found in Ukrainian": ("missing", page("<h1>Сторінку не знайдено</h1><p>Перейдіть на головну.</p>")),
    "not found in German": ("missing", page("<p>Suche</p>", title="Seite nicht gefunden | Zeitung")),
    "a PDF": ("not_html", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 obj"),
    "JSON": ("not_html", b'{"error": "no", "more": "' + b"words " * 90 + b'"}'),
    "nothing": ("empty", b" \r\n"),
}

READ = {
    "an article behind a banner": page(f"<article>{STORY}</article>{BANNER}{COOKIES}<button>Accept</button>"),
    "a short item behind a banner": page(f"<article><p>{LEAD}</p></article>{BANNER}", head=OG_ARTICLE),
    "an item of one sentence": page(f"<nav>Головна</nav><p>{LEAD}</p><script>x()</script>"),
    "a whole article that is not free": page(f"<article>{STORY}{STORY}</article>", head=LOCKED_PART),
    "a short one with all its words": page(
        f"<article><p>{LEAD}</p></article>", head=schema(isAccessibleForFree=False, wordCount=14)
    ),
    "a free one that offers a subscription": page(
        f"<article>{STORY}</article><div class='paywall-offer'><p>Передплатіть наше видання вже сьогодні.</p></div>"
    ),
    "a short one in an element for subscribers": page(f"<article><div class='paywall'><p>{LEAD}</p></div></article>"),
    "people who were not found": page(f"<article><p>{LEAD}</p></article>", title="Рибалок не знайдено"),
    "404 tanks": page(f"<article><p>{LEAD}</p></article>", title="404 танки за місяць"),
    "a captcha in the comments": page(f"<article>{STORY}</article><div class='g-recaptcha'></div>"),
    "about captchas": page(f"<article>{STORY}</article>", title="Captcha: why sites ask"),
    "about cookies": page(f"<article>{STORY}{COOKIES}</article><button>Accept</button>", head=OG_ARTICLE),
    "a long one about cookies": page(f"<article><p>{LEAD}</p>{COOKIES * 12}</article><button>Accept</button>"),
    "about JavaScript": page(f"<article>{STORY}<p>JavaScript.</p></article><noscript>JavaScript is off.</noscript>"),
    "an article with a frame": page(f"<article><p>{LEAD}</p><iframe src='https://video.example'></iframe></article>"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_refuses_is_called_by_its_name(name: str) -> None:
    """Nothing of a wall becomes the article; of a locked one its beginning is taken."""
    refusal, body = REFUSED[name]
    if refusal == Refusal.PAYWALL:
        article = extract_article(body, url=URL)
        assert article.refusal is Refusal.PAYWALL
        assert article.text.startswith(LEAD)
        return
    with pytest.raises(PageRefused) as caught:
        extract_article(body, url=URL)
    assert caught.value.refusal == refusal
    crossed = pickle.loads(pickle.dumps(caught.value))
    assert (str(crossed), crossed.refusal) == (str(caught.value), refusal)


@pytest.mark.parametrize("name", READ)
def test_a_page_with_its_text_is_no_wall(name: str) -> None:
    """Banners, captchas, offers and words about them are on most pages."""
    article = extract_article(READ[name], url=URL)
    assert article.refusal is None
    assert article.text.startswith(LEAD)


@pytest.mark.parametrize(
    ("asked", "url", "front"),
    [
        (URL, "https://news.example.org/", True),
        ("https://www.example.org/?p=7", "https://example.org", True),
        (URL, "https://news.example.org/uk/2025/hospital", False),
        (URL, "https://news.example.org/?p=7", False),
        ("https://example.org/hospital", "https://hospital.example.org/", False),
        ("https://news.example.org/", "https://news.example.org/", False),
        ("", "https://news.example.org/", False),
    ],
)
def test_a_site_that_sends_to_its_front_page_does_not_have_the_article(asked: str, url: str, front: bool) -> None:
    """What stands on the front page is other news."""
    body = page(f"<article>{STORY}</article>")
    if front:
        with pytest.raises(PageRefused, match="front page") as caught:
            extract_article(body, url=url, asked=asked)
        assert caught.value.refusal is Refusal.MISSING
    else:
        assert extract_article(body, url=url, asked=asked).refusal is None


def test_a_locked_article_is_read_from_a_feed_that_has_it() -> None:
    """The page still counts as locked: it is tried again."""
    told = FeedText(title="t", summary="", content=STORY, language="uk", published_at=None)
    article = extract_article(REFUSED["a locked beginning"][1], url=URL, feed=told)
    assert (article.method, article.refusal) == ("feed", Refusal.PAYWALL)
    assert len(article.text) > len(LEAD)


@pytest.mark.full
@pytest.mark.skipif(not PAGES.is_dir(), reason="needs ../shared/data/pages")
def test_of_real_pages_only_a_locked_one_is_called_so() -> None:
    """No false wall among 267 articles; the one that names itself locked ends in the middle, by its truth too."""
    refused = {}
    for file in sorted(PAGES.rglob("*.html.gz")):
        try:
            article = extract_article(gzip.decompress(file.read_bytes()))
        except PageRefused as error:
            refused[file.name[:5]] = error.refusal
        else:
            if article.refusal is not None:
                refused[file.name[:5]] = article.refusal
    assert refused == {"7ab16": Refusal.PAYWALL}
