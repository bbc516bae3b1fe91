"""Pages that stand in an article's way: a check for robots, a consent wall, a paywall, a page that is not there.

Only a page with little text is looked at, and what gives it away is how it is built and what it says of itself. A page
that has its article's text is none of these, whatever else stands in it: most articles come with a consent banner.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from extractors.markup import cut, one_line
from extractors.pages.head import Head
from extractors.text import plain
from sectorwatch.errors import PageRefused, Refusal

REAL = 3_000  # characters: so much text is no wall, for the longest of consent walls have less
_PAGE = 800  # characters of text; checks for robots and pages that say "not found" have less
_TEASER = 1_500  # characters; the beginning of a locked article
_LITTLE = 250  # characters; a page that says less says nothing of its own
_CONSENT_SHARE = 0.04  # of the words; 0.01 is the most in 267 articles
_CONSENT_LEAST = 6  # words
_WHOLE = 0.6  # of the words that the description counts: then the article is there, without its boxes

_ROBOT_CHECK = re.compile(  # at the beginning of a page's title
    r"captcha|just a moment|ddos-guard|are you (?:a )?(?:human|robot)|checking your browser|verify you are human"
    r"|attention required|access denied|please wait|one more step|security check|robot check|bot verification"
    r"|pardon our interruption|один момент|перевірка (?:браузера|безпеки)|проверка (?:браузера|безопасности)"
    r"|ви не робот|вы не робот|доступ (?:заборонено|запрещ[её]н)|nur einen moment|un instant|un momento|jeszcze chwil",
    re.IGNORECASE,
)
_CHALLENGE = (
    "#challenge-form, #challenge-running, #px-captcha, .g-recaptcha, .h-captcha, .cf-turnstile, .smart-captcha,"
    "script[src*='challenge-platform'], script[src*='captcha'], iframe[src*='captcha'], script[src*='ddos-guard'],"
    "iframe[src*='_Incapsula_Resource'], script[src*='_Incapsula_Resource']"
)
_MISSING = re.compile(  # a page's title or heading; "not found" alone may be said of people
    r"^\W*(?:error|помилка|ошибка|fehler|erreur|błąd)?\W*404(?:\W*$|\s*[-–—:|.!]|\s+(?:not found|error|page))"
    r"|\bpage (?:(?:was|is|could|can)?\s?not (?:be )?found|(?:you requested )?does(?:n.t| not) exist)"
    r"|^\W*not found\W*$|\bсторінк\w+ не (?:знайден|існує)|\bстраниц\w+ не (?:найден|существует)"
    r"|\b(?:seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non trovata"
    r"|página não encontrada|strona nie (?:została znaleziona|istnieje)|nie znaleziono strony"
    r"|stránka (?:nebyla )?nenalezena|sayfa bulunamadı)",
    re.IGNORECASE,
)
_OUT_OF_ORDER = re.compile(  # a page's title or heading; such words are no headline by themselves
    r"^\W*(?:error|помилка|ошибка|fehler|erreur|błąd|chyba|errore)?\W*(?:http\W*)?(?:error\W*)?50[0-4]"
    r"(?:\W*$|\W+(?:internal server|bad gateway|service (?:temporarily )?unavailable|gateway time|error\W*$))"
    r"|^\W*(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|database error"
    r"|error establishing a database connection|(?:under|scheduled) maintenance|technical works"
    r"|(?:технічні|технические|профілактичні|профилактические) (?:роботи|работы)"
    r"|сайт (?:тимчасово|временно) (?:недоступ\w+|не працює|не работает)"
    r"|wartungsarbeiten|przerwa techniczna|prace techniczne|site en maintenance|en mantenimiento"
    r"|sito in manutenzione|probíhá údržba)\W*(?:$|[|–—-])",
    re.IGNORECASE,
)
_SENT_ON = re.compile(r"\s*(\d{1,3})?(?:\.\d+)?\s*[;,]\s*url\s*=\s*\S", re.IGNORECASE)
_BEFORE = re.compile(  # the title of a page that stands before the page
    r"^\W*(?:before you continue|bevor sie (?:fortfahren|weitermachen)|avant d['’](?:accéder|continuer)"
    r"|avant de continuer|antes de continuar"
    r"|prima di continuare|zanim przejdziesz|než budete pokračovat|voordat je verdergaat"
    r"|перш ніж продовжити|прежде чем продолжить)",
    re.IGNORECASE,
)
_CONSENT_WORD = re.compile(
    r"cookie|consent|privacy|datenschutz|zustimm|einwillig|confidentialit|privacidad|consentim|personvern|toestemming"
    r"|partner|personalis|personaliz|конфіденційн|конфиденциальн|персональн|прийнят|принят"
    r"|zgod[ayęo]|prywatno|souhlas|soukrom"
)
_CONSENT_BESIDE = re.compile(  # where cookies are spoken of: elsewhere these are words of any news
    r"партн[её]р|персоналізов|персонализ|приватн|погодж|соглаша|согласие|згод[аиую]|partenair|personnalis|publicit|werb"
    r"|publicid|pubblicit|reklam|socios?$|osobni|datos|udaj"
)
_COOKIE = re.compile(r"\b(?:cookie|кук[иі])", re.IGNORECASE)
_AGREE = re.compile(
    r"\b(?:accept|agree|allow all|i consent|zustimmen|akzeptieren|einverstanden|j.accepte|aceptar|accetta|aceitar"
    r"|akkoord|akceptuj|zgadzam|souhlasím|přijmout|прийняти|погоджу|прийма|принять|принима|соглас|kabul)",
    re.IGNORECASE,
)
_CONSENT_PLACE = "form[action*='consent'], iframe[src*='consent'], iframe[src*='privacy-mgmt']"
_CONSENT_URL = re.compile(
    r"^(?:consent|guce|myprivacy|privacy)\.|/(?:consent|privacy-?(?:gate|wall)|cookie-?wall)\b", re.I
)
_LOCK_LEAST = 20  # characters that a lock says
_LOCK = "[class*='paywall'], [id*='paywall'], [class*='regwall'], [id*='regwall']"
_LOCKED_HERE = re.compile(  # said of this very article: others tell of subscriptions, too
    r"\bthis (?:article|story|content|post) is (?:only |exclusively |available |reserved )*(?:for|to) [\w ]{0,20}"
    r"(?:subscribers|members)\b"
    r"|\b(?:subscribe|register|sign (?:in|up)|log in)\b[\w ]{0,30}\bto (?:continue|keep|finish) reading"
    r"(?! and get access to the full archive)"  # WordPress says so below every article
    r"|\bto (?:continue|keep|finish) reading\b.{0,60}\b(?:subscri|sign (?:in|up)|log in|register)"
    r"|\b(?:dieser|diesen|der (?:ganze|vollständige)|den (?:ganzen|vollständigen)) (?:artikel|beitrag|text|inhalt)\b"
    r".{0,60}\b(?:abo(?:nn\w+)?\b|registrier)|\bum weiterzulesen\b|^\W*weiterlesen mit\b"
    r"|\b(?:cet article|la suite)\b.{0,40}\bréservée? (?:aux|à nos) abonn|\bil vous reste \d+\s?% de"
    r"|\bpour lire la suite\b.{0,60}abonn"
    r"|\bpozostało \d+\s?% (?:tekstu|artykułu|treści)|\bten (?:artykuł|tekst|materiał)\b.{0,40}\bdla"
    r" (?:prenumerator|subskrybent|zalogowan|abonent)"
    r"|\b(?:матеріал|текст|стаття|публікація)\b.{0,30}\bдоступн\w+ (?:лише|тільки|виключно)\b[\w ]{0,25}"
    r"\b(?:передплатник|підписник|користувач)|\b(?:щоб|аби) (?:читати далі|дочитати|прочитати повн)"
    r"|\b(?:материал|текст|статья|публикация)\b.{0,30}\bдоступ\w+ (?:только|лишь|исключительно)\b[\w ]{0,25}"
    r"\b(?:подписчик|пользовател)|\bчтобы (?:читать дальше|дочитать|прочитать полн)"
    r"|\b(?:questo|quest[’']) ?(?:articolo|contenuto)\b.{0,30}\b(?:riservato|esclusivo)\b.{0,20}\babbonati"
    r"|\b(?:abbonati|accedi)\b.{0,20}\bper (?:continuare a leggere|leggere (?:tutto|l['’]articolo))"
    r"|\b(?:contenido|artículo|noticia) (?:exclusiv[oa]|reservad[oa]|solo)\b.{0,20}\b(?:suscriptor|socio|abonad)"
    r"|\b(?:suscríbe(?:te|se)|regístrate|inicia sesión)\b.{0,20}\bpara (?:seguir|continuar) leyendo"
    r"|\b(?:conteúdo|artigo|matéria) exclusiv[oa]\b.{0,20}\bassinantes"
    r"|\bassine\b.{0,20}\bpara continuar (?:a ler|lendo)"
    r"|\btento (?:článek|text|obsah)\b.{0,30}\b(?:předplatitel|přihlášen)|\blen pre predplatiteľov\b"
    r"|\bacest (?:articol|conținut)\b.{0,40}\babonați"
    r"|\bdit artikel is (?:alleen|exclusief)\b.{0,20}\b(?:abonnees|leden)\b",
    re.IGNORECASE,
)
_LOCK_LINE = 200  # characters: a longer line is a paragraph
_OFFER = 600  # characters below it: prices, and where to log in
_AT_ONCE = 10  # seconds: a page that stays longer before it sends on is there to be read
_LOG_IN = re.compile(r"/(?:log-?in|sign-?in|sso|anmelden|connexion)\b", re.IGNORECASE)
_LOADING = re.compile(
    r"\W*(?:loading|please wait|завантаж|зачекайте|загруз|подождите|wird geladen|laden|chargement|ładowanie|wczytywanie"
    r"|cargando|caricamento|carregando|načítání)[\w ]{0,30}\W*",
    re.IGNORECASE,
)
_SCRIPTS_SAID = re.compile(r"java ?script", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def refusal_of(tree: LexborHTMLParser, head: Head, text: str, url: str) -> PageRefused | None:
    """Why this text is not the article, or not all of it; None where nothing speaks against it.

    `text` is what was extracted of the page, `url` where it was found.
    """
    if len(text) >= REAL:
        return None
    for check in (_robot_check, _missing, _out_of_order, _consent, _locked, _empty):
        if found := check(tree, head, text, url):
            return found
    return None


def sent_elsewhere(asked: str, url: str) -> PageRefused | None:
    """The refusal of a site that sends whoever asks for an article that it does not have to its front page."""
    if not asked:
        return None
    there, here = urlsplit(asked), urlsplit(url)
    same = (there.hostname or "").removeprefix("www.") == (here.hostname or "").removeprefix("www.")
    if not same or here.path.strip("/") or here.query or not (there.path.strip("/") or there.query):
        return None
    return PageRefused("the site sends to its front page instead: it may not have the page any more", Refusal.MISSING)


def _robot_check(tree: LexborHTMLParser, head: Head, text: str, _url: str) -> PageRefused | None:
    if len(text) >= _PAGE or head.is_article:
        return None
    built_so = len(text) < _LITTLE and tree.css_first(_CHALLENGE) is not None
    if not built_so and not _ROBOT_CHECK.match(head.title):
        return None
    said = f' ("{cut(head.title, 80)}")' if head.title else ""
    words = f"a check for robots instead of the page{said}: the site lets no robot in"
    return PageRefused(words, Refusal.ROBOT_CHECK)


def _missing(_tree: LexborHTMLParser, head: Head, text: str, _url: str) -> PageRefused | None:
    said = next((line for line in (head.title, head.headline) if _MISSING.search(line)), "")
    if not said or len(text) >= _PAGE:
        return None
    return PageRefused(f'the page says that it does not exist ("{cut(said, 80)}")', Refusal.MISSING)


def _out_of_order(_tree: LexborHTMLParser, head: Head, text: str, _url: str) -> PageRefused | None:
    said = next((line for line in (head.title, head.headline) if _OUT_OF_ORDER.search(line)), "")
    if not said or len(text) >= _PAGE or head.is_article:
        return None
    return PageRefused(f'the server answers with an error of its own ("{cut(said, 80)}")', Refusal.UNREACHED)


def _consent(tree: LexborHTMLParser, head: Head, text: str, url: str) -> PageRefused | None:
    """A wall asks to be agreed to, and speaks of nothing else; or its form or address is made for that."""
    if head.is_article:
        return None
    words = _WORD.findall(plain(text).lower())
    kinds = (_CONSENT_WORD, _CONSENT_BESIDE) if _COOKIE.search(text) else (_CONSENT_WORD,)
    about = sum(any(kind.match(word) for kind in kinds) for word in words)
    talks = about >= _CONSENT_LEAST and about >= _CONSENT_SHARE * len(words) and _can_agree(tree)
    parts = urlsplit(url)
    built_so = len(text) < _PAGE and tree.css_first(_CONSENT_PLACE) is not None
    talks = talks or (_BEFORE.match(head.title) is not None and about > 0 and _can_agree(tree))
    if talks or built_so or _CONSENT_URL.search(f"{parts.hostname or ''}{parts.path}"):
        return PageRefused("a consent wall instead of the page: it asks to agree to cookies first", Refusal.CONSENT)
    return None


def _can_agree(tree: LexborHTMLParser) -> bool:
    for node in tree.css("button, a, input[type=submit], input[type=button], [role=button]")[:200]:
        label = one_line(node.text(), markup=False) or (node.attributes.get("value") or "")
        if len(label) <= 60 and _AGREE.search(label):
            return True
    return False


def _locked(tree: LexborHTMLParser, head: Head, text: str, url: str) -> PageRefused | None:
    """The page says that it is not free and gives a beginning, or shows or says a lock in place of the rest."""
    if head.words and len(_WORD.findall(text)) >= _WHOLE * head.words:
        return None
    if len(text) < _PAGE and _LOG_IN.search(urlsplit(url).path) and tree.css_first("input[type=password]"):
        return PageRefused("the site asks to log in instead of giving the page", Refusal.FORBIDDEN)
    shown = len(text) < _PAGE and any(
        _locks(one_line(node.text(), markup=False), text) for node in tree.css(_LOCK)[:20]
    )
    said = before_lock(text) != text
    if (head.locked and len(text) < _TEASER) or shown or said:
        return PageRefused("a paywall: the page gives only a beginning of the article, if any", Refusal.PAYWALL)
    return None


def before_lock(text: str) -> str:
    """The text up to a line that says that the rest is for subscribers, with no more than an offer below it."""
    lines = text.split("\n")
    left = len(text)
    for number, line in enumerate(lines):
        if left <= _OFFER + _LOCK_LINE and len(line) <= _LOCK_LINE and _LOCKED_HERE.search(line):
            return "\n".join(lines[:number])
        left -= len(line) + 1
    return text


def _locks(shown: str, text: str) -> bool:
    """Whether an element stands in an article's place: what it locks is often marked so itself."""
    return len(shown) >= _LOCK_LEAST and max(text.split("\n"), key=len, default="") not in shown


