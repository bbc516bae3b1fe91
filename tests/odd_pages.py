"""Odd pages, written before the rules of extraction were looked at: what is to be read of each, or why it cannot be.

Walls of publishers in several languages, live blogs, boxes of all kinds beside an article, addresses and dates that lie.
At first sight 44 of 59 were read so: walls in French, Ukrainian and Russian, locks without schema.org, spinners and logins
were taken for articles, links to other articles stayed in the text, and dates without markup were not read.
"""

from __future__ import annotations

from dataclasses import dataclass

from sectorwatch.errors import Refusal

URL = "https://news.example.com/2026/05/04/story-77"


@dataclass(frozen=True, kw_only=True)
class Odd:
    body: str | bytes
    url: str = URL
    asked: str = ""
    charset: str = "utf-8"
    refused: Refusal | None = None
    has: tuple[str, ...] = ()  # of the text
    lacks: tuple[str, ...] = ()
    title: str = ""
    day: str = ""  # ISO, when it was published
    at: str = ""  # ISO, the moment of it
    modified: str = ""  # ISO
    canonical: str = ""
    author: str = ""
    live: bool | None = None
    feed: str = ""  # the feed's own text
    method: str = ""


UK = (
    "Увечері 4 травня російські війська обстріляли з артилерії Дворічну на Харківщині, поранено двох жителів селища.",
    "За словами старости громади, снаряди влучили у двір приватного будинку та в приміщення колишньої амбулаторії.",
    "Постраждалих доправили до лікарні в Шевченковому, лікарі оцінюють їхній стан як задовільний, сказав староста.",
    "Рятувальники до ночі гасили пожежу на площі двісті квадратних метрів, їм допомагали місцеві добровольці.",
)
RU = (
    "Вечером 4 мая посёлок Двуречная в Харьковской области был обстрелян из артиллерии, ранены двое жителей посёлка.",
    "По словам старосты, снаряды попали во двор частного дома и в здание бывшей амбулатории на соседней улице.",
    "Пострадавших отвезли в больницу в Шевченково, врачи оценивают их состояние как удовлетворительное.",
    "Спасатели до ночи тушили пожар на площади двести квадратных метров, им помогали местные добровольцы.",
)
EN = (
    "Russian artillery shelled the settlement of Dvorichna in the Kharkiv region on the evening of May 4, hurting two.",
    "Shells landed in the yard of a private house and on the former clinic, the head of the community said on Tuesday.",
    "The wounded were taken to a hospital in Shevchenkove, where doctors describe their condition as satisfactory.",
    "Rescuers worked into the night to put out a fire of two hundred square metres, with the help of volunteers.",
)
DE = (
    "Russische Artillerie hat am Abend des 4. Mai die Siedlung Dworitschna im Gebiet Charkiw beschossen, zwei Verletzte.",
    "Granaten schlugen im Hof eines Wohnhauses und in der früheren Ambulanz ein, wie der Vorsteher der Gemeinde sagte.",
    "Die Verletzten kamen in ein Krankenhaus in Schewtschenkowe, ihr Zustand ist nach Angaben der Ärzte stabil.",
    "Die Feuerwehr löschte bis in die Nacht einen Brand auf zweihundert Quadratmetern, Freiwillige halfen dabei mit.",
)
PL = (
    "Wieczorem 4 maja rosyjska artyleria ostrzelała osiedle Dworiczna w obwodzie charkowskim, rannych jest dwoje ludzi.",
    "Pociski spadły na podwórze prywatnego domu i na budynek dawnej przychodni, powiedział starosta tej gminy.",
    "Rannych przewieziono do szpitala w Szewczenkowem, lekarze oceniają ich stan jako zadowalający i stabilny.",
    "Ratownicy do nocy gasili pożar na powierzchni dwustu metrów kwadratowych, pomagali im miejscowi ochotnicy.",
)
FR = (
    "L'artillerie russe a bombardé dans la soirée du 4 mai le bourg de Dvoritchna, dans la région de Kharkiv.",
    "Les obus sont tombés dans la cour d'une maison et sur l'ancien dispensaire, a déclaré le maire de la commune.",
    "Les deux blessés ont été conduits à l'hôpital de Chevtchenkove, leur état est jugé satisfaisant par les médecins.",
    "Les secours ont lutté jusque dans la nuit contre un incendie de deux cents mètres carrés, avec des volontaires.",
)


