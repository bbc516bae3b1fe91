"""Where somebody was born or comes from: a town at peace, as long as nothing around it tells of the war.

"Né à Soledar, il sculpte le sel" is no news of the front.
"""

from __future__ import annotations

import re

_REACH = 40  # characters before and after
_BEFORE = re.compile(
    r"\b(?:born (?:and (?:raised|bred) )?in|natives? of|grew up in|raised in|hail(?:s|ed|ing)? from"
    r"|c[oa]mes? from|coming from"
    r"|originally from|hometown of|childhood in|(?:son|daughter) of"
    r"|geboren(?:e[rnms]?)? in|stamm(?:t|te|en|ten) aus|aufgewachsen(?:e[rn]?)? in|geburtig(?:e[rn]?)? (?:aus"
    r"|in)|komm(?:t|en) aus"
    r"|kindheit in|heimat(?:stadt)?"
    r"|nee?s? a|originaires? de|nati(?:f|ve)s? de|grandie? a|(?:vien|ven)\w+ de|venue? de|enfance a|issue? de"
    r"|nacid[oa]s? en|nacio en|natural(?:es)? de|originari[oa]s? de|oriund[oa]s? de|crecio en|criad[oa] en"
    r"|(?:vino|venia|viene) de"
    r"|procedentes? de|infancia en"
    r"|nat[oaie] a|originari[oaie] di|cresciut[oaie] a|(?:viene|veniva|vengono|proviene|proveniva"
    r"|proveniente) da|infanzia a"
    r"|nascid[oa]s? em|nasceu em|naturais de|cresceu em|(?:veio|vinha|vem) de|infancia em"
    r"|nascut[ai]? (?:in|la)|s-a nascut (?:in|la)|originar[ai]? din|(?:vine|venea|provine|provenea) din"
    r"|crescut[ai]? (?:in|la)"
    r"|nascud[ao]s? a|va neixer a|originari[ao]? de|prove de"
    r"|afkomstig uit|groeide op in|opgegroeid in|kom(?:t|en) uit|kwam(?:en)? uit|jeugd in"
    r"|fodd i|fodt i|(?:kommer|kom) fr(?:an|a)|vaxte upp i|uppvuxen i|vokste op(?:p)? i|opvokset i|oppvokst i"
    r"|h?arstammar fran"
    r"|stammer fra|stammar fran|barndom i"
    r"|urodzon\w+ w|urodzil\w* sie w|pochodz\w+ z|wychowa\w+ (?:sie )?w|rodem z|dorasta\w+ w|dziecinstw\w+ w"
    r"|narozen\w* v|narodil\w* s[ea] v|(?:pochaz|pochadz)\w+ z|rod[ae]k z|vyrost\w* v|vyrast\w+ v|detstv\w+ v"
    r"|ro[dđ]en\w* [uv]|p(?:or|odr)ijeklom iz|poreklom iz|rodom iz|odrast\w+ u|potjece iz|potice iz|izvira iz"
    r"|рођен\w* у|пореклом из|родом из|одраст\w+ у"
    r"|народ[иж]\w+ (?:у|в|на)|родом (?:з|із|зі|от|од)|вирос\w* (?:у|в)|виріс (?:у|в)|походить (?:з|із|зі)"
    r"|дитинств\w+ (?:у|в)"
    r"|уродж?ен[еи]?[цк]\w*|уродже?нец\w*|уроджен(?:ець|к\w+|ц\w+)|урожен(?:ец|к\w+|ц\w+)"
    r"|роди\w+ в|вырос\w* в|детств\w+ в|происходит из|нарадзі\w+ (?:ў|у|в)|роден\w* во?|израсн\w+ в|произхожда от"
    r"|γεννηθηκε στ\w*|γεννημεν\w+ στ\w*|καταγ\w+ απο(?: τ\w+)?|μεγαλωσε στ\w*"
    r"|dzim\w+|nak\w* no|augus\w+|gim\w+|kil\w+ is|uzaug\w+|syntyi|syntynyt|kotoisin|lahtoisin|kasvoi|varttui"
    r"|sundi\w*|parit"
    r")\s(?:the |der |la |le |el |lo )?$"
    r"|(?:נולד\w*|יליד\w*|גדל\w*)\s?[בו]?-?$|(?:ولد\w*|نشأ\w*|ترعرع\w*) في\s$|(?:مواليد|أصله من|ينحدر من"
    r"|تنحدر من)\s(?:مدينة )?$"
    r"|(?:متولد|زاده|اهل)\s(?:شهر )?$|(?:出生于|出生於|出生在|生于|生於|来自|來自)$|დაიბადა\s$"
)
_LAST = frozenset(  # what the words before end with: told much faster than the words themselves
    {
        "in", "of", "from", "aus", "a", "de", "en", "di", "da", "em", "la", "din", "uit", "i", "fran", "fra", "w", "z",
        "ze", "v", "s", "u", "iz", "is", "у", "в", "на", "з", "із", "зі", "од", "от", "из", "во", "ў", "to", "od", "no",
        "the", "der", "le", "el", "lo", "heimat", "heimatstadt", "parit",
    }
)  # fmt: skip
_WORDS = ("урод", "урож", "роден", "dzim", "nak", "augus", "gim", "synt", "koto", "lahto", "kasv", "vart", "sund")
_OTHER_SCRIPTS = re.compile(r"[^\x00-\u024f\u0400-\u04ff]")
_WORD_REACH = 20
_BEHIND = re.compile(
    r"['’]?d[ae]n?\s(?:dogdu|dogan|dogma|dogumlu|buyu\w+|gelen)|['’]?(?:li|lu)\b"
    r"|\s(?:dogumlu|szuletett|szarmaz\w+|nott fel|nevelkedett|aufgewachsen|geboren|syntynyt|syntyi|kotoisin"
    r"|lahtoisin|kasvanut"
    r"|sundi\w+|parit|dzim\w+|gim\w+|kil\w+|dogdu|buyudu)\b"
    r"|(?:市|町)?(?:で生まれ|に生まれ|出身|生まれ|出生|で育)|(?:에서)? ?(?:태어\w+|출신|태생|자라\w*|자란)"
    r"|\s(?:დაიბად\w+|გაიზარდ\w+)"
)


def of_a_birth(text: str, start: int, end: int) -> bool:
    """Whether somebody is said to be born in, or to come from, the place named at [start, end) of normalised text."""
    if _BEHIND.match(text, end, end + _REACH):
        return True
    last = text[max(0, start - _WORD_REACH) : start].rstrip().rpartition(" ")[2]
    if last not in _LAST and not last.startswith(_WORDS) and not _OTHER_SCRIPTS.search(last):
        return False
    return _BEFORE.search(text, max(0, start - _REACH), start) is not None
