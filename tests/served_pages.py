"""Pages as news sites serve them, of another kind than `odd_pages`: state, title, moment, and what is in the text.

Written before the rules of extraction were looked at: live blogs, messengers, builders of pages, text in scripts alone,
walls in five more languages, errors that are answered with status 200, several dates. At first sight 38 of 73 were read
so; one was added later. `missed` says why a page is not read as it should.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from tests.odd_pages import FOOT, NAV, Odd, doc, ld, ps


class State(StrEnum):
    """What a reader would call the page."""

    ARTICLE = "article"
    WALL = "wall"  # the article, or most of it, is kept back
    NONE = "none"  # no article at all


@dataclass(frozen=True, kw_only=True)
class Served(Odd):
    url: str = "https://news.example.com/story-771"
    state: State = State.ARTICLE
    once: tuple[str, ...] = ()  # in the text, and not twice
    missed: str = ""


UK = (
    "Уночі проти 12 червня два безпілотники влучили в елеватор поблизу Куп'янська-Вузлового, загорілося зерно.",
    "Начальник районної адміністрації Богдан Сидорчук сказав, що двоє охоронців дістали опіки рук і обличчя.",
    "Пожежу на площі дев'ятсот квадратних метрів гасили одинадцять годин, залучили пожежний потяг із Чугуєва.",
    "Підприємство втратило чотири тисячі тонн пшениці, роботу воно поновить не раніше ніж за місяць.",
    "Прокуратура відкрила провадження за статтею про порушення законів та звичаїв війни, слідчі працюють на місці.",
)
RU = (
    "В ночь на 12 июня два беспилотника попали в элеватор возле Купянска-Узлового, загорелось зерно.",
    "Глава районной администрации Богдан Сидорчук сообщил, что двое охранников получили ожоги рук и лица.",
    "Пожар на площади девятьсот квадратных метров тушили одиннадцать часов, привлекли пожарный поезд из Чугуева.",
    "Предприятие потеряло четыре тысячи тонн пшеницы, работу оно возобновит не раньше чем через месяц.",
    "Прокуратура начала производство по статье о нарушении законов и обычаев войны, следователи работают на месте.",
)
EN = (
    "Two drones hit a grain elevator near Kupiansk-Vuzlovyi in the early hours of June 12 and set the grain on fire.",
    "Two guards suffered burns to their hands and faces, the head of the district, Bohdan Sydorchuk, told reporters.",
    "It took eleven hours and a fire train from Chuhuiv to put out the blaze over nine hundred square metres.",
    "The company lost four thousand tonnes of wheat and does not expect to be back at work within a month.",
    "Prosecutors opened a case over violations of the laws and customs of war, and investigators are at the scene.",
)
DE = (
    "Zwei Drohnen haben in der Nacht zum 12. Juni einen Getreidespeicher bei Kupjansk-Wuslowyj in Brand gesetzt.",
    "Zwei Wachleute erlitten Verbrennungen an Händen und Gesicht, sagte der Chef des Bezirks, Bohdan Sydortschuk.",
    "Elf Stunden dauerte es, bis der Brand auf neunhundert Quadratmetern mit einem Löschzug aus Tschuhujiw gelöscht war.",
    "Der Betrieb verlor viertausend Tonnen Weizen und rechnet nicht damit, binnen eines Monats wieder zu arbeiten.",
    "Die Staatsanwaltschaft ermittelt wegen Verstoßes gegen die Gesetze des Krieges, Ermittler sind vor Ort.",
)
PL = (
    "W nocy na 12 czerwca dwa drony trafiły w elewator zbożowy koło Kupiańska-Wuzłowego i zapaliło się zboże.",
    "Dwóch strażników ma poparzone ręce i twarze, powiedział szef administracji rejonowej Bohdan Sydorczuk.",
    "Pożar na powierzchni dziewięciuset metrów kwadratowych gaszono jedenaście godzin z pomocą pociągu z Czuhujewa.",
    "Zakład stracił cztery tysiące ton pszenicy i nie wznowi pracy wcześniej niż za miesiąc, podano w komunikacie.",
    "Prokuratura wszczęła śledztwo w sprawie naruszenia praw i zwyczajów wojny, na miejscu pracują śledczy.",
)
FR = (
    "Deux drones ont frappé un silo à grains près de Koupiansk-Vouzlovy dans la nuit du 12 juin et mis le feu au blé.",
    "Deux gardiens ont été brûlés aux mains et au visage, a indiqué le chef du district, Bohdan Sydortchouk.",
    "Il a fallu onze heures et un train de pompiers venu de Tchouhouïv pour éteindre l'incendie de neuf cents mètres carrés.",
    "L'entreprise a perdu quatre mille tonnes de blé et ne pense pas reprendre le travail avant un mois.",
    "Le parquet a ouvert une enquête pour violation des lois et coutumes de la guerre, des enquêteurs sont sur place.",
)
ES = (
    "Dos drones alcanzaron un silo de grano cerca de Kupiansk-Vuzlovyi en la madrugada del 12 de junio y lo incendiaron.",
    "Dos vigilantes sufrieron quemaduras en las manos y la cara, dijo el jefe del distrito, Bohdan Sidorchuk.",
    "Hicieron falta once horas y un tren de bomberos de Chuguiv para apagar el fuego de novecientos metros cuadrados.",
    "La empresa perdió cuatro mil toneladas de trigo y no espera volver al trabajo antes de un mes, según informó.",
)
IT = (
    "Due droni hanno colpito un silo di grano vicino a Kupiansk-Vuzlovyi nella notte del 12 giugno e lo hanno incendiato.",
    "Due guardie hanno riportato ustioni alle mani e al volto, ha detto il capo del distretto, Bohdan Sydorchuk.",
    "Ci sono volute undici ore e un treno dei pompieri da Chuhuiv per spegnere il rogo di novecento metri quadrati.",
    "L'azienda ha perso quattromila tonnellate di frumento e non conta di riprendere il lavoro prima di un mese.",
)
CS = (
    "Dva drony v noci na 12. června zasáhly obilné silo u Kupjansku-Vuzlového a zapálily uskladněné obilí.",
    "Dva strážní utrpěli popáleniny rukou a obličeje, řekl novinářům šéf okresní správy Bohdan Sydorčuk.",
    "Požár na ploše devíti set metrů čtverečních hasili jedenáct hodin, pomáhal hasičský vlak z Čuhujivu.",
    "Podnik přišel o čtyři tisíce tun pšenice a práci obnoví nejdříve za měsíc, uvedlo jeho vedení.",
)
RO = (
    "Două drone au lovit un siloz de cereale lângă Kupiansk-Vuzlovîi în noaptea de 12 iunie și au incendiat grâul.",
    "Doi paznici au suferit arsuri la mâini și la față, a declarat șeful raionului, Bohdan Sidorciuk.",
    "A fost nevoie de unsprezece ore și de un tren de pompieri din Ciuhuiv pentru a stinge incendiul de nouă sute de metri.",
    "Compania a pierdut patru mii de tone de grâu și nu se așteaptă să reia lucrul mai devreme de o lună.",
)


def _page(lines: tuple[str, ...], *, lang: str, h1: str = "", under: str = "", head: str = "", title: str = "T") -> str:
    """An article in its usual frame; `under` stands below the headline."""
    h1 = f"<h1>{h1}</h1>" if h1 else ""
    return doc(f"{NAV}<main><article>{h1}{under}{ps(lines)}</article></main>{FOOT}", lang=lang, head=head, title=title)


def _boxed(lines: tuple[str, ...], box: str, *, lang: str, at: int = 2) -> str:
    body = f"<article><h1>Elevator</h1>{ps(lines[:at])}{box}{ps(lines[at:])}</article>"
    return doc(f"{NAV}<main>{body}</main>{FOOT}", lang=lang)


def _news(**more: object) -> str:
    return ld(json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **more}, ensure_ascii=False))


_LIVE = "".join(
    f"<div class='feed-item' id='p{n}'><div class='feed-item__time'>{hour}</div><div class='feed-item__body'>"
    f"<p>{line}</p></div><a class='feed-item__share' href='#p{n}'>Скопіювати посилання</a></div>"
    for n, (hour, line) in enumerate(zip(("21:40", "20:15", "18:52", "17:30", "16:05"), reversed(UK), strict=True))
)
_RELATED = "".join(
    f"<article class='card'><a href='/n/{n}'><h3>Another story number {n} about harvest prices</h3></a>"
    f"<p>Short teaser of the story number {n} that goes on behind the link.</p></article>"
    for n in range(4)
)
_TG_POST = (
    "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message' data-post='chuhuiv_news/4411'>"
    "<a class='tgme_widget_message_owner_name' href='https://t.me/chuhuiv_news'>Чугуїв новини</a>"
    "<div class='tgme_widget_message_text js-message_text' dir='auto'>{text}</div>"
    "<div class='tgme_widget_message_footer'><span class='tgme_widget_message_views'>12.3K</span> views"
    "<a class='tgme_widget_message_date' href='https://t.me/chuhuiv_news/4411'>"
    "<time datetime='2026-06-12T05:41:07+00:00' class='time'>05:41</time></a></div></div></div>"
)
_STATE = json.dumps({"feeds": ["x" * 1000] * 10_000})
_NESTED = "<div class='e'>" * 240

SERVED: dict[str, Served] = {
    # ---- live blogs, messengers, newsletters
    "a live blog of plain divs with hours": Served(
        body=doc(
            f"{NAV}<main><h1>Атака на Харківщину: наживо</h1><div class='feed'>{_LIVE}</div></main>{FOOT}",
            lang="uk",
            title="Наживо | Вісник",
        ),
        title="Атака на Харківщину: наживо",
        has=UK,
        lacks=("Скопіювати посилання",),
    ),
    "a post of a Telegram channel, as its preview": Served(
        url="https://t.me/s/chuhuiv_news/4411",
        body=doc(
            "<header class='tgme_header'><a href='/chuhuiv_news'>Чугуїв новини</a><div>18.2K subscribers</div></header>"
            f"<main class='tgme_main'><section class='tgme_channel_history'>{_TG_POST.format(text='<br/>'.join(UK[:4]))}"
            "</section></main>",
            head="<meta property='og:title' content='Чугуїв новини'><meta property='og:site_name' content='Telegram'>",
            title="Чугуїв новини – Telegram",
            lang="uk",
        ),
        has=UK[:4],
        lacks=("12.3K", "subscribers"),
        at="2026-06-12T05:41:07+00:00",
    ),
    "a short post of Telegram in an embedded page": Served(
        url="https://t.me/chuhuiv_news/4411?embed=1",
        body=doc(_TG_POST.format(text=UK[0]), title="Telegram Widget", lang="en"),
        has=(UK[0],),
        lacks=("12.3K",),
    ),
    "a newsletter as a page": Served(
        body=doc(
            "<table width='600'><tr><td><a href='/v'>View this email in your browser</a></td></tr>"
            f"<tr><td><h1>The Morning Line</h1></td></tr><tr><td>{ps(EN[:3])}</td></tr><tr><td>{ps(EN[3:])}</td></tr>"
            "<tr><td>You are receiving this because you signed up at our website. <a href='/u'>Unsubscribe</a> or "
            "<a href='/p'>update your preferences</a>. Forward this to a friend.</td></tr></table>",
            title="The Morning Line",
        ),
        has=EN,
        lacks=("Unsubscribe", "View this email"),
    ),
    # ---- AMP, builders of pages, printed pages
    "AMP with its own boxes": Served(
        url="https://news.example.com/amp/2026/06/12/elevator",
        body=(
            "<!doctype html><html amp lang='de'><head><meta charset='utf-8'><title>Speicher bei Kupjansk brennt</title>"
            "<link rel='canonical' href='https://news.example.com/2026/06/12/elevator'>"
            "<script async src='https://cdn.ampproject.org/v0.js'></script></head><body>"
            "<amp-consent layout='nodisplay' id='c'><div><p>Wir und unsere Partner verwenden Cookies und andere Technologien,"
            " um Ihnen Werbung zu zeigen. Sie können Ihre Einwilligung widerrufen.</p><button>Zustimmen</button></div></amp-consent>"
            "<amp-sidebar id='s'><ul><li><a href='/politik'>Politik</a></li><li><a href='/sport'>Sport</a></li></ul></amp-sidebar>"
            f"<article><h1>Speicher bei Kupjansk brennt</h1>{ps(DE[:2])}<amp-ad width='300' height='250'></amp-ad>"
            f"<amp-list src='/more.json'><div fallback>Weitere Artikel konnten nicht geladen werden</div></amp-list>{ps(DE[2:])}"
            "</article></body></html>"
        ),
        title="Speicher bei Kupjansk brennt",
        canonical="https://news.example.com/2026/06/12/elevator",
        has=DE,
        lacks=("Cookies", "Weitere Artikel"),
    ),
    "WordPress with Elementor": Served(
        body=doc(
            "<div class='elementor elementor-location-header'><nav><a href='/'>Головна</a><a href='/c'>Контакти</a></nav></div>"
            "<div class='elementor elementor-location-single post-12 post type-post'><section class='elementor-section'>"
            "<div class='elementor-widget-theme-post-title'><h1 class='elementor-heading-title'>Елеватор горів одинадцять годин"
            "</h1></div><div class='elementor-widget-post-info'><span>12 Червня, 2026</span></div>"
            f"<div class='elementor-widget-theme-post-content'><div class='elementor-widget-container'>{ps(UK)}</div></div>"
            "<div class='elementor-widget-posts'><div class='elementor-posts-container'>"
            f"{_RELATED}</div></div></section></div>",
            lang="uk",
            title="Елеватор горів одинадцять годин - Слобідський вісник",
        ),
        title="Елеватор горів одинадцять годин",
        day="2026-06-12",
        has=UK,
        lacks=("Short teaser",),
    ),
    "WordPress with WPBakery and AddToAny": Served(
        body=doc(
            f"{NAV}<div class='td-post-content'><h1 class='entry-title'>Pożar elewatora</h1><div class='vc_row wpb_row'>"
            f"<div class='wpb_column'><div class='wpb_text_column'><div class='wpb_wrapper'>{ps(PL[:3])}</div></div></div></div>"
            "<div class='addtoany_share_save_container'><a href='#'>Facebook</a><a href='#'>Udostępnij</a></div>"
            f"<div class='vc_row wpb_row'><div class='wpb_text_column'>{ps(PL[3:])}</div></div></div>{FOOT}",
            lang="pl",
            title="Pożar elewatora | Gazeta Wschodnia",
        ),
        title="Pożar elewatora",
        has=PL,
        lacks=("Udostępnij",),
    ),
    "a page to be printed": Served(
        url="https://news.example.com/print.php?id=771",
        body=(
            "<html><head><meta charset='utf-8'><title>Версия для печати: Пожар на элеваторе</title></head>"
            "<body onload='window.print()'><table width='100%'><tr><td><b>Слободской вестник</b> / Версия для печати</td></tr>"
            f"<tr><td><h2>Пожар на элеваторе</h2><p>12.06.2026 09:14</p>{'<br><br>'.join(RU)}</td></tr>"
            "<tr><td>Постоянный адрес: https://news.example.com/771</td></tr></table></body></html>"
        ),
        day="2026-06-12",
        has=RU,
    ),
    "old tables and fonts in windows-1251 with a header of Latin-1": Served(
        charset="iso-8859-1",
        body=(
            "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'><title>Пожар на элеваторе</title>"
            "</head><body bgcolor=white><table><tr><td width=150><a href=/>Главная</a><br><a href=/a>Архив</a></td><td>"
            f"<font size=4><b>Пожар на элеваторе</b></font><br><font size=2>{'<br>'.join(RU)}</font></td></tr></table></body></html>"
        ).encode("cp1251"),
        title="Пожар на элеваторе",
        has=RU,
        lacks=("Архив",),
        missed="a menu of two words in the cell beside the text",
    ),
    "koi8-u under a header of windows-1251": Served(
        charset="windows-1251",
        body=(
            "<html lang='uk'><head><meta http-equiv='Content-Type' content='text/html; charset=koi8-u'><title>Пожежа</title></head>"
            f"<body><h1>Пожежа на елеваторі</h1>{ps(UK)}</body></html>"
        ).encode("koi8_u"),
        title="Пожежа на елеваторі",
        has=UK,
    ),
    "utf-16 without a word about it": Served(
        charset="",
        body=_page(EN, lang="en", h1="Grain elevator on fire", title="Grain elevator on fire").encode("utf-16"),
        title="Grain elevator on fire",
        has=EN,
    ),
    "text between line breaks in one div": Served(
        body=doc(
            f"{NAV}<h1>Incendie</h1><div class='txt'>{'<br><br>'.join(FR)}</div>{FOOT}", lang="fr", title="Incendie"
        ),
        has=FR,
    ),
    "240 divs of a builder of pages": Served(
        body=doc(
            f"{NAV}{_NESTED}<h1>Silo in fiamme</h1>{ps(IT)}{'</div>' * 240}{FOOT}", lang="it", title="Silo in fiamme"
        ),
        title="Silo in fiamme",
        has=IT,
    ),
    "a shadow root that the server declares": Served(
        body=doc(
            f"{NAV}<news-article><template shadowrootmode='open'><h1>Elevator burns</h1>{ps(EN)}</template></news-article>{FOOT}",
            title="Elevator burns",
        ),
        title="Elevator burns",
        has=EN,
    ),
    "ten megabytes of state below the article": Served(
        body=doc(
            f"{NAV}<article><h1>Elevator burns</h1>{ps(EN)}</article><script>window.__STATE__={_STATE}</script>",
            title="Elevator burns",
        ),
        title="Elevator burns",
        has=EN,
        lacks=("xxxx",),
    ),
    # ---- text in scripts
    "articleBody of JSON-LD alone": Served(
        body=doc(
            "<div id='app'></div><script src='/app.js'></script>",
            head=_news(
                headline="Пожежа на елеваторі", datePublished="2026-06-12T08:10:00+03:00", articleBody="\n".join(UK)
            ),
            title="Новини",
            lang="uk",
        ),
        title="Пожежа на елеваторі",
        at="2026-06-12T05:10:00+00:00",
        has=UK,
    ),
    "articleBody of JSON-LD with tags in it": Served(
        body=doc(
            "<div id='root'><div class='spinner'></div></div>",
            head=_news(headline="Speicher brennt", datePublished="2026-06-12T05:10:00Z", articleBody=ps(DE)),
            title="Speicher brennt",
            lang="de",
        ),
        title="Speicher brennt",
        has=DE,
        lacks=("<p>",),
    ),
    "the data of Next with the text of the article": Served(
        body=doc(
            "<div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>"
            + json.dumps(
                {
                    "props": {
                        "pageProps": {
                            "article": {
                                "id": 771,
                                "title": "Grain elevator burns for eleven hours",
                                "publishedAt": "2026-06-12T06:30:00Z",
                                "body": [{"type": "paragraph", "text": line} for line in EN],
                            },
                            "menu": [{"title": "Politics", "url": "/p"}],
                        }
                    }
                }
            )
            + "</script>",
            title="Grain elevator burns for eleven hours",
        ),
        title="Grain elevator burns for eleven hours",
        has=EN,
    ),
    "the payload of Nuxt with the text as HTML": Served(
        body=doc(
            "<div id='__nuxt'></div><script type='application/json' id='__NUXT_DATA__' data-ssr='true'>"
            + json.dumps(
                [{"data": 1}, {"article": 2}, {"title": 3, "content": 4}, "Пожар на элеваторе", ps(RU)],
                ensure_ascii=False,
            )
            + "</script>",
            title="Пожар на элеваторе",
            lang="ru",
        ),
        title="Пожар на элеваторе",
        has=RU,
    ),
    "the stream of Next beside what it draws": Served(
        body=doc(
            f"{NAV}<main><h1>Elevator burns</h1>{ps(EN)}</main><script>self.__next_f.push([1,"
            f"{json.dumps(json.dumps({'children': EN}))}])</script>",
            title="Elevator burns",
        ),
        title="Elevator burns",
        once=EN,
    ),
    "the same text for phones and for desks": Served(
        body=doc(
            f"{NAV}<h1>Silo brennt</h1><div class='desktop-only'>{ps(DE)}</div><div class='mobile-only'>{ps(DE)}</div>{FOOT}",
            lang="de",
            title="Silo brennt",
        ),
        once=DE,
    ),
    # ---- walls, consent, robots, errors
    "a metered article that is all there": Served(
        body=_page(
            EN,
            lang="en",
            h1="Elevator burns",
            head=_news(
                headline="Elevator burns",
                isAccessibleForFree=False,
                wordCount=len(" ".join(EN).split()),
                hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": "article"},
            ),
            under="<div class='meter'>You have 2 free articles left this month.</div>",
        ),
        has=EN,
    ),
    "two paragraphs before an English lock": Served(
        body=doc(
            f"{NAV}<article><h1>Elevator burns</h1>{ps(EN[:2])}<div class='gate'><h2>Keep reading with a subscription</h2>"
            "<p>This story is for subscribers only.</p><p>From $1 a week. Cancel any time.</p><a href='/s'>Subscribe now</a>"
            "<p>Already a subscriber? <a href='/l'>Sign in</a></p></div></article>",
            title="Elevator burns",
        ),
        state=State.WALL,
    ),
    "a beginning that JSON-LD calls locked": Served(
        body=_page(
            UK[:1],
            lang="uk",
            h1="Елеватор",
            head=_news(headline="Елеватор", isAccessibleForFree="False", wordCount="640"),
        ),
        state=State.WALL,
    ),
    "an Italian lock": Served(
        body=doc(
            f"{NAV}<article><h1>Silo in fiamme</h1>{ps(IT[:2])}<div><h3>Questo articolo è riservato agli abbonati</h3>"
            "<p>Abbonati per continuare a leggere. 1 € al mese per i primi tre mesi.</p><a href='/a'>Abbonati</a>"
            "<a href='/l'>Sei già abbonato? Accedi</a></div></article>",
            lang="it",
            title="Silo in fiamme",
        ),
        state=State.WALL,
    ),
    "a Spanish lock": Served(
        body=doc(
            f"{NAV}<article><h1>Arde un silo</h1>{ps(ES[:1])}<div><p>Contenido exclusivo para suscriptores</p>"
            "<p>Suscríbete para seguir leyendo</p><a href='/s'>Suscríbete</a><p>¿Ya eres suscriptor? Inicia sesión</p></div></article>",
            lang="es",
            title="Arde un silo",
        ),
        state=State.WALL,
    ),
    "a Czech lock": Served(
        body=doc(
            f"{NAV}<article><h1>Hořící silo</h1>{ps(CS[:1])}<div><p>Tento článek je pouze pro předplatitele</p>"
            "<p>Předplaťte si nás za 99 Kč měsíčně a čtěte bez omezení.</p><a href='/p'>Předplatit</a>"
            "<p>Máte předplatné? Přihlaste se</p></div></article>",
            lang="cs",
            title="Hořící silo",
        ),
        state=State.WALL,
    ),
    "a cookie wall that lies over the article": Served(
        body=doc(
            "<div id='cmp' role='dialog'><h2>We value your privacy</h2><p>We and our 842 partners store and access information on"
            " a device, such as cookies, and process personal data, to serve personalised ads.</p><p>You can withdraw your"
            " consent at any time in our privacy policy.</p><button>Accept all</button><button>Manage options</button></div>"
            f"{NAV}<article><h1>Elevator burns</h1>{ps(EN)}</article>{FOOT}",
            title="Elevator burns",
        ),
        has=EN,
        lacks=("842 partners", "withdraw"),
    ),
    "a page before the page, in English": Served(
        body=doc(
            "<div><h1>Before you continue</h1><p>We use cookies and data to deliver and maintain our services, to track outages and to"
            " measure audience engagement. If you choose to accept all, we will also use cookies to personalise content.</p>"
            "<form action='/save'><button>Reject all</button><button>Accept all</button></form><a href='/more'>More options</a></div>",
            title="Before you continue",
        ),
        state=State.WALL,
    ),
    "a Spanish choice between cookies and money": Served(
        body=doc(
            "<div><h1>Tu privacidad nos importa</h1><p>Nosotros y nuestros 640 socios almacenamos cookies y tratamos datos personales"
            " para mostrar publicidad personalizada. Puedes retirar tu consentimiento en cualquier momento.</p>"
            "<button>Aceptar y continuar gratis</button><button>Rechazar y suscribirse por 2,99 €</button></div>",
            lang="es",
            title="El Diario",
        ),
        state=State.WALL,
    ),
    "a challenge of Cloudflare": Served(
        body=(
            "<!DOCTYPE html><html lang='en-US'><head><title>Just a moment...</title><meta name='robots' content='noindex,nofollow'>"
            "</head><body><div class='main-wrapper'><noscript><div>Enable JavaScript and cookies to continue</div></noscript></div>"
            "<script>(function(){window._cf_chl_opt={cType:'managed'}})();</script></body></html>"
        ),
        state=State.NONE,
    ),
    "access denied by the edge": Served(
        body=(
            "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access"
            ' "http://news.example.com/story" on this server.<P>Reference #18.2ff01702.1781245.4fd01</BODY></HTML>'
        ),
        state=State.NONE,
    ),
    "a puzzle of another company": Served(
        body=doc(
            "<div><p>Please verify that you are a human</p><p>Slide right to secure your access</p>"
            "<p>Why is this verification required? Something about the behaviour of the browser has caught our attention.</p></div>"
            "<script src='https://geo.captcha-delivery.com/captcha/c.js'></script>",
            title="news.example.com",
        ),
        state=State.NONE,
    ),
    "an error of the server in Ukrainian": Served(
        body=doc(
            f"{NAV}<h1>Помилка 500</h1><p>На сервері сталася внутрішня помилка. Ми вже працюємо над її усуненням.</p>"
            f"<p>Спробуйте оновити сторінку пізніше або поверніться на головну.</p>{FOOT}",
            lang="uk",
            title="Помилка 500",
        ),
        state=State.NONE,
    ),
    "works of maintenance in Russian": Served(
        body=doc(
            "<h1>Технические работы</h1><p>Сайт временно недоступен. Приносим извинения за неудобства.</p><p>Зайдите позже.</p>",
            lang="ru",
            title="Технические работы",
        ),
        state=State.NONE,
    ),
    "no database": Served(
        body="<html><head><title>Database Error</title></head><body><h1>Error establishing a database connection</h1></body></html>",
        state=State.NONE,
    ),
    "sent on by meta refresh": Served(
        body=(
            "<html><head><meta http-equiv='refresh' content='0; url=https://news.example.com/'><title>Redirecting</title></head>"
            "<body><p>If you are not redirected automatically, <a href='https://news.example.com/'>click here</a>.</p></body></html>"
        ),
        state=State.NONE,
    ),
    "an article that reloads itself": Served(
        body=_page(EN, lang="en", h1="Elevator burns", head="<meta http-equiv='refresh' content='300'>"),
        has=EN,
    ),
    "a frame of a page and nothing in it": Served(
        body=doc(f"{NAV}<main></main>{FOOT}", title="Example News"), state=State.NONE
    ),
    "a front page of headlines": Served(
        url="https://news.example.com/2026/06/12/removed-story",
        body=doc(
            f"{NAV}<main><h1>Latest news</h1>"
            + "".join(
                f"<div class='teaser'><h2><a href='/n/{n}'>Headline {n} of the day about prices</a></h2></div>"
                for n in range(30)
            )
            + f"</main>{FOOT}",
            title="Latest news | Example",
        ),
        state=State.NONE,
    ),
    # ---- kinds of articles
    "a gallery with its captions": Served(
        body=doc(
            f"{NAV}<article><h1>Elevator after the fire</h1>{ps(EN)}<div class='gallery'>"
            + "".join(
                f"<figure><img src='/{n}.jpg'><figcaption>Photo {n} of 6. Copyright: Agency</figcaption></figure>"
                for n in range(1, 7)
            )
            + "<button>Next photo</button></div></article>",
            title="Elevator after the fire",
        ),
        has=EN,
        lacks=("Next photo", "Photo 3 of 6"),
    ),
    "a film with its transcript": Served(
        body=doc(
            f"{NAV}<main><h1>Fire at the elevator: our reporter at the scene</h1><div class='player'><p>This video can not be played</p>"
            "<button>Play</button><span>0:00 / 3:42</span></div><p>Our reporter spoke to those who fought the fire.</p>"
            f"<section class='transcript'><h2>Transcript</h2>{ps(EN)}</section></main>{FOOT}",
            title="Fire at the elevator: our reporter at the scene",
        ),
        has=EN,
        lacks=("can not be played", "0:00"),
    ),
    "a table of victims by district": Served(
        body=_boxed(
            PL,
            "<table><thead><tr><th>Rejon</th><th>Zabici</th><th>Ranni</th></tr></thead><tbody><tr><td>Kupiański</td><td>3</td><td>14</td>"
            "</tr><tr><td>Czuhujewski</td><td>1</td><td>9</td></tr><tr><td>Iziumski</td><td>0</td><td>5</td></tr></tbody></table>",
            lang="pl",
        ),
        has=(*PL, "Czuhujewski", "Iziumski"),
    ),
    "questions and answers": Served(
        body=doc(
            f"{NAV}<article><h1>«Зерно горить довго»: розмова з пожежником</h1>"
            "<p><strong>— Коли ви приїхали?</strong></p><p>— За двадцять хвилин після виклику.</p>"
            "<p><strong>— Що було найважче?</strong></p><p>— Спека. І те, що дрони верталися.</p>"
            f"<p><strong>— Хто допомагав?</strong></p><p>— {UK[2]}</p><p><strong>— Ви боялися?</strong></p><p>— Так.</p></article>{FOOT}",
            lang="uk",
            title="Розмова з пожежником",
        ),
        has=("Коли ви приїхали?", "За двадцять хвилин після виклику", "Що було найважче?", "Хто допомагав?", "— Так."),
    ),
    "a bulletin of a general staff": Served(
        body=doc(
            f"{NAV}<article><h1>Оперативна інформація станом на 22:00 12.06.2026 щодо російського вторгнення</h1>"
            "<p><b>Слава Україні!</b></p><p>Від початку доби відбулося 138 бойових зіткнень.</p>"
            "<p>На <b>Куп’янському напрямку</b> ворог сім разів атакував у районах Петропавлівки та Піщаного.</p>"
            "<p>На <b>Лиманському напрямку</b> відбито 12 атак.</p><p>На <b>Сіверському напрямку</b> чотири атаки.</p>"
            "<p>На <b>Покровському напрямку</b> зупинено 51 штурм, ще шість боїв тривають.</p>"
            "<p>На <b>Волинському</b> та <b>Поліському напрямках</b> ознак формування угруповань не виявлено.</p>"
            "<p><i>Допоможемо Силам оборони України перемогти – бережімо інформаційну тишу! Разом переможемо!</i></p>"
            f"<p>СЛАВА УКРАЇНІ!</p></article>{FOOT}",
            lang="uk",
            title="Генеральний штаб",
        ),
        has=("Куп’янському напрямку", "відбито 12 атак", "чотири атаки", "зупинено 51 штурм", "Волинському"),
        title="Оперативна інформація станом на 22:00 12.06.2026 щодо російського вторгнення",
    ),
    "the first of three pages": Served(
        body=_boxed(
            EN,
            "",
            lang="en",
        ).replace(
            "</article>",
            "<div class='pager'><span>Page 1 of 3</span> <a href='?p=2'>2</a> <a href='?p=3'>3</a> <a href='?p=2'>Next page</a></div></article>",
        ),
        has=EN,
        lacks=("Next page", "Page 1 of 3"),
    ),
    "a post of X that is quoted": Served(
        body=_boxed(
            EN,
            "<blockquote class='twitter-tweet'><p lang='uk' dir='ltr'>Елеватор догоряє, людей у приміщенні немає, під'їзд перекрито.</p>"
            "&mdash; Bohdan Sydorchuk (@bsydorchuk) <a href='https://twitter.com/bsydorchuk/status/1'>June 12, 2026</a></blockquote>"
            "<script async src='https://platform.twitter.com/widgets.js'></script>",
            lang="en",
        ),
        has=(*EN, "Елеватор догоряє, людей у приміщенні немає"),
    ),
    "a post of Telegram that is quoted": Served(
        body=_boxed(
            RU,
            "<blockquote class='telegram-quote'>«Огонь локализован в 11:40. Движение поездов через узел восстановлено», — "
            "<a href='https://t.me/x/1'>написал</a> Сидорчук в своём канале.</blockquote>",
            lang="ru",
        ),
        has=(*RU, "Огонь локализован в 11:40"),
    ),
    "a first letter by itself": Served(
        body=_page((f"<span class='dropcap'>T</span>{EN[0][1:]}", *EN[1:]), lang="en", h1="Elevator burns"), has=EN
    ),
    # ---- what stands beside the text
    "an aside in an aside": Served(
        body=_boxed(
            EN,
            f"<aside><h3>More on this</h3><aside>{_RELATED}</aside><p>Compiled by our desk for the weekend issue.</p></aside>",
            lang="en",
        ),
        has=EN,
        lacks=("Short teaser", "harvest prices"),
    ),
    "read also, in Spanish": Served(
        body=_boxed(ES, "<p><strong>Lee también:</strong> <a href='/1'>El puerto de Odesa reabre</a></p>", lang="es"),
        has=ES,
        lacks=("puerto de Odesa",),
    ),
    "read also, in Italian": Served(
        body=_boxed(IT, "<p><strong>Leggi anche:</strong> <a href='/1'>Riapre il porto di Odessa</a></p>", lang="it"),
        has=IT,
        lacks=("porto di Odessa",),
    ),
    "read also, in Czech": Served(
        body=_boxed(
            CS, "<p><strong>Čtěte také:</strong> <a href='/1'>Přístav v Oděse znovu otevřen</a></p>", lang="cs"
        ),
        has=CS,
        lacks=("Přístav",),
    ),
    "read also, in Romanian": Served(
        body=_boxed(RO, "<p><strong>Citește și:</strong> <a href='/1'>Portul Odesa se redeschide</a></p>", lang="ro"),
        has=RO,
        lacks=("Portul Odesa",),
    ),
    "words that are hidden": Served(
        body=_boxed(
            EN,
            "<div style='display:none'><p>Cheap tyres in Kupiansk, buy tyres in Kupiansk with delivery to your door today.</p></div>"
            "<p hidden>Template of a paragraph that nobody is to see on this page.</p>"
            "<p style='font-size:0'>Hidden line of keywords: loans, credit, casino, loans.</p>",
            lang="en",
        ),
        has=EN,
        lacks=("tyres", "Template of a paragraph", "casino"),
        missed="trafilatura knows `display:none` alone",
    ),
    "comments that are longer than the article": Served(
        body=doc(
            f"{NAV}<article><h1>Пожар на элеваторе</h1>{ps(RU[:3])}</article><ol class='commentlist'>"
            + "".join(
                f"<li class='comment'><div class='comment-author'>гость {n}</div><div class='comment-body'><p>Уже третий раз за лето"
                f" пишут одно и то же, а страховая так никому и не заплатила за прошлый пожар, запись {n}.</p></div></li>"
                for n in range(25)
            )
            + "</ol>",
            lang="ru",
            title="Пожар на элеваторе",
        ),
        has=RU[:3],
        lacks=("страховая",),
    ),
    "an appeal for money in the text": Served(
        body=_boxed(
            UK,
            "<div class='donate-box'><p>Підтримайте незалежну журналістику: станьте частиною спільноти за 50 гривень на місяць.</p>"
            "<a href='/d'>Підтримати</a></div>",
            lang="uk",
        ),
        has=UK,
        lacks=("50 гривень",),
    ),
    "labels of advertising": Served(
        body=_boxed(DE, "<div>Anzeige</div>", lang="de").replace("</article>", "<p>Anzeige</p></article>"),
        has=DE,
        lacks=("Anzeige",),
    ),
    "subscribe to our channel": Served(
        body=_boxed(
            UK,
            "<p><em>Підписуйтесь на наш <a href='https://t.me/x'>Telegram-канал</a>, щоб не пропустити важливі новини.</em></p>",
            lang="uk",
        ),
        has=UK,
        lacks=("Telegram-канал",),
    ),
    "an offer that WordPress makes below every article": Served(
        body=_boxed(
            EN,
            "<div class='wp-block-jetpack-subscriptions'><p>Discover more from Vuzlovyi Notes</p>"
            "<p>Subscribe now to keep reading and get access to the full archive.</p><a href='/s'>Continue reading</a></div>",
            lang="en",
            at=5,
        ),
        has=EN,
        lacks=("Discover more", "full archive"),
    ),
    "the story continues": Served(
        body=_boxed(EN, "<p>Story continues</p><p>ADVERTISEMENT</p>", lang="en"),
        has=EN,
        lacks=("Story continues", "ADVERTISEMENT"),
    ),
    # ---- dates
    "published and brought up to date, in Ukrainian": Served(
        body=_page(
            UK,
            lang="uk",
            h1="Елеватор",
            under="<div class='dates'>Опубліковано: 12 червня 2026, 23:40 <span>Оновлено: 13 червня 2026, 01:15</span></div>",
        ),
        day="2026-06-12",
    ),
    "brought up to date before published, in German": Served(
        body=_page(
            DE,
            lang="de",
            h1="Speicher",
            under="<p class='meta'>Stand: 13.06.2026, 07:12 Uhr</p><p class='meta'>Veröffentlicht: 12.06.2026, 09:30 Uhr</p>",
        ),
        day="2026-06-12",
    ),
    "published and brought up to date, in Polish": Served(
        body=_page(
            PL,
            lang="pl",
            h1="Elewator",
            under="<div>Aktualizacja: 13.06.2026 08:02</div><div>Opublikowano: 12.06.2026 21:15</div>",
        ),
        day="2026-06-12",
    ),
    "published and brought up to date, in French": Served(
        body=_page(
            FR,
            lang="fr",
            h1="Silo",
            under="<p>Publié le 12 juin 2026 à 22h10, mis à jour le 13 juin 2026 à 06h45</p>",
        ),
        day="2026-06-12",
    ),
    "a late evening in New York": Served(
        body=_page(
            EN,
            lang="en",
            h1="Elevator",
            head="<meta property='article:published_time' content='2026-06-12T22:30:00-04:00'>"
            "<meta property='article:modified_time' content='2026-06-13T08:00:00-04:00'>",
        ),
        at="2026-06-13T02:30:00+00:00",
        modified="2026-06-13T12:00:00+00:00",
    ),
    "the day of an event and that of the article": Served(
        body=_page(
            ("Річниця 24 лютого 2022 року в громаді стала днем пам'яті про тих, хто не повернувся.", *UK[1:]),
            lang="uk",
            h1="Елеватор",
            under="<p>Захід відбудеться 20 червня 2026 року</p><time datetime='2026-06-12T10:00:00+03:00'>12.06, 10:00</time>",
        ),
        at="2026-06-12T07:00:00+00:00",
    ),
    "an hour of Moscow": Served(
        body=_page(RU, lang="ru", h1="Элеватор", under="<div class='date'>12 июня 2026, 23:50 (МСК)</div>"),
        day="2026-06-12",
    ),
    # ---- titles and bylines
    "the name of the site before the title": Served(
        body=_page(
            DE,
            lang="de",
            title="Depesche: Speicher bei Kupjansk brennt",
            head="<meta property='og:site_name' content='Depesche'>",
        ),
        title="Speicher bei Kupjansk brennt",
    ),
    "the name of the site after the title": Served(
        body=_page(
            UK,
            lang="uk",
            title="Елеватор горів одинадцять годин — Слобідський вісник",
            head="<meta property='og:site_name' content='Слобідський вісник'>",
        ),
        title="Елеватор горів одинадцять годин",
    ),
    "a headline for social networks": Served(
        body=_page(
            EN,
            lang="en",
            h1="Drones set grain elevator near Kupiansk-Vuzlovyi on fire",
            title="Drones set grain elevator near Kupiansk-Vuzlovyi on fire | Example",
            head="<meta property='og:title' content='You will not believe how long this fire burned'>",
        ),
        title="Drones set grain elevator near Kupiansk-Vuzlovyi on fire",
        missed="in the truth of public pages og:title is right more often than two others that agree",
    ),
    "a headline that is the logo": Served(
        body=doc(
            f"<h1 class='logo'><a href='/'>Gazeta Wschodnia</a></h1>{NAV}<article><h2>Elewator płonął jedenaście godzin</h2>{ps(PL)}</article>",
            lang="pl",
            title="Elewator płonął jedenaście godzin - Gazeta Wschodnia",
            head="<meta property='og:site_name' content='Gazeta Wschodnia'>",
        ),
        title="Elewator płonął jedenaście godzin",
        has=PL,
    ),
    "a byline below the last line": Served(
        body=_page(
            (*DE, "<span class='author'>Von Jutta Wiesenhain und Per Okkels, Kiew</span>"), lang="de", h1="Speicher"
        ),
        author="Jutta Wiesenhain und Per Okkels, Kiew",
        has=DE,
    ),
    "a canonical address without a host": Served(
        body=_page(EN, lang="en", h1="Elevator", head="<link rel='canonical' href='/2026/06/12/elevator'>"),
        canonical="https://news.example.com/2026/06/12/elevator",
    ),
}