def _empty(tree: LexborHTMLParser, head: Head, text: str, _url: str) -> PageRefused | None:
    """A page with nothing, or no more than the request to switch JavaScript on."""
    said = " ".join(one_line(node.text(), markup=False) for node in tree.css("noscript")[:20])
    asks = _SCRIPTS_SAID.search(text) is not None and len(text) < _LITTLE and not head.is_article
    loads = _LOADING.fullmatch(text) is not None
    if text and not (asks or loads):
        return _nothing_own(tree, head, text)
    if asks or _SCRIPTS_SAID.search(said):
        return PageRefused("the page is drawn by JavaScript, which it asks to be switched on", Refusal.SCRIPTS)
    if tree.css_first("frameset") is not None or (tree.css_first("iframe[src]") and not tree.css_first("script")):
        return PageRefused("the page holds another page in a frame, and no text of its own", Refusal.FRAMES)
    if tree.css_first("script") is not None:
        words = "no readable text in the page, but scripts: it may need JavaScript, or hold pictures only"
        return PageRefused(words, Refusal.SCRIPTS)
    return PageRefused("no readable text in the page: it may hold pictures only", Refusal.NO_TEXT)


def _nothing_own(tree: LexborHTMLParser, head: Head, text: str) -> PageRefused | None:
    """A page that only sends on, or whose text is links, its menu and its footer: a list of articles, or its frame."""
    if head.is_article:
        return None
    for node in tree.css("meta[http-equiv][content]") if len(text) < _LITTLE else ():
        at_once = _SENT_ON.match(node.attributes.get("content") or "")
        if at_once and int(at_once[1] or 0) <= _AT_ONCE and (node.attributes["http-equiv"] or "").lower() == "refresh":
            return PageRefused("the page has no text and sends on to another address", Refusal.NO_TEXT)
    lines = set(text.split("\n")) - {one_line(node.text(separator=" "), markup=False) for node in tree.css("a")[:2_000]}
    frame = " ".join(one_line(node.text(separator=" "), markup=False) for node in tree.css("nav, footer")[:20])
    if any(line not in frame for line in lines):
        return None
    words = "nothing in the page but links, a menu and a footer: at most a list of articles"
    return PageRefused(words, Refusal.NO_TEXT)
