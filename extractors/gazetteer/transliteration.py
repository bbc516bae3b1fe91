"""The spellings a Ukrainian or Russian name takes in other alphabets.

Newspapers follow national standards, library standards, habits, or none: Куп'янськ is Kupiansk, Kupyansk, Kupjansk,
Koupiansk, Kupiańsk, Kupjanszk. Each scheme below is one row of letters over a base; the relaxed English ones, which
journalists mix freely, are combined with each other. Everything is lower case and without diacritics or apostrophes,
for that is how texts are matched (`extractors.text.normalise`): Kupiańsk and Kupiansk are one spelling here.

Sources: Cabinet of Ministers resolution 55 of 2010, BGN/PCGN 1965 and 1947, ISO 9, ALA-LC, and the practice of the
German, French, Polish, Czech, Slovak, Croatian, Finnish, Swedish, Hungarian, Romanian, Turkish, Dutch, Spanish press.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from extractors.text import plain


def _letters(alphabet: str, spellings: str) -> dict[str, str]:
    return dict(zip(alphabet, spellings.split(), strict=True))


_UK = (
    _letters(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщюя", "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch iu ia"
    )
    | {"ь": "", "'": ""}
    | {"ы": "y", "э": "e", "ё": "e", "ъ": ""}
)
_RU = (
    _letters("абвгдежзийклмнопрстуфхцчшщыэюя", "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya")
    | {"ъ": "", "ь": ""}
    | {"ё": "e", "'": "", "і": "i", "ї": "i", "є": "e", "ґ": "g"}
)


_Finish = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Scheme:
    tag: str
    base: dict[str, str]
    changes: dict[str, str]
    initial: dict[str, str]  # at the start of a word
    finish: _Finish = ()  # regular expressions applied to the result

    def spell(self, name: str) -> str:
        letters: list[str] = []
        before = " "
        for char in name:
            at_start = not (before.isalpha() or before == "'")
            mapped = self.initial.get(char) if at_start else None
            letters.append(mapped if mapped is not None else self.changes.get(char, self.base.get(char, char)))
            before = char
        spelled = "".join(letters)
        for pattern, replacement in self.finish:
            spelled = re.sub(pattern, replacement, spelled)
        return plain(spelled) if self.tag.endswith("'") else plain(spelled).replace("'", "")

    def keeping(self, name: str) -> str:
        """The same with the apostrophe that some write all the same: Kup'jansk."""
        return self.spell(name.replace("'", _KEPT)).replace(_KEPT, "'")

    def softly(self, name: str) -> str:
        """The same with the sign of the soft letter before its suffix, and no other: Kupyans'k."""
        return self.spell(_SUFFIX.sub(_KEPT, name)).replace(_KEPT, "'")


_SUFFIX = re.compile("(?<=[сцз])ь(?=к)")
_KEPT = "\u02ba"  # stands for an apostrophe that no scheme drops


def _changes(text: str) -> dict[str, str]:
    """A row such as `у=ou ж=j` as a table."""
    return {letter: spelling for letter, _, spelling in (pair.partition("=") for pair in text.split())}


_SOFT_S = ((r"(?<=[aeiouy])s(?=[aeiouy])", "ss"),)
_POLISH = (
    (r"(?<=[bpwmfv])j(?=[aeu])", "i"),
    (r"lj(?=[aeu])", "l"),
    (r"j(?=[ij])", ""),
    (r"(?<=[nscztdr])j(?=[aeu])", "i"),
)
_POLISH_NAMES = (*_POLISH, ("iwk", "owk"), (r"iw\b", "ow"), (r"\bwelyk(?=a|yj)", "wielk"), (r"iwsk", "owsk"))
_POLISH_IE = (*_POLISH, (r"(?:\b|(?<=[aeiouy]))e", "je"), (r"(?<=[bdfgkmnprstwvzh])e", "ie"), (r"aja\b", "a"))
_VOWEL_JE = ((r"(?<=[aeiou])e", "je"), (r"aja\b", "a"))
_VOWEL_E = ((r"(?<=[aeiou])e", "je"),)
_SIGN_J = (("ʹ(?=[aeiou])", "j"), ("ʹ", ""))  # Доброполье: Dobropolje
_SINGLE = tuple((2 * letter, letter) for letter in "lnstzd")  # Baltic languages write no double consonants in names
_PALATAL = (  # Hungarian: di, ti, ni before a soft vowel
    (r"n(?:i|j(?=[aeu]))", "ny@"),
    (r"t(?:i|j(?=[aeu]))", "ty@"),
    (r"d(?:i|j(?=[aeu]))", "gy@"),
    (r"@(?=[aeu])", ""),
    ("@", "i"),
    ("!", "i"),
)  # fmt: skip

