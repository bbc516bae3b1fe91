"""How a name is written and what stands directly beside it: its capital, its case, whether it is a noun there."""

from __future__ import annotations

import re
from functools import cached_property

from extractors.detection.context import REGION, Article, Candidate, Part, Phrase
from extractors.detection.rivals import Rivals
from extractors.detection.whereabouts import SLAVIC, Whereabouts
from extractors.gazetteer import Place, Reading, adjectival
from sectorwatch.domain import Reason

_LONG_ENDING = "á"  # of a feminine adjective in Czech and Slovak, and so of a surname
_WRITTEN_ALIKE = {"bs": "hr", "sr": "hr", "no": "da", "nb": "da"}
_FEMININE = re.compile("[sc]ka(?:ia|ja|ya)?$")  # Pokrovska
_CYRILLIC_CASES = ("uk", "ru")  # whose case forms are written the same by all who write about them
_PREPOSITION = re.compile(  # or the side of a town: in western Lyman
    r"(?:^|\W)(?:в|у|на|до|з|із|зі|від|біля|над|під|через|за|к|из|от|с|со|под|возле|около|по|навколо"
    r"|i|w|we|z|do|od|pod|v|ve|u|in|into|at|from|to|near|of|around|towards?|through|via|over|inside|outside|across|(?:north|south)ern|(?:north|south)?(?:east|west)ern|central"
    r"|nach|bei|um|von|aus|an|en|a|vers|dans|pres de|de|di|da|hacia|para|em|din|la|langa|spre"
    r"|naar|uit|bij|tegen|richting|rond|till|fran|vid|mot|kring|til|fra|ved|mod|nar|omkring"
    r"|nahe|vor|gegen|richtung|durch|sur|sous|depuis|autour de|hasta|sobre|desde|hacia|cerca de"
    r"|verso|contro|presso|su|vicino a"
    r"|ku|przy|kolo|kod|kraj|pri|blizu|prema|proti|okolo|catre|pe|ke|dari|merebut|toi|vao|sat|xuong)\s$"
)
_MORE_PREPOSITIONS = {  # which mean something else in other languages
    language: re.compile(rf"(?:^|\W)(?:{words})\s$")
    for language, words in {
        "pl": "na|ze|spod|nad|miedzy|wokol", "cs": "na|ze|kolem|mezi|pred|vedle|nad", "sk": "na|zo|so|ku|pri|nad|pred",
        "hr": "iz|oko|izmedu|nad|kroz", "sl": "iz|okoli|nad|skozi", "sr": "из|код|према|око|изнад|кроз|iz|oko|kroz",
        "bg": "край|към|при|между|през|около|във|по", "mk": "кај|кон|од|во|до|околу", "be": "пад|каля|ля|ў|са|да|праз",
        "vi": "o|gan|tai|huong|ve phia", "el": "στο|στη|στην|προσ το|κοντα στο|απο το",
        "lt": "prie|is|ties|link|nuo|apie", "lv": "pie|no|uz|lidz|pret|ap|virs",
        "sv": "av|mellan|utanfor", "da": "af|mellem|uden for", "no": "av|mellom|utenfor",
    }.items()
}  # fmt: skip
_TURKISH_CASE = re.compile(r"'(?:[dt][ae](?:n|ki\w*)?|n?[yd]?[ae])\b")  # Liman'da: in it, out of it, to it
_TOWN_HEAD = re.compile(  # no word that a woman's surname may follow: мешканка Покровська
    r"(?:^|\W)(?:мер|мера|меру|мером|міськ(?:ий|ого|ому|им) голов\w+|очільник\w*|мешкан(?:ець|ц\w+)"
    r"|жител(?:ь|[іяюе]\w*)"
    r"|оборонці\w*|захисники|центр\w*|околиц\w+|передміст\w+|підвал\w*|руїн\w*|історі[яїюєі]\w*|оборон[аиуіо]\w*"
    r"|облог[аиуо]\w*|штурм\w*|захопленн\w+|окупаці\w+|звільненн\w+|зачистк\w+|північ|півночі|півдні|південь|сході|схід"
    r"|заході|захід|частин\w+|mer|mera|merem|burmistrz\w*|mieszka(?:niec|nc\w+)|centrum|centru|centra|przedmiesci\w+|ruin\w*"
    r"|histori[aie]\w*|obron[aycie]\w*|szturm\w*|zajeci\w+|obleze\w+|czesc\w*|polnoc\w*|poludni\w*|wschod\w*|zachod\w*"
    r"|starost[ay]|primator[aui]?|obyvatel[eiu]\w*|predmesti\w*|obran[aeyou]+|dobyt\w+|oblehan\w+|cast\w*|sever\w*|jih\w*"
    r"|gradonacelnik\w*|stanovnik\w*|sredist\w+|zupan|zupana|prebivalc\w+|okolic\w*"
    r"|c?[ec]tvrt\w*|predgra[dđ]\w+|ulaz\w*|izlaz\w*|dijelov\w*|delov[aei]?m?a?|dio|deo|rusevin\w*|odbran\w+|opsad\w+|okolin\w*|istok\w*"
    r"|okraj\w*|vjezd\w*|dzielnic\w*|obrzez\w*|wjazd\w*|wlot\w*|upad(?:ku|ek|kiem)|падінн\w+|в'їзд\w*|квартал\w*"
    r"|четврт\w*|предграђ\w*|улаз\w*|делов\w*|одбран\w*|рушевин\w*|опсад\w*|околин\w*|становник\w*|исток\w*)\s$"
)
_OF_PLACE = {  # cases of place alone, as `gazetteer.endings` abbreviates them
    "lt": frozenset({"loc"}), "hy": frozenset({"loc", "abl"}), "lv": frozenset({"loc"}),
    "et": frozenset({"ine", "ela", "ill"}),
    "fi": frozenset({"ine", "ela", "ill"}), "hu": frozenset({"ine", "ela", "ill", "sub", "del", "sup", "ade", "ter"}),
}  # fmt: skip
_WITH_HEADS = ("uk", *SLAVIC)
_HEAD_REACH = 28  # characters
COMMUNITY = re.compile(
    r"(?:\w+\s)?(?:громад|общин|грамад|hromad|communit|obec|obc)"
)  # a stretch of land, with villages
# Reasons that are the same for every name: made once.
_CASELESS = Reason(code="capital", weight=0.35, detail="the script has no capitals")
_HUNGARIAN = Reason(code="capital", weight=0.35, detail="an adjective of Hungarian, which has no capital")
_DEFINED_SMALL = Reason(code="capital", weight=0.35, detail="defined without a capital")
_PEOPLE = Reason(code="inhabitants", weight=0.35, detail="what its people are called")
_SOME_PEOPLE = Reason(code="inhabitants", weight=0.15, detail="what its people are called, and those of other towns")
_NO_PEOPLE = Reason(code="surname", weight=-0.4, detail="its people have no capital: a surname or another place")
_SMALL = Reason(code="small_letter", weight=-0.35, detail="written without a capital")
_ANY_CAPITAL = Reason(code="capital", weight=0.15, detail="a capital, but any word has one here")
_HALF_SMALL = Reason(code="small_letter", weight=-0.2, detail="only its first word has a capital")
CAPITAL = Reason(code="capital", weight=0.35, detail="written with a capital")
_OTHER_GRAMMAR = Reason(code="form", weight=-0.2, detail="a case form in other languages than this")


