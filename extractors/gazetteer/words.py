"""Forms that the rules would give but that are words, names or better known places where they would stand."""

from __future__ import annotations

_ENGLISH = "marine marines nadia suma terni progres volga alta bok filia maak rim rot sad sadok sir mir mira dob"
_POLISH = (
    "nowe nowy nowa nowego nowym nowych ukrainski ukrainska ukrainskiego ukrainskim stanislaw stanislawa "
    "stanislawowi stanislawem stanislawie sejm sejmu sejmie sejmem sejmowi sady sadu sadem wysokie wysoka czerwone "
    "progresu progresem komar komara zielone szerokie swietle ciche malinowka kalinowka dawydow"
)
_CZECH = (
    "zapadni zapadne zapadneho zapadnim zapadnimu zapadnom zapadna zapadno zapadny vyjimka vyjimky vyjimku vyjimkou "
    "vyjimce siroke sirokeho sirokem visoke vysokeho vysokem vysokym mirne mirneho mirnem mirnym mirnou druzba druzbu "
    "druzby druzbou druzbe druzbi polohu poloh polohou poloze severni severne zelene zeleneho zelenem suche suchy "
    "sadech sadum nadeje nadeji nadejou promene promeny promenu nova noveho novem novym novych pozadi"
)
_OTHERS = (
    "tihe tihi joten jotena nadja seim seimi seimas seimo seime limanak marinas severo severa kirov "
    "kirova kirovi kirovo kirovu "
    "romanov romanova pokrov pokrova pokrovu myrna mirna mirno mirni mirnom mirnim mirnog osokor ivan ivana olga "
    "olgin verba verbe vishna krasna krasno krasne tichy ticho rivne rivni rovne rovno rovni rovna"
)

TAKEN = frozenset(f"{_ENGLISH} {_POLISH} {_CZECH} {_OTHERS}".split())
"""Never a form of what comes with Sectorwatch, unless listed as a name. Folded, as texts are for matching."""

_WORDS_TOO = (
    "kotlina kotliny kotlinu kotlinou kotline kotlinie kotlini kotlinom wilcza wilczy wilcze wilczej sahova sahove "
    "sahovi sahovo sahovu sahovom sahovim sahovog sachova sachove sachovem sachovy sachovou szachowa szachowe "
    "szachowy szachowego szachowym surove surovo majske mayske maiske mayskoye "
    "mayskoe maiskoye majskoje maiskoe volce "
    "olesko narval narvals sumo sumi sumai szumi hirke gorkoe beszede"
)
_NAMES_TOO = (
    "slatina slatine slatini slatinu slatinom slatinas slatinos vilches vilche vilchez zvereva zverevu zverevom "
    "zverevem zwerewa zwerewem zwerewie zwerewu kuzmina kuzmine kuzmini kuzminu kuzminom kuzminem sidorova sidorovi "
    "sidorovu markova markove markovo markovi markovim markovom marina marine marini marino razine razino rasine "
    "rasino petrovce petrovci pokrovce ulanova ulanove makovce romanovka romanovce kovac kovaci"
)
_CYRILLIC = (
    "марина марине марино марину мариной маркова маркову марковым марково разина разину разиным разине зверева "
    "звереву зверевым звереве шахова шахове шахову шахово шаховой веревка веревки веревке веревку волчья волчье "
    "волчьи волчью котлина котлины котлине котлину опытное опытном опытным опытного спорное спорном спорным "
    "ягодное ягодном ягодным приволье привольное майское майским майском майского роскошное липовка рубцы рубцов "
    "рубцах рубца рубцями рубців рубцях рубец терново терновом уланова громова "
    "железнодорожное железнодорожного железнодорожном железнодорожному железнодорожным "
    "залізничного залізничному залізничним сум сумам сумами сумах сумма"
)

_SOUTHERN = "بوكروفسكي بوكروفسكى پوکروفسکی پوکرووسکی سيفيرسكي سیورسکی פוקרובסקי"  # Pokrovsky, Siverskyi
ORDINARY = frozenset(f"{_WORDS_TOO} {_NAMES_TOO} {_CYRILLIC} {_SOUTHERN}".split())
"""Forms of a place with a name of its own that are also words, surnames or better known places elsewhere."""
