"""The Russian names that a Ukrainian place name probably has, for names whose Russian form nobody has given.

The pairs are irregular (Кіндрашівка is Кондрашовка), so this is a guess: roots that differ are listed, endings follow
rules, and where a rule leaves two answers both are given. What it gives is looked for at a lower weight.
"""

from __future__ import annotations

import re
from itertools import product

_MOST = 4  # guesses for one name


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    """`Ukrainian~Russian` pairs; `|` between two answers."""
    return tuple((left, right) for left, _, right in (pair.partition("~") for pair in table.split()))


# Roots at the beginning of a word, then anywhere in it: those that letter by letter would come out wrong.
_STARTS = _pairs("""
    олександр~александр олексі~алексе олексан~алексан михайл~михайл микола~никола микіль~николь микит~никит
    катерин~екатерин ганн~анн олен~елен єлизавет~елизавет осип~иосиф йосип~иосиф пилип~филипп північн~северн
    південн~южн західн~западн східн~восточн червон~красн вугле~угле вовч~волч січнев~январск травнев~майск
    жовтнев~октябрьск першотравнев~первомайск велик~велик|больш харк~харьк одрадн~отрадн кам'ян~камен|камян
    огір~огур верхньо~верхне чорно~черно робот~работ терну~терно розл~разл юр'~юрь іллін~ильин комиш~камыш
    рибал~рыбал солодк~сладк козач~казач козацк~казацк лук'ян~лукьян зиб~зыб
""")
_ROOTS = _pairs("""
    костянтин~константин олександр~александр василів~васильев микола~никола загриз~загрыз колодяз~колодез
    кримк~крымк крин~крын риб~рыб глибок~глубок звір~звер запові~запове еконо~эконо іванів~иванов пільс~польс
    борівс~боровс дробиш~дробыш неліп~нелеп печен~печен григор~григорь|григор кременн~кременн слов'ян~славян
    високо~высоко висок~высок покрівс~покровс дніпр~днепр біл~бел ліс~лес річ~реч вір~вер світл~светл світ~свет
    сніг~снег хліб~хлеб сіль~сель сілк~селк вільн~вольн піщ~песч піск~песк кінськ~конск запоріж~запорож нижн~нижн
    гірськ~горск гір~гор ріг~рог рівн~ровн рубіж~рубеж заліз~желез зірк~зорк миргород~миргород сіверс~северс
    надія~надежда міст~мост підл~подл підгор~подгор підд~подд під~под торець~торец оріх~орех горіх~орех мідн~медн
    кіндра~кондра слобід~слобод привіл~привол роздол~раздол роздільн~раздельн розкіш~роскош розсип~рассып
    зміїв~змиев андрі~андре сергі~серге матві~матве тимофі~тимофе дмитр~дмитр максим~максим загір~загор ягідн~ягодн
    спірн~спорн двір~двор діброва~дуброва криниц~криниц млин~мельниц|млин шляхов~шляхов радісн~радостн
    чарівн~чаривн|чарующ степн~степн промінь~луч|проминь
""")
_ENDINGS = tuple(
    (re.compile(f"(?:{ending})$"), result.split("|"))
    for ending, result in _pairs(r"""
    поле~поле (?<=[кгхжчшщц])ий~ий ий~ый|ий ій~ий івске~овское|ивское ска~ская цка~цкая еньке~енькое (?<=[сц])ке~кое
    пілля~полье ілля~илье|олье жжя~жье ччя~чье ття~тье ння~нье лля~лье ддя~дье сся~сье шшя~шье іївка~еевка|иевка
    ївка~евка|ивка (?<=[жчшщц])івка~евка|овка (?<=л)івка~овка|евка івка~овка|евка івці~овцы (?<=[жчшщц])ів~ев|ов
    їв~ев ів~ов|ев|ив (?<=[мплвбс])піль~поль піль~поль іль~оль|ель ріг~рог вате~ватое ове~ово|овое єве~ево
    еве~ево|евое ине~ино|иное їне~ино нє~нее не~ное ке~кое хе~хое ле~лое те~тое ве~вое ова~овая|ова ева~евая|ева
    (?<=[^аеиоуіїєюя])на~ная|на (?:лика)~ликая овець~овец ець~ец зьк~зск ки~ки ги~ги хи~хи (?<=[жчшщц])и~и ці~цы
    ця~ца бик~бык и~ы і~и
""")
)
_WORDS = dict(
    _pairs("""
    велика~великая|большая мала~малая нова~новая стара~старая верхня~верхняя нижня~нижняя середня~средняя
    красна~красная червона~красная біла~белая чорна~чёрная зелена~зеленая глибока~глубокая широка~широкая
    довга~долгая|длинная крива~кривая суха~сухая весела~веселая гола~голая кам'яна~каменная гнила~гнилая
    великі~большие|великие малі~малые нові~новые старі~старые вовча~волчья козача~казачья козацька~казацкая
    степова~степная лісова~лесная сухий~сухой кривий~кривой степовий~степной лісовий~лесной вузловий~узловой
    річка~речка перше~первое перший~первый друге~второе другий~второй третє~третье перша~первая друга~вторая
    клебан~клебан часів~часов попів~попов кучерів~кучеров зелений~зеленый зелене~зелёное степове~степное|степовое
    лозове~лозовое дачне~дачное коса~коса
""")
)
_LETTERS = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": ""})


def russian_guesses(ukrainian: str) -> tuple[str, ...]:
    """Probable Russian spellings of a Ukrainian name, the likeliest first; at most four."""
    parts = re.split(r"([ -])", ukrainian.lower())
    words = [_word(part) if index % 2 == 0 else (part,) for index, part in enumerate(parts)]
    joined = ("".join(choice) for choice in product(*words))
    return tuple(dict.fromkeys(joined))[:_MOST]


def _word(word: str) -> tuple[str, ...]:
    if word in _WORDS:
        return tuple(_WORDS[word].split("|"))
    word = re.sub("(?<=[сцз])ьк", "к", word)
    stems, ends = [""], [""]
    rest = word
    for ending, results in _ENDINGS:
        match = ending.search(rest)
        if match and match.start() > 0:
            rest, ends = rest[: match.start()], results
            break
    for start, result in _STARTS:
        if rest.startswith(start):
            stems, rest = result.split("|"), rest[len(start) :]
            break
        if rest.startswith(f"ново{start}"):
            stems, rest = [f"ново{one}" for one in result.split("|")], rest[len(start) + 4 :]
            break
    for root, result in _ROOTS:
        if root in rest:
            before, _, after = rest.partition(root)
            tails = [_plain(before) + one + _plain(after) for one in result.split("|")]
            break
    else:
        tails = [_plain(rest)]
    return tuple(dict.fromkeys(stem + tail + end for stem in stems for tail in tails for end in ends))


def _plain(text: str) -> str:
    """Letter by letter, as the two alphabets stand for each other most often."""
    return text.replace("ьо", "ё").translate(_LETTERS)