def ps(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{line}</p>\n" for line in lines)


def doc(body: str, *, head: str = "", title: str = "Shelling of Dvorichna", lang: str = "en") -> str:
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{body}</body></html>"
    )


def ld(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


NAV = (
    "<header><a href='/'>Home</a><nav><ul>"
    + "".join(f"<li><a href='/s/{n}'>Section {n}</a></li>" for n in range(9))
    + "</ul></nav></header>"
)
FOOT = "<footer><p>© 2026 Example News. All rights reserved.</p><a href='/about'>About</a></footer>"


def _dub(lines: tuple[str, ...], box: str, *, lang: str, at: int = 2) -> str:
    """An article with a box between its paragraphs."""
    return doc(f"{NAV}<main><article><h1>H</h1>{ps(lines[:at])}{box}{ps(lines[at:])}</article></main>{FOOT}", lang=lang)


ODD: dict[str, Odd] = {
    # ---- walls
    "a German pay-or-consent wall": Odd(
        body=doc(
            "<div class='cmp'><h1>Willkommen bei der Depesche</h1><p>Um der Nutzung mit Werbung und Cookies zuzustimmen, klicken Sie auf"
            " „Akzeptieren und weiter“. Ihre Einwilligung umfasst die Verarbeitung personenbezogener Daten durch uns und"
            " 183 Partner.</p><p>Details finden Sie in der Datenschutzerklärung. Sie können Ihre Einwilligung jederzeit"
            " im Privacy Center widerrufen.</p><button>Akzeptieren und weiter</button><p>Oder nutzen Sie die Depesche"
            " ohne Tracking im Pur-Abo für 3,99 Euro im Monat.</p><a href='/pur'>Zum Pur-Abo</a></div>",
            lang="de",
            title="Depesche: Zustimmung",
        ),
        refused=Refusal.CONSENT,
    ),
    "a French cookie wall": Odd(
        body=doc(
            "<section><h2>Votre vie privée nous importe</h2><p>Avec votre accord, nous et nos 211 partenaires utilisons"
            " des cookies ou technologies similaires pour stocker et traiter vos données personnelles. Vous pouvez"
            " retirer votre consentement à tout moment dans notre politique de confidentialité.</p>"
            "<p>En acceptant les cookies, vous nous aidez à financer le journal. Les cookies servent au contenu"
            " personnalisé.</p><button>Accepter et fermer</button><button>Refuser et s'abonner</button></section>",
            lang="fr",
            title="Le Journal",
        ),
        refused=Refusal.CONSENT,
    ),
    "a Polish consent wall": Odd(
        body=doc(
            "<div id='rodo'><h1>Szanowny Użytkowniku</h1><p>My i nasi partnerzy przechowujemy pliki cookie i przetwarzamy dane osobowe."
            " Za Twoją zgodą używamy ich do personalizacji reklam. Zgodę można wycofać w polityce prywatności."
            " Nasi zaufani partnerzy to 840 firm.</p><p>Klikając „Przejdź do serwisu” wyrażasz zgodę na cookies.</p>"
            "<a role='button' href='#'>Przejdź do serwisu – zgadzam się</a></div>",
            lang="pl",
            title="Portal",
        ),
        refused=Refusal.CONSENT,
    ),
    "a Ukrainian consent wall": Odd(
        body=doc(
            "<div><h2>Ми цінуємо вашу конфіденційність</h2><p>Ми та наші партнери використовуємо файли cookie, щоб"
            " показувати персоналізовану рекламу. Погоджуючись, ви приймаєте політику конфіденційності. Ви можете"
            " відкликати згоду на використання cookie будь-коли.</p><button>Погоджуюсь</button><button>Відхилити</button></div>",
            lang="uk",
            title="Новини",
        ),
        refused=Refusal.CONSENT,
    ),
    "a Russian consent wall": Odd(
        body=doc(
            "<div><h2>Нам важна ваша приватность</h2><p>Мы и наши партнёры используем файлы cookie и обрабатываем"
            " персональные данные. Продолжая, вы соглашаетесь с политикой конфиденциальности. Согласие на cookie"
            " можно отозвать.</p><button>Принять все</button></div>",
            lang="ru",
            title="Портал",
        ),
        refused=Refusal.CONSENT,
    ),
    "a German paywall without schema.org": Odd(
        body=doc(
            f"{NAV}<article><h1>Beschuss von Dworitschna</h1>{ps(DE[:1])}<div class='offer-box'><h3>Weiterlesen mit Depesche+</h3>"
            "<p>Dieser Artikel ist nur für Abonnenten lesbar.</p><p>Jetzt 4 Wochen für 1 Euro testen</p>"
            "<a href='/abo'>Jetzt abonnieren</a><p>Bereits Abonnent? <a href='/login'>Anmelden</a></p></div></article>{FOOT}",
            lang="de",
        ),
        refused=Refusal.PAYWALL,
        has=(DE[0],),
        lacks=("4 Wochen für 1 Euro",),
    ),
    "a Polish paywall without schema.org": Odd(
        body=doc(
            f"{NAV}<article><h1>Ostrzał Dworicznej</h1>{ps(PL[:1])}<div class='premium'><p>Pozostało 84% tekstu</p>"
            "<p>Ten artykuł jest dostępny tylko dla prenumeratorów. Kup dostęp od 4,90 zł miesięcznie.</p>"
            "<a href='/p'>Kup prenumeratę</a> <a href='/l'>Zaloguj się</a></div></article>{FOOT}",
            lang="pl",
        ),
        refused=Refusal.PAYWALL,
        has=(PL[0],),
    ),
    "a French paywall by schema.org": Odd(
        body=doc(
            f"{NAV}<article><h1>Dvoritchna bombardée</h1>{ps(FR[:1])}<p>Il vous reste 81 % de cet article à lire. La suite est réservée aux abonnés.</p></article>",
            head=ld(
                '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Dvoritchna bombardée","isAccessibleForFree":"False","datePublished":"2026-05-04T21:00:00+02:00"}'
            ),
            lang="fr",
        ),
        refused=Refusal.PAYWALL,
        has=(FR[0],),
        day="2026-05-04",
    ),
    "a Russian paywall without schema.org": Odd(
        body=doc(
            f"{NAV}<article><h1>Обстрел Двуречной</h1>{ps(RU[:1])}<div class='subscribe-wall'><p>Материал доступен только подписчикам</p>"
            "<p>Оформите подписку, чтобы дочитать статью до конца. Уже есть подписка? Войдите.</p></div></article>",
            lang="ru",
        ),
        refused=Refusal.PAYWALL,
        has=(RU[0],),
    ),
    "a Ukrainian paywall without schema.org": Odd(
        body=doc(
            f"{NAV}<article><h1>Обстріл Дворічної</h1>{ps(UK[:1])}<div class='club-only'><p>Цей матеріал доступний лише для передплатників.</p>"
            "<p>Оформіть передплату, щоб читати далі. Вже маєте передплату? Увійдіть.</p></div></article>",
            lang="uk",
        ),
        refused=Refusal.PAYWALL,
        has=(UK[0],),
    ),
    "an article about subscriptions is none": Odd(
        body=doc(
            f"{NAV}<article><h1>Paper goes digital</h1>{ps(EN)}<p>The paper's articles will be available only to subscribers from June, the publisher said.</p>"
            "<p>Subscribe to our newsletter to read more.</p></article>"
        ),
        has=(EN[0], "available only to subscribers from June"),
    ),
    "an article about cookies is none": Odd(
        body=doc(
            "<article><h1>Court rules on cookie banners</h1>"
            + ps(
                (
                    "The court in Luxembourg ruled on Tuesday that a cookie banner must offer a button to refuse consent.",
                    "Consent to cookies is only valid when it is given freely, the judges said of the privacy complaint.",
                    "Publishers said that the ruling on cookies and consent would cost them a third of their income.",
                    "Privacy campaigners welcomed the decision, which took five years and is binding for all of the Union.",
                )
            )
            + "</article><div class='cmp'><button>Accept all</button></div>",
            head="<meta property='og:type' content='article'>",
        ),
        has=("The court in Luxembourg", "Privacy campaigners"),
    ),
    "a shell of React": Odd(
        body="<!doctype html><html><head><title>Обстріл Дворічної | Новини</title><script src='/static/js/main.js'></script></head>"
        "<body><noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>",
        refused=Refusal.SCRIPTS,
    ),
    "a shell of Next with its data": Odd(
        body="<!doctype html><html lang='uk'><head><title>Новини</title></head><body><div id='__next'><div class='spinner'>Завантаження…</div></div>"
        '<script id=\'__NEXT_DATA__\' type=\'application/json\'>{"props":{"pageProps":{"id":77}}}</script></body></html>',
        refused=Refusal.SCRIPTS,
    ),
    "a shell that asks in Ukrainian": Odd(
        body="<html lang='uk'><head><title>Новини</title></head><body><div id='app'></div><noscript>Увімкніть JavaScript, щоб переглянути сторінку."
        "</noscript><script src='/app.js'></script></body></html>",
        refused=Refusal.SCRIPTS,
    ),
    "a check for robots in Ukrainian": Odd(
        body="<html lang='uk'><head><title>Перевірка безпеки</title></head><body><h1>Підтвердьте, що ви людина</h1>"
        "<div class='cf-turnstile'></div><p>news.example.com має перевірити безпеку вашого з'єднання.</p></body></html>",
        refused=Refusal.ROBOT_CHECK,
    ),
    "a check for robots in German": Odd(
        body="<html lang='de'><head><title>Sicherheitsüberprüfung</title></head><body><h1>Sind Sie ein Mensch?</h1>"
        "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind, um fortzufahren.</p><div class='h-captcha' data-sitekey='x'></div></body></html>",
        refused=Refusal.ROBOT_CHECK,
    ),
    "a page that is gone, in Polish": Odd(
        body=doc(
            f"{NAV}<main><h1>Ups! Nie ma takiej strony</h1><p>Strona, której szukasz, została usunięta lub przeniesiona.</p><a href='/'>Strona główna</a></main>",
            title="404 – Portal",
            lang="pl",
        ),
        refused=Refusal.MISSING,
    ),
    "a page that is gone, in Ukrainian": Odd(
        body=doc(
            f"{NAV}<main><h1>Сторінку не знайдено</h1><p>Можливо, її видалили або адресу введено з помилкою.</p></main>",
            title="Новини Слобожанщини",
            lang="uk",
        ),
        refused=Refusal.MISSING,
    ),
    "a PDF behind blank lines": Odd(body=b"\r\n\r\n%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", refused=Refusal.NOT_HTML),
    "an answer of JSON": Odd(body='{"error":"article not available","code":451}', refused=Refusal.NOT_HTML),
    "an RSS feed": Odd(
        body="<?xml version='1.0'?><!-- c --><rss version='2.0'><channel><title>x</title></channel></rss>",
        refused=Refusal.NOT_HTML,
    ),
    "a picture in AVIF": Odd(body=b"\0\0\0 ftypavif\0\0\0\0avifmif1miaf" + bytes(range(256)), refused=Refusal.NOT_HTML),
    # ---- boxes within the article, in eight languages
    "read also, in Ukrainian": Odd(
        body=_dub(UK, "<p><strong>Читайте також:</strong> <a href='/x'>Бахмут: рік потому</a></p>", lang="uk"),
        has=UK,
        lacks=("Бахмут",),
    ),
    "read also, in Russian": Odd(
        body=_dub(
            RU,
            "<div><b>Читайте по теме</b><ul><li><a href='/a'>Взрывы в Бахмуте</a></li><li><a href='/b'>Что с Торецком</a></li></ul></div>",
            lang="ru",
        ),
        has=RU,
        lacks=("Бахмуте", "Торецком"),
    ),
    "read also, in English": Odd(
        body=_dub(EN, "<aside><h4>More on this story</h4><a href='/a'>Bakhmut a year on</a></aside>", lang="en"),
        has=EN,
        lacks=("Bakhmut",),
    ),
    "read also, in German": Odd(
        body=_dub(DE, "<p>Lesen Sie auch: <a href='/a'>Bachmut ein Jahr danach</a></p>", lang="de"),
        has=DE,
        lacks=("Bachmut",),
    ),
    "read also, in Polish": Odd(
        body=_dub(PL, "<p>Zobacz także: <a href='/a'>Bachmut rok po bitwie</a></p>", lang="pl"),
        has=PL,
        lacks=("Bachmut",),
    ),
    "read also, in French": Odd(
        body=_dub(FR, "<p>À lire aussi : <a href='/a'>Bakhmout, un an après</a></p>", lang="fr"),
        has=FR,
        lacks=("Bakhmout",),
    ),
    "captions": Odd(
        body=_dub(
            EN,
            "<figure><img src='/i.jpg' alt='A house'><figcaption>A house in Bakhmut in 2023. Photo: J. Doe/Agency</figcaption></figure>",
            lang="en",
        ),
        has=EN,
        lacks=("Photo: J. Doe",),
    ),
    "a caption in a paragraph": Odd(
        body=_dub(
            UK,
            "<div class='wp-caption'><img src='/i.jpg'><p class='wp-caption-text'>Бахмут. Фото: Ліга</p></div>",
            lang="uk",
        ),
        has=UK,
        lacks=("Фото: Ліга",),
    ),
    "a bar to share by": Odd(
        body=_dub(
            EN,
            "<div class='share'><span>Share</span><a href='#'>Facebook</a><a href='#'>Telegram</a><a href='#'>Copy link</a></div>",
            lang="en",
        ),
        has=EN,
        lacks=("Facebook", "Copy link"),
    ),
    "a box for a newsletter": Odd(
        body=_dub(
            EN,
            "<div class='newsletter'><p>Sign up for our Bakhmut Briefing, a daily newsletter in your inbox.</p><form><input type='email'><button>Sign up</button></form></div>",
            lang="en",
        ),
        has=EN,
        lacks=("Bakhmut Briefing",),
    ),
    "an author's box": Odd(
        body=_dub(EN, "", lang="en", at=4).replace(
            "</article>",
            "<div class='author-bio'><h3>About the author</h3><p>Jane Roe has reported from Bakhmut and Kherson since 2014.</p></div></article>",
        ),
        has=EN,
        lacks=("Jane Roe has reported",),
    ),
    "a list of tags": Odd(
        body=_dub(UK, "", lang="uk", at=4).replace(
            "</article>",
            "<div class='tags'><span>Теги:</span> <a href='/t/1'>Бахмут</a>, <a href='/t/2'>Торецьк</a>, <a href='/t/3'>війна</a></div></article>",
        ),
        has=UK,
        lacks=("Торецьк",),
    ),
    "hashtags at the end": Odd(
        body=_dub(UK, "", lang="uk", at=4).replace("</article>", "<p>#Бахмут #Торецьк #війна #новини</p></article>"),
        has=UK,
    ),
    "comments below": Odd(
        body=_dub(EN, "", lang="en", at=4).replace(
            "</main>",
            "<section id='comments'><h3>3 comments</h3><div class='comment'><p>bob: what about Bakhmut, nobody speaks of it any more these days?</p></div></section></main>",
        ),
        has=EN,
        lacks=("bob:",),
    ),
    "a table of losses": Odd(
        body=_dub(
            EN,
            "<table><tr><th>Place</th><th>Hits</th></tr><tr><td>Dvorichna</td><td>14</td></tr><tr><td>Vilcha</td><td>9</td></tr></table>",
            lang="en",
        ),
        has=(*EN, "Vilcha"),
    ),
    # ---- pages built otherwise
    "text in divs without paragraphs": Odd(
        body=doc(
            f"{NAV}<div class='c'><h1>Обстріл Дворічної</h1><div class='t'>{'<br><br>'.join(UK)}</div></div>{FOOT}",
            lang="uk",
        ),
        has=UK,
    ),
    "an AMP page": Odd(
        body="<!doctype html><html ⚡ lang='uk'><head><meta charset='utf-8'><title>Обстріл Дворічної</title><link rel='canonical' href='https://news.example.com/2026/05/04/story-77'>"
        "<script async src='https://cdn.ampproject.org/v0.js'></script></head><body><amp-sidebar id='s'><ul><li><a href='/'>Головна</a></li></ul></amp-sidebar>"
        f"<article><h1>Обстріл Дворічної</h1><amp-img src='/i.jpg' width=1 height=1></amp-img>{ps(UK)}<amp-ad type='x'></amp-ad></article></body></html>",
        url="https://news.example.com/amp/2026/05/04/story-77",
        has=UK,
        canonical=URL,
    ),
    "a page in windows-1251 that says utf-8": Odd(
        body=doc(f"<article><h1>Обстрел</h1>{ps(RU)}</article>", lang="ru").encode("windows-1251", "replace"),
        has=(RU[0],),
    ),
    "koi8-r by its meta alone": Odd(
        body=doc(f"<article><h1>Обстрел</h1>{ps(RU)}</article>", lang="ru")
        .replace("charset='utf-8'", "charset='koi8-r'")
        .encode("koi8-r", "replace"),
        charset="",
        has=(RU[2],),
    ),
    "iso-8859-2 in Polish": Odd(
        body=doc(f"<article><h1>Ostrzał</h1>{ps(PL)}</article>", lang="pl")
        .replace("charset='utf-8'", "charset='iso-8859-2'")
        .encode("iso-8859-2", "replace"),
        charset="",
        has=PL,
    ),
    # ---- what lies
    "a canonical address of another site": Odd(
        body=doc(
            f"<article><h1>H</h1>{ps(EN)}</article>", head="<link rel='canonical' href='https://evil.example.org/x'>"
        ),
        canonical=URL,
    ),
    "a canonical address that is the front page": Odd(
        body=doc(
            f"<article><h1>H</h1>{ps(EN)}</article>", head="<link rel='canonical' href='https://news.example.com/'>"
        ),
        canonical=URL,
    ),
    "a date of the page's copyright and today's clock": Odd(
        body=doc(
            f"<div class='now'>Saturday, 28 November 2026</div><article><h1>H</h1><time datetime='2026-05-04T19:20:00+03:00'>4 May</time>{ps(EN)}</article>{FOOT}"
        ),
        day="2026-05-04",
    ),
    "a date of the future": Odd(
        body=doc(
            f"<article><h1>H</h1>{ps(EN)}</article>",
            head="<meta property='article:published_time' content='2099-01-01T00:00:00Z'>",
        ),
        has=EN,
    ),
    "a date in Ukrainian words": Odd(
        body=doc(
            f"<article><h1>Обстріл</h1><span class='date'>4 травня 2026, 21:15</span>{ps(UK)}</article>", lang="uk"
        ),
        url="https://news.example.com/77",
        day="2026-05-04",
        has=UK,
        lacks=("21:15",),
    ),
    "a date in the address alone": Odd(body=doc(f"<article><h1>H</h1>{ps(EN)}</article>"), day="2026-05-04"),
    "a date for htmldate": Odd(
        body=doc(f"<article><h1>H</h1><p class='byline'>Posted on May 4, 2026</p>{ps(EN)}</article>"),
        url="https://news.example.com/77",
        day="2026-05-04",
    ),
    "two articles on one page": Odd(
        body=doc(
            f"<main><article><h1>Обстріл Дворічної</h1>{ps(UK)}</article><article><h2>Інше</h2><p>У Бахмуті відкрили виставку, на яку прийшли сотні людей з усього міста.</p></article></main>",
            lang="uk",
        ),
        has=UK,
        lacks=("У Бахмуті відкрили",),
    ),
    "an endless scroll of three": Odd(
        body=doc(
            f"<div class='post' data-id='77'><h1>Обстріл Дворічної</h1><div class='content'>{ps(UK)}</div></div>"
            f"<div class='post' data-id='76'><h1>Виставка</h1><div class='content'>{ps([line.replace('Дворічну', 'Бахмут') for line in UK[::-1]])}</div></div>",
            lang="uk",
        ),
        has=UK,
    ),
    # ---- live
    "a live blog by schema.org": Odd(
        body=doc(
            "<main><h1>War in Ukraine: live</h1><div class='lb'>"
            f"<article id='p2'><time datetime='2026-05-04T20:10:00Z'>20:10</time>{ps(EN[:2])}</article>"
            f"<article id='p1'><time datetime='2026-05-04T18:10:00Z'>18:10</time>{ps(EN[2:])}</article></div></main>",
            head=ld(
                '{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"War in Ukraine: live","datePublished":"2026-05-04T06:00:00Z","liveBlogUpdate":[{"@type":"BlogPosting","headline":"a"}]}'
            ),
        ),
        has=EN,
        live=True,
        title="War in Ukraine: live",
    ),
    "a live blog in a graph": Odd(
        body=doc(
            f"<main><h1>Онлайн</h1><div><p><b>20:10</b> {UK[0]}</p><p><b>18:10</b> {UK[1]}</p><p><b>17:00</b> {UK[2]}</p></div></main>",
            lang="uk",
            head=ld(
                '{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"x"},{"@type":["LiveBlogPosting","NewsArticle"],"headline":"Онлайн","datePublished":"2026-05-04T06:00:00Z"}]}'
            ),
        ),
        has=UK[:3],
        live=True,
    ),
    # ---- feed and page
    "a page thinner than its feed": Odd(
        body=doc(f"{NAV}<article><h1>Обстріл</h1>{ps(UK[:1])}</article>{FOOT}", lang="uk"),
        feed="\n".join(UK),
        has=UK,
        method="feed",
    ),
    "a feed that is a teaser": Odd(
        body=doc(f"{NAV}<article><h1>Обстріл</h1>{ps(UK)}</article>{FOOT}", lang="uk"),
        feed=UK[0][:70] + "…",
        has=UK,
    ),
    "an author in a byline": Odd(
        body=doc(
            f"<article><h1>H</h1><div class='byline'>By <a rel='author' href='/a/roe'>Jane Roe</a></div>{ps(EN)}</article>"
        ),
        author="Jane Roe",
        has=EN,
    ),
    "soft hyphens, word breaks and zero-width spaces": Odd(
        body=doc(
            f"<article><h1>H</h1>{ps([line.replace('Дворічну', 'Дво&shy;річ<wbr>ну&#8203;') for line in UK])}</article>",
            lang="uk",
        ),
        has=UK[1:],
    ),
    "sent to the front page": Odd(
        body=doc(ps(EN)), url="https://news.example.com/", asked=URL, refused=Refusal.MISSING
    ),
    "sent to a page that asks to log in": Odd(
        body=doc(
            "<form action='/login'><h1>Log in to continue</h1><p>Please log in or create a free account to keep reading.</p><input name=u><input type=password name=p><button>Log in</button></form>",
            title="Log in | News",
        ),
        url="https://news.example.com/login?next=/2026/05/04/story-77",
        asked=URL,
        refused=Refusal.FORBIDDEN,
    ),
}