# tag, base, letters that differ, letters at the start of a word, finishing touches
_TABLE = (
    ("kmu2010", _UK, "", "є=ye ї=yi й=y ю=yu я=ya", ()),
    ("bgn1965", _UK, "є=ye ї=yi й=y ю=yu я=ya", "", ()),
    ("iso9", _UK, "г=g є=e ж=z и=i і=i ї=i й=j х=h ц=c ч=c ш=s щ=s ю=u я=a", "", ()),
    ("scientific", _UK, "є=je ж=z ї=ji й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja", "", ()),
    ("bgn1965'", _UK, "є=ye ї=yi й=y ю=yu я=ya ь=' '='", "", ()),
    ("scientific'", _UK, "є=je ж=z ї=ji й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja ь=' '='", "", ()),
    ("cs-soft", _UK, "є=je ж=z ї=ji й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja", "", (("(?<=[tdnl])j(?=[aeu])", ""),)),
    ("hr", _UK, "є=je ж=z и=i ї=ji й=j х=h ц=c ч=c ш=s щ=sc ю=ju я=ja", "", ()),
    (
        "hr-l",
        _UK,
        "є=je ж=z и=i ї=ji й=j х=h ц=c ч=c ш=s щ=sc ю=ju я=ja",
        "",
        (("llj", "lj"), ("nnj", "nj"), ("ssj", "sj")),
    ),
    ("de", _UK, "в=w є=je ж=sch з=s ї=ji й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", ()),
    ("de-ss", _UK, "в=w є=je ж=sch ї=ji й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", (*_SOFT_S, ("ij", "i"))),
    ("de-x", _UK, "в=w є=je ж=sch з=s ї=ji й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", (("ks", "x"),)),
    ("fr", _UK, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ю=iou", "", ()),
    ("fr-ss", _UK, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ю=iou", "", _SOFT_S),
    ("pl", _UK, "в=w є=je ж=z ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", "", _POLISH),
    ("pl-o", _UK, "в=w є=je ж=z ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", "", _POLISH_NAMES),
    (
        "pl-kie",
        _UK,
        "в=w є=je ж=z ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja",
        "",
        (*_POLISH, (r"(?<=[sc])ke\b", "kie")),
    ),
    ("pl-j", _UK, "в=w є=je ж=z ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", "", ()),
    ("en-ss", _UK, "є=ye ї=yi й=y ю=yu я=ya", "", _SOFT_S),
    ("fr-y", _UK, "у=ou ж=j й=y ч=tch ш=ch щ=chtch ю=you я=ya", "", ()),
    ("fr-ss-y", _UK, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ю=iou", "я=ya ю=you", _SOFT_S),
    ("ca", _UK, "ж=j є=ie ї=ii й=i ч=tx ш=x щ=sx", "ч=tx я=ia", _SOFT_S),
    ("lt", _UK, "ж=z є=je ї=ji й=j х=ch ц=c ч=c ш=s щ=sc", "я=ja ю=ju", ()),
    ("lt-ia", _UK, "ж=z є=ie ї=ji й=j х=ch ц=c ч=c ш=s щ=sc", "я=ja ю=ju є=je", _SINGLE),
    ("lv", _UK, "ж=z є=je и=i ї=ji й=j х=h ц=c ч=c ш=s щ=sc ю=ju я=ja", "", (("(?<=[ln])j(?=[aeu])", ""),)),
    ("lv-i", _UK, "ж=z є=je и=i ї=ji й=i х=h ц=c ч=c ш=s щ=sc ю=ju я=ja", "", (("(?<=[ln])j(?=[aeu])", ""),)),
    (
        "et",
        _UK,
        "и=o ж=z є=je ї=ji х=hh ц=ts ч=ts ш=s щ=sts ю=ju я=ja",
        "х=h",
        (("(?<![aeiou])hh|hh(?![aeiou])", "h"), *_SOFT_S),
    ),
    ("et-y", _UK, "ж=z є=je ї=ji х=h ц=ts ч=ts ш=s щ=sts ю=ju я=ja", "", _SOFT_S),
    ("es", _UK, "г=g є=ye ї=yi х=j ю=yu я=ya", "", ()),
    ("es-i", _UK, "г=g и=i є=ie ї=i х=j ю=iu я=ia", "", (("ll", "l"), ("nn", "n"))),
    ("es-h", _UK, "и=i є=ie ї=i х=j ю=iu я=ia", "", (("ll", "l"), ("nn", "n"))),
    ("nl", _UK, "у=oe ж=zj є=je ї=ji й=j х=ch ч=tsj ш=sj щ=sjtsj ю=joe я=ja", "", ()),
    ("nl-ia", _UK, "у=oe ж=zj ї=ji й=j х=ch ч=tsj ш=sj щ=sjtsj ю=ioe", "я=ya", ()),
    ("tr-ia", _UK, "ж=j и=i ї=yi й=y х=h ч=c ш=s щ=sc", "", ()),
    ("tr", _UK, "є=ye ж=j и=i ї=yi й=y х=h ч=c ш=s щ=sc ю=yu я=ya", "", ()),
    ("hu", _UK, "є=je ж=zs и=i ї=ji й=j с=sz х=h ц=c ч=cs ш=s щ=scs ю=ju я=ja", "", ()),
    ("hu-ny", _UK, "є=je ж=zs и=! ї=ji й=j с=sz х=h ц=c ч=cs ш=s щ=scs ю=ju я=ja", "", _PALATAL),
    ("az", _UK, "є=ye ж=j и=i ї=yi й=y х=x ц=ts ч=c ш=s щ=sc ю=yu я=ya", "", ()),
    ("ro-e", _UK, "ї=ii х=h ц=t ч=ce ш=s щ=sce ж=j и=i", "", ()),
    ("ro-ea", _UK, "ї=ii х=h ц=t ч=ce ш=s щ=sce ж=j и=i я=ea", "я=ia", ()),
    ("ro", _UK, "ї=ii х=h ц=t ч=ci ш=s щ=sci ж=j и=i", "", ()),
    ("fi", _UK, "є=je ж=z ї=ji х=h ц=ts ч=ts ш=s щ=sts ю=ju я=ja", "", ()),
    ("sv", _UK, "є=je ж=zj ї=ji й=j х=ch ч=tj ш=sj щ=sjtj ю=ju я=ja", "", ()),
    ("fi-sh", _UK, "є=je ж=zh ї=ji х=h ц=ts ч=tsh ш=sh щ=shtsh ю=ju я=ja", "", ()),
)
_RU_TABLE = (
    ("ru", _RU, "", "", ()),
    ("ru-oye", _RU, "", "", ((r"(?<=[aeiouy])e", "ye"),)),
    ("ru-soft", _RU, "ь=ʹ", "", (("ʹ(?=[aeiou])", "y"), ("ʹ", ""))),
    ("ru-soft-j", _RU, "ь=ʹ й=j ю=ju я=ja", "", (("ʹ(?=[aeiou])", "j"), ("ʹ", ""))),
    ("ru-y", _RU, "", "", ((r"[iy]y\b", "y"),)),
    ("ru-yi", _RU, "", "", ((r"yy\b", "yi"),)),
    ("ru-i", _RU, "й=i ю=iu я=ia", "", ()),
    ("ru-iso9", _RU, "ж=z й=j х=h ц=c ч=c ш=s щ=s ю=u я=a", "", ()),
    ("ru-scientific", _RU, "ж=z й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja", "", ()),
    ("ru-hr", _RU, "ж=z й=j х=h ц=c ч=c ш=s щ=sc ю=ju я=ja", "", ()),
    ("ru-de", _RU, "в=w ж=sch з=s й=i х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", ()),
    ("ru-de-ss", _RU, "в=w ж=sch й=i х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", _SOFT_S),
    ("ru-de-j", _RU, "в=w ж=sch з=s й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja", "", ()),
    ("ru-de-je", _RU, "в=w ж=sch з=s й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ё=jo ю=ju я=ja", "", _VOWEL_E),
    ("ru-sv", _RU, "ж=zj й=j х=ch ц=ts ч=tj ш=sj щ=sjtj ю=ju я=ja", "", ()),
    ("ru-soft-i", _RU, "ь=ʹ й=i ю=iu я=ia", "", (("ʹ(?=[aeiou])", "i"), ("ʹ", ""))),
    ("ru-fr-ie", _RU, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ё=io ю=iou я=ia", "", (*_SOFT_S, (r"(?<=[aeo])e", "ie"))),
    ("ru-fr", _RU, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ю=iou я=ia", "", ()),
    ("ru-fr-ss", _RU, "у=ou ж=j й=i ч=tch ш=ch щ=chtch ю=iou я=ia", "я=ya", _SOFT_S),
    ("ru-es", _RU, "х=j й=i", "", ()),
    ("ru-cs", _RU, "ж=z й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja", "", _VOWEL_JE),
    ("ru-cs-j", _RU, "ж=z й=j х=ch ц=c ч=c ш=s щ=sc ю=ju я=ja ь=ʹ", "", (*_VOWEL_JE, *_SIGN_J)),
    ("ru-sr", _RU, "ж=z й=j х=h ц=c ч=c ш=s щ=sc ы=i ю=ju я=ja", "", _VOWEL_JE),
    ("ru-sr-j", _RU, "ж=z й=j х=h ц=c ч=c ш=s щ=sc ы=i ю=ju я=ja ь=ʹ", "", (*_VOWEL_JE, *_SIGN_J)),
    ("ru-pl-ie", _RU, "в=w ж=z й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", "", _POLISH_IE),
    ("ru-pl", _RU, "в=w ж=z й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", "", _POLISH),
    ("ru-nl", _RU, "у=oe ж=zj й=j ч=tsj ш=sj щ=sjtsj ю=joe я=ja", "", ()),
    ("ru-ro", _RU, "ж=j й=i х=h ц=t ч=ce ш=s щ=sce ы=i ю=iu я=ea", "я=ia", ()),
    ("ru-tr", _RU, "ж=j х=h ч=c ш=s щ=sc ы=i", "", ()),
    ("ru-hu-ny", _RU, "ж=zs й=j с=sz х=h ц=c ч=cs ш=s щ=scs ы=! ю=ju я=ja", "", _PALATAL),
    ("ru-hu", _RU, "ж=zs й=j с=sz х=h ц=c ч=cs ш=s щ=scs ы=i ю=ju я=ja", "", ()),
)
_SERBIAN = {
    "лля": "ља",
    "ля": "ља",
    "лю": "љу",
    "ль": "љ",
    "ня": "ња",
    "ню": "њу",
    "нь": "њ",
    "я": "ја",
    "ю": "ју",
    "є": "је",
    "ї": "ји",
    "й": "ј",
    "ь": "",
    "'": "",
    "і": "и",
    "ґ": "г",
    "щ": "шч",
    "ы": "и",
}


def _schemes(rows: tuple[tuple[str, dict[str, str], str, str, _Finish], ...]) -> tuple[_Scheme, ...]:
    return tuple(_Scheme(tag, base, _changes(row), _changes(start), finish) for tag, base, row, start, finish in rows)


_SOFT = (("i", "i"), ("y", "y"), ("y", "i"), ("j", "j"))  # before a vowel; й


def _relaxed() -> tuple[_Scheme, ...]:
    """English newspaper spellings: г h/g, и y/i, х kh/h, soft vowels with i, y or j, in every combination."""
    schemes = []
    for g, y, kh, (soft, short) in product("hg", "yi", ("kh", "h"), _SOFT):
        changes = {
            "г": g,
            "и": y,
            "х": kh,
            "я": f"{soft}a",
            "ю": f"{soft}u",
            "є": f"{soft}e",
            "ї": "yi" if soft == "y" else "i",
        }
        changes["й"] = short
        schemes.append(_Scheme("en", _UK, changes, {}, ((r"(?:yi|ii|iy|yy)\b", "y"),) if soft != "j" else ()))
    return tuple(schemes)


_FROM_UKRAINIAN = _schemes(_TABLE)
_RELAXED = _relaxed()
_FROM_RUSSIAN = _schemes(_RU_TABLE)
_KMU = _FROM_UKRAINIAN[0]
_BY_TAG = {scheme.tag: scheme for scheme in (*_FROM_UKRAINIAN, *_FROM_RUSSIAN)}

PRACTICE: dict[str, tuple[str, ...]] = {
    "pl": ("pl", "pl-o", "ru-pl-ie", "pl-j", "pl-kie", "ru-pl", "kmu2010"),
    "cs": ("scientific", "cs-soft", "ru-cs", "ru-cs-j", "kmu2010"),
    "sk": ("scientific", "cs-soft", "kmu2010", "ru-cs", "ru-cs-j", "ru-i"),
    "hr": ("hr", "hr-l", "ru-sr", "ru-sr-j", "kmu2010"),
    "sl": ("hr", "hr-l", "ru-sr", "ru-sr-j"),
    "lt": ("lt", "lt-ia", "scientific", "kmu2010", "ru-i"),
    "lv": ("hr", "lv", "lv-i", "hr-l", "ru-sr"),
    "fi": ("fi", "fi-sh", "ru-hr", "kmu2010"),
    "et": ("et", "et-y", "kmu2010"),
    "hu": ("hu", "hu-ny", "ru-hu", "ru-hu-ny"),
    "tr": ("kmu2010", "bgn1965", "tr", "tr-ia"),
    "az": ("kmu2010", "bgn1965", "az"),
    "uz": ("bgn1965", "az"),
    "ro": ("kmu2010", "ro", "ro-ea", "ru-ro"),
    "sq": ("kmu2010", "scientific"),
    "sv": ("sv", "ru-sv", "scientific", "kmu2010"),
    "de": ("de", "de-ss", "ru-de-j", "kmu2010"),
    "nl": ("nl", "nl-ia", "kmu2010", "ru-nl"),
}
"""Language -> the schemes its newspapers spell by, the most usual first: that alone for names of villages."""

LEGEND = {
    "kmu2010": "the Ukrainian standard of 2010", "bgn1965": "BGN/PCGN 1965", "iso9": "ISO 9",
    "scientific": "scientific transliteration", "en": "English newspaper habit", "ru": "Russian, BGN/PCGN 1947",
    "hr": "Croatian, Slovene, Latvian practice", "ro-e": "Romanian practice", "et-y": "Estonian practice",
}  # fmt: skip
"""What the tags of schemes mean, where they do not begin with the language they belong to."""


def in_practice(language: str, ukrainian: str, russian: str, only_first: bool = False) -> dict[str, str]:
    """Spelling -> tag of the scheme, as newspapers of `language` spell a name given in Cyrillic."""
    found: dict[str, str] = {}
    for tag in PRACTICE.get(language, ())[: 1 if only_first else None]:
        source = plain(russian if tag.startswith("ru") else ukrainian)
        if source:
            found.setdefault(_BY_TAG[tag].spell(source), tag)
            if "'" in source:
                found.setdefault(_BY_TAG[tag].keeping(source), tag)
    return found


def spelled(tag: str, name: str) -> str:
    """The spelling of a name in Cyrillic by one scheme."""
    return _BY_TAG[tag].spell(plain(name))


def spellings(ukrainian: str = "", russian: str = "") -> dict[str, set[str]]:
    """Latin spelling -> tags of the schemes that give it; both names in Cyrillic, either may be missing."""
    found: dict[str, set[str]] = {}
    for name, schemes in ((ukrainian, (*_FROM_UKRAINIAN, *_RELAXED)), (russian, _FROM_RUSSIAN)):
        source = plain(name)
        for scheme in schemes if source else ():
            found.setdefault(scheme.spell(source), set()).add(scheme.tag)
            if "'" in source:
                found.setdefault(scheme.keeping(source), set()).add(scheme.tag)
    return found


def soft_spellings(ukrainian: str) -> set[str]:
    """Latin spellings that write the soft sign of -ськ as an apostrophe and drop the other one: Kupyans'k."""
    source = plain(ukrainian)
    if not _SUFFIX.search(source):
        return set()
    return {scheme.softly(source) for scheme in (*_FROM_UKRAINIAN, *_RELAXED)}


def official(ukrainian: str) -> str:
    """The spelling of the Ukrainian passport and sign-post standard (2010), folded."""
    return _KMU.spell(plain(ukrainian))


_SOUTH_SLAVIC = {
    "sr": (_SERBIAN, "гх"),  # Хуљајпоље and, by way of Russian, Гуљајпоље
    "mk": ({**_SERBIAN, "ля": "лја", "лю": "лју", "ль": "л", "ня": "нја", "ню": "нју", "нь": "н"}, "гх"),
    "bg": ({"є": "е", "ї": "и", "і": "и", "ьо": "ьо", "ь": "", "'": "", "ґ": "г", "ы": "и", "э": "е", "ё": "ьо"}, "гх"),
}
_RUSSIAN_JE = re.compile("(?<=[аеиоу])е")


def south_slavic(language: str, ukrainian: str, russian: str) -> set[str]:
    """Spellings in Serbian, Macedonian or Bulgarian Cyrillic, from Ukrainian and from Russian."""
    letters, gs = _SOUTH_SLAVIC[language]
    found: set[str] = set()
    for source in {plain(ukrainian), plain(russian)} - {""}:
        if language != "bg" and source == plain(russian):
            source = _RUSSIAN_JE.sub("је", source)
        pattern = re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True)))
        source = re.sub("[иы]й\\b", "и", source)
        for kept in {source, source if language == "bg" else source.replace("'", _KEPT)}:  # Купјанск and Куп'јанск
            written = pattern.sub(lambda match: letters[match[0]], kept).replace(_KEPT, "'")
            found |= {written.replace("г", g) for g in gs}
    return found