class Written:
    """How one candidate is written, and what belongs to it."""

    def __init__(self, article: Article, part: Part, index: int, rivals: Rivals, whereabouts: Whereabouts) -> None:
        self.article = article
        self.part = part
        self.candidate: Candidate = part.candidates[index]
        self.hit = self.candidate.hit
        self.phrase: Phrase | None = part.phrases.get(index)
        self.rivals = rivals
        self.whereabouts = whereabouts
        self.adjective_too = bool(self.candidate.sense.named and rivals.targets)

    def capital(self, reading: Reading) -> list[Reason]:
        candidate = self.candidate
        if candidate.caseless:
            return [_CASELESS]
        if reading.of_people:
            return [self._people(reading)]
        if candidate.hungarian and (self.phrase or not reading.ordinary):
            return [_HUNGARIAN]
        if not candidate.capital:
            if reading.target[0] == "@" and not adjectival(reading) and self._defined_small(reading):
                return [_DEFINED_SMALL]
            return [_SMALL]
        if self._opens_sentence() and (reading.ordinary or self.hit.form in self.article.small_forms):
            return [_ANY_CAPITAL]
        if reading.target[0] == "@" and not adjectival(reading) and self._half_small(reading):
            return [_HALF_SMALL]
        return [CAPITAL]

    def _people(self, reading: Reading) -> Reason:
        if self.candidate.capital and not (self.begins or self.among_capitals):
            return _NO_PEOPLE
        return _SOME_PEOPLE if reading.ordinary else _PEOPLE

    def _half_small(self, reading: Reading) -> bool:
        """Whether the definition writes every word with a capital, and the text only the first: Біла церква."""
        words = self.candidate.surface.split()
        if len(words) < 2 or not any(word[0].islower() for word in words[1:]):
            return False
        names = self.article.gazetteer.sectors[reading.target[1:]].names
        same_length = [alias.text.split() for alias in names if len(alias.text.split()) == len(words)]
        return bool(same_length) and all(word[0].isupper() for name in same_length for word in name)

    def _defined_small(self, reading: Reading) -> bool:
        sector = self.article.gazetteer.sectors[reading.target[1:]]
        return any(alias.text[:1].islower() for alias in sector.names)

    def _opens_sentence(self) -> bool:
        """Whether the candidate begins a sentence or stands among capitals, in a script that our words share."""
        # In Latin letters a name of ours is nobody's common noun, only a person's name: seen by itself.
        latin = all(letter < "\u0250" for letter in self.candidate.surface)
        return not latin and (self.begins or self.among_capitals)

    @cached_property
    def begins(self) -> bool:
        """Whether it is the first word of a sentence: any word has a capital there."""
        original, start = self.part.norm.original, self.candidate.start
        first, _ = self.part.sentence(self.candidate)
        return not original[first:start].strip("\"'«“„—–- ")

    @cached_property
    def among_capitals(self) -> bool:
        """Whether what stands around it is written in capitals."""
        around = self.part.norm.original[max(0, self.candidate.start - 20) : self.candidate.end + 20]
        return around.isupper() and len(around) > len(self.candidate.surface)

    def form(self, reading: Reading, place: Place | None = None) -> list[Reason]:
        reasons = []
        if reading.weight and "former" in reading.origin and self.rivals.usual(reading):
            weight = 0.0 if place and place.anchor else reading.weight / 2
            reasons.append(Reason(code="form", weight=weight, detail="a former name, usual in Russian"))
        elif reading.weight:
            detail = "a former name" if "former" in reading.origin else f"a less usual form ({reading.origin})"
            reasons.append(Reason(code="form", weight=reading.weight, detail=detail))
        date = self.article.date
        if reading.ordinary and self._of_other_grammar(reading):
            reasons.append(_OTHER_GRAMMAR)
        if reading.until and "former" not in reading.origin and date and date.isoformat() > reading.until:
            reasons.append(Reason(code="outdated", weight=-0.05, detail=f"a name in use until {reading.until}"))
        return reasons

    def surname(self, reading: Reading) -> bool:
        """Whether a form of the town's name is rather that of a surname: Pokrovska, Kupianská."""
        if self.noun:
            return False
        if reading.origin.endswith("romanised-case"):
            return bool(_FEMININE.search(self.candidate.surface))
        return self.rather_adjective(reading)

    def rather_adjective(self, reading: Reading) -> bool:
        """Whether a form that may be an adjective is no noun here, and its case is none that a town would have."""
        return (
            self.adjective_too and not self.noun and (self._of_other_grammar(reading) or self._genitive_first(reading))
        )

    def _genitive_first(self, reading: Reading) -> bool:
        """Whether it were a genitive that begins a sentence, where Slavs have a subject: Покровська забила двічі."""
        return reading.case == "gen" and self.begins and self.part.language in (*SLAVIC, "uk")

    def _of_other_grammar(self, reading: Reading) -> bool:
        """Whether it is a case form in other languages than the text's, or has the long ending of an adjective."""
        if not reading.case or reading.case == "nom" or reading.language in ("", "en", *_CYRILLIC_CASES):
            return False
        language = self.article.language
        if language in ("cs", "sk") and "gen" in reading.case and self.candidate.surface.endswith(_LONG_ENDING):
            return True
        return not {language, _WRITTEN_ALIKE.get(language, language)} & set(reading.language.split())

    @cached_property
    def noun(self) -> bool:
        """Whether a form that may be an adjective is a noun here: в Покровську, but not в Покровську громаду."""
        if self.part.language in _WITH_HEADS and self._of_town:
            return True
        if self.named_after:
            return False
        before = self.part.norm.text[max(0, self.hit.start - 12) : self.hit.start]
        more = _MORE_PREPOSITIONS.get(self.part.language)
        if (more and more.search(before)) or self._attacked:
            return True
        if self._locative:
            return True
        if self.part.language == "tr" and _TURKISH_CASE.match(self.part.norm.text, self.hit.end):
            return True
        return bool(self.whereabouts.before) or bool(_PREPOSITION.search(before))

    @property
    def _locative(self) -> bool:
        """Whether it has a case of place, which a text has little use for with a person: Lymane, Lõmanis, Limanba."""
        language = self.article.language
        cases = _OF_PLACE.get(language)
        if cases is None:
            return False
        if language == "lv":  # folded, the locative looks like the genitive
            return self.candidate.surface.endswith("ā")
        readings = (reading for reading in self.candidate.readings if language in reading.language.split())
        return any(cases & set(reading.case.split("/")) for reading in readings)

    @property
    def _of_town(self) -> bool:
        """Whether a word before it has the genitive of a town behind it: мер Слов'янська, околиці Покровська."""
        start = self.hit.start
        return _TOWN_HEAD.search(self.part.norm.text[max(0, start - _HEAD_REACH) : start]) is not None

    @property
    def _attacked(self) -> bool:
        """Whether a Slavic verb of war has it for its object, and not in the genitive, which a person would have."""
        if self.part.language not in SLAVIC or not any(reading.case == "nom" for reading in self.candidate.readings):
            return False
        start = self.hit.start
        return any(
            cue.end == start - 1 for kind in ("war", "strain") for cue in self.part.cues.within(kind, start - 24, start)
        )

    @cached_property
    def town_body(self) -> str:
        """What only a town or its community has, directly behind the adjective: its council, its court; "" for none."""
        cue = self.part.cues.after("townbody", self.hit.end, 1)
        return self.part.norm.text[cue.start : cue.end] if cue else ""

    @cached_property
    def named_after(self) -> str:
        """The district, council, court or school that the adjective belongs to, or ""."""
        text, end = self.part.norm.text, self.hit.end
        if self.town_body:
            return self.town_body
        match = REGION.match(text, end)
        if match:
            return text[end : match.end()].strip()
        cue = self.part.cues.after("institution", end, 12) or self.part.cues.after("neutral", end, 12)
        return text[cue.start : cue.end] if cue and "\n" not in text[end : cue.start] else ""

    @property
    def council(self) -> bool:
        """Whether a council or court of the town stands behind it."""
        return bool(self.town_body) and not COMMUNITY.match(self.town_body)
