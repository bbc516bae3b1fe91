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
    "tihe tihi joten jotena narval narvals nadja seim seimi seimas seimo seime limanak marinas severo severa kirov "
    "kirova kirovi kirovo kirovu "
    "romanov romanova pokrov pokrova pokrovu myrna mirna mirno mirni mirnom mirnim mirnog osokor ivan ivana olga "
    "olgin verba verbe vishna krasna krasno krasne tichy ticho rivne rivni rovne rovno rovni rovna"
)

TAKEN = frozenset(f"{_ENGLISH} {_POLISH} {_CZECH} {_OTHERS}".split())
"""Never a form, unless a definition gives it as a name. Folded, as texts are for matching."""
