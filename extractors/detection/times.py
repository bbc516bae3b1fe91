"""Whether what stands around a name speaks of the war in Ukraine, of another war, or of other things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from extractors.detection.birthplaces import of_a_birth
from extractors.detection.comparisons import COMPARISON
from extractors.detection.context import BY_NAME
from extractors.detection.origins import fell_near
from extractors.detection.themes import past_year
from extractors.detection.written import Written
from extractors.gazetteer import ANY, Sector
from extractors.gazetteer.lexicon import Cue
from extractors.sentences import REACH
from sectorwatch.domain import Context, Reason

_LITTLE = frozenset({"no_context", "half_context"})
_PEACEFUL = frozenset({"history", "institution", "bearer"})
_IN_A_YEAR = re.compile(  # Артёмовск, 1943 год; Slavyansk in 1942
    r",?\s(?:(?:in|im|en|nel|w|v|у|в|em|în)\s)?(?:1[0-9]\d\d|200\d|201[0-3])(?![\d%])", re.IGNORECASE
)
_ATTACK = re.compile(  # what is condemned, and nobody sentenced for
    r"(?:засу|осу|осъ|асу|verurt|cond|veroord|odsou|odsu|elit|obso|osud|nute|καταδ)[\w'’]*\s"
    r"(?:(?!(?:за|for|over|wegen|fur|pour|per|por|za|voor|pentru|miatt|via)\s)[\w'’-]+\s){0,5}?"
    r"(?:attack|strike|shelling|bombing|bombardment|missile|\w*angriff|\w*beschuss|bombardierung|l'attaque|attaque|frappe"
    r"|bombardement|ataque|bombarde|atac|attacco|raid|bombardament|aanval|beschieting|utok|ostrel|atak|ostrzal|nalot"
    r"|tamadas|удар|обстр|атак|бомб|напад|ракетн|нападен|επιθεσ)"
)
_ATTACK_BEFORE = re.compile(
    r"(?<!wegen )(?<!fur )(?<!voor )\b(?:den|die|das|diese[nrs]?|de|het|deze|dit) (?:[\w-]+ ){0,2}"
    r"(?:\w*angriffe?n?|\w*beschuss|bombardierung\w*|\w*schlage?n?|attacken?|aanval\w*|beschieting\w*|bombardement\w*)\b"
)
_YEAR_REACH = 40  # characters: направлении летом 1943 года
_LATELY = re.compile(  # Girkin took Sloviansk in 2014, but a line that has held since 2014
    r"(?<!\b(?:з|с) )(?<!\b(?:із|од|од|от|od|zo|ze|da|di) )(?<!since )(?<!seit )(?<!sinds )(?<!sedan )(?<!siden )"
    r"(?<!desde )(?<!depuis )(?<!dal )(?<!din )(?<!\d)20(?:1[4-9]|2[01])(?!\d)(?!\sóta)"
)
_THIS_WAR = re.compile(r"(?<!\d)20(?:2[2-9]|[3-9]\d)(?!\d)")
_SIGNS = 2  # lesser signs of war that make a paragraph one of it
_INVASION = 24  # characters: before the full-scale | Russian invasion
_RIDES = re.compile(
    r"\b(?:(?:auto|trol(?:l?e[yj]?|i))?bus(?:s?[easu]\w{0,3}|ow|em|y|om|i)?|busz\w*|bussi\w*|tram(?:s|y|w\w*|vaj\w*|ul\w*)?|tranvi\w*"
    r"|strassenbahn\w*|[su]-bahn\w*|villamos\w*|otobus\w*|autobuz\w*|marshrutk\w*|buss(?:ar|er|en)?"
    r"|(?:авто|трол+ей)бус\w*|маршрутк\w*|трамва\w*|(?:э|е)лектричк\w*|електропоїзд\w*|электропоезд\w*)\b"
)
_DIRECTION = re.compile(
    "направ|напрям|кірун|накірун|насок|прав[еац]|kierun|richt|dire[ck]|direz|direc|smer|smjer|suun|krypt|virzien|irany|yon"
)
_ROAD = re.compile(  # in the sentence of a road's "direction": рух в олександрівському напрямку перекрито
    r"(?<!\w)(?:рух|руху|рухом|движени[еяю]|трас(?:са|сы|се|су|сой|са|и|і|у|ою|а)|автошлях\w*|автодорог\w*|[нмр]-\d\d|дтп"
    r"|об'їзд\w*|объезд\w*|відтин(?:ок|ку)\s(?:траси|дороги))(?!\w)"
)
_TRAFFIC = Reason(code="no_context", weight=-0.4, detail="a direction of traffic")
_RIDE = Reason(code="no_context", weight=-0.5, detail="a direction of buses and trains")
_QUIET_PHRASE = Reason(code="no_context", weight=-0.1, detail="no sign of war around")


class Times:
    """What the sentence and the paragraph of one candidate speak of."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.article = written.article
        self.part = written.part
        self.candidate = written.candidate
        self.hit = written.hit
        self.phrase = written.phrase
        self.whereabouts = written.whereabouts

    @cached_property
    def war(self) -> list[str]:
        """Words of the present war in its paragraph; none where its sentence tells of an old one."""
        if self._old:
            return []
        words = self.article.theme.war(self.part, self.whereabouts.paragraph)
        return words or ([self.fell] if self.fell else [])

    @cached_property
    def fell(self) -> str:
        """What says that somebody of a unit fell or fights near it, or ""."""
        return fell_near(self.part.norm.text, *self.whereabouts.paragraph, self.hit.start, self.hit.end)

    @cached_property
    def peace(self) -> list[str]:
        """Words of other news in its paragraph."""
        return self.article.theme.peace(self.part, self.whereabouts.paragraph)

    @cached_property
    def _peace_of_sentence(self) -> list[str]:
        """Words of other news in its sentence."""
        return self._in_sentence("neutral") + self._in_sentence("pastime")

    def _in_sentence(self, kind: str) -> list[str]:
        if not self.part.cues.within(kind, self.hit.start - REACH, self.hit.end + REACH):
            return []  # nor in its sentence, which is found at some cost
        return self.part.cues.distinct(kind, *self._normalised_sentence)

    @cached_property
    def _normalised_sentence(self) -> tuple[int, int]:
        norm = self.part.norm
        first, last = self.part.sentence(self.candidate)
        return norm.position(first), norm.position(last)

    @cached_property
    def _peaceful(self) -> bool:
        """Whether its sentence speaks of other things than war, its paragraph of two of them, or all of the article."""
        return bool(self._peace_of_sentence) or len(self.peace) > 1 or self.article.theme.quiet

    @cached_property
    def _past(self) -> str:
        """A year before the present war that the sentence names, or ""."""
        if not self.part.dated_near(self.candidate):
            return ""
        first, last = self.part.sentence(self.candidate)
        return past_year(self.part.norm.original[first:last])

    @cached_property
    def _past_around(self) -> str:
        """The same of its paragraph."""
        first, last = self.whereabouts.paragraph
        return past_year(self.part.norm.text[first:last])

    @property
    def _phrase_of_old(self) -> bool:
        """Whether the year of the old war is named before it, or at once behind: one that goes on may look back."""
        text, year = self.part.norm.text, self.article.old_war
        behind = text[self.hit.end : self.hit.end + _YEAR_REACH].partition(",")[0]
        headline = self.article.parts[0].norm.text
        return year in text[: self.hit.start] or year in behind or (not self.part.headline and year in headline)

    @property
    def _rides(self) -> bool:
        """Whether the article tells of buses or trams, which go in directions too, and its sentence of no fighting."""
        if (
            self.phrase is None
            or not _DIRECTION.match(self.phrase.cue)
            or self._in_sentence("war")
            or self._in_sentence("strain")
        ):
            return False
        return any(_RIDES.search(part.norm.text) for part in self.article.parts)

    @cached_property
    def _old(self) -> str:
        """The old war that the sentence tells of, by its year or name, or ""."""
        cues, paragraph = self.part.cues, self.whereabouts.paragraph
        if cues.within("present", *paragraph):
            return ""
        named = self._in_sentence("oldwar")
        if named:
            return named[0].replace("_", " ").replace("*", "")
        if self.article.old_war and (self.phrase is None or self._phrase_of_old):
            return self.article.old_war
        if not cues.within("history", *paragraph):
            return ""
        return self._past or (self._past_around if self._in_sentence("history") else "")

    @property
    def _traffic(self) -> bool:
        """Whether its sentence tells of a road, and the article nowhere of war."""
        if self.phrase is None or any(part.cues.has("war") for part in self.article.parts):
            return False
        return _ROAD.search(self.part.norm.text, *self._normalised_sentence) is not None

    def context_of(self, sector: Sector, clear: bool) -> list[Reason]:
        """Whether the text speaks of the war in Ukraine."""
        if sector.context == ANY:
            return []
        if self._old:
            weight = -0.15 if clear and not (self.phrase and self.article.old_war) else -0.35
            return [Reason(code="history", weight=weight, detail=f"a sentence about an old war ({self._old})")]
        words, ukraine = self.war, self.article.ukraine
        if words and ukraine:
            detail = f"war ({self._shown(self.war, 'war')}) and Ukraine ({ukraine})"
            return [Reason(code="context", weight=0.2, detail=detail)]
        if self._rides and (not ukraine or ukraine.startswith(BY_NAME)):
            return [_RIDE]
        if self._traffic:
            return [_TRAFFIC]
        if words or (ukraine and self.article.theme.strain(self.part, self.whereabouts.paragraph)):
            missing = "Ukraine" if words else "war"
            by_itself = not ukraine or ukraine == f"{BY_NAME} {self.candidate.surface}"
            weight = 0.0 if by_itself and not clear and self.phrase is None else 0.05
            return [Reason(code="half_context", weight=weight, detail=f"little sign of {missing} around")]
        clear = clear or self.phrase is not None
        abroad = not ukraine or ukraine.startswith(BY_NAME)
        weight = (-0.15 if abroad else -0.05) if clear else -0.25
        reasons = [Reason(code="no_context", weight=weight, detail="no sign of war around")]
        if self.phrase is not None:
            reasons = [_QUIET_PHRASE]
        if self.peace:
            weight = 0.0 if clear else -0.3
            others = self._shown(self.peace, "neutral", "pastime", "sport")
            reasons.append(Reason(code="neutral", weight=weight, detail=f"other news: {others}"))
        return reasons

    def _shown(self, entries: Sequence[str], *kinds: str) -> str:
        """The first three of these cue words, as the paragraph has them."""
        text, wanted = self.part.norm.text, entries[:3]
        found: dict[str, str] = {}
        for kind in kinds:
            for cue in self.part.cues.within(kind, *self.whereabouts.paragraph):
                if len(found) == len(wanted):
                    break
                if cue.entry in wanted:
                    found.setdefault(cue.entry, text[cue.start : cue.end])
        return ", ".join(found.get(entry) or entry.replace("_", " ").replace("*", "") for entry in wanted)

    def context(self, sector: Sector, reasons: tuple[Reason, ...]) -> Context:
        """What the candidate is named for: the front, unless something shows a place at peace."""
        if sector.context == ANY:
            return Context.FRONT
        codes = {reason.code for reason in reasons}
        by_phrase = codes & {"sector_phrase", "follows_phrase"}
        if not by_phrase and (self._relocated() or self._tried() or (self.part.years_between and self._lately)):
            return Context.PLACE
        if "context" in codes and not by_phrase and self._past:
            if _IN_A_YEAR.match(self.part.norm.original, self.candidate.end):
                return Context.PLACE
            return Context.FRONT if self._in_sentence("war") or self._in_sentence("strain") else Context.PLACE
        if COMPARISON in codes or (not by_phrase and self._before_the_war):
            return Context.PLACE
        if "context" in codes and not by_phrase and self._birthplace:
            return Context.PLACE
        if (by_phrase or "context" in codes) and "bearer" not in codes:
            return Context.FRONT
        if codes & _PEACEFUL or "inhabitants" in codes:
            return Context.PLACE
        quiet = "no_context" in codes and (self._past_around or self._peaceful or self.written.council)
        quiet = quiet or (bool(codes & _LITTLE) and self.article.theme.calm)
        quiet = quiet or ("half_context" in codes and (len(self._peace_of_sentence) > 1 or bool(self._past)))
        quiet = quiet or self._birthplace
        return Context.PLACE if quiet else Context.FRONT

    @property
    def _birthplace(self) -> bool:
        """Whether somebody is said to come from it, and its sentence tells of no war, nor its paragraph of one there.

        What the paragraph tells of the war may be of another town that it names: where somebody fell.
        """
        if not of_a_birth(self.part.norm.text, self.hit.start, self.hit.end):
            return False
        if self.war and not self.article.front(self.part, self.hit):
            return False
        return not self._signs_in_sentence("war") and not self._signs_in_sentence("strain")

    def _signs_in_sentence(self, kind: str) -> bool:
        """Whether its sentence has a word of that kind, but as a time before the war."""
        if not self._in_sentence(kind):
            return False
        spans = self.part.cues.within("prewar", *self._normalised_sentence)
        return any(
            not any(span.start <= cue.start < span.end for span in spans)
            for cue in self.part.cues.within(kind, *self._normalised_sentence)
        )

    @property
    def _lately(self) -> bool:
        """Whether its sentence tells of 2014 to 2021, and its paragraph of a trial or two other things of peace."""
        if not self.part.dated_lately(self.candidate):
            return False
        first, last = self.part.sentence(self.candidate)
        sentence = self.part.norm.original[first:last]
        if not _LATELY.search(sentence) or _THIS_WAR.search(sentence) or self._in_sentence("present"):
            return False
        cues, paragraph = self.part.cues, self.whereabouts.paragraph
        peace = cues.distinct("neutral", *paragraph) + cues.distinct("pastime", *paragraph)
        return len(peace) > 1 or bool(peace and cues.within("verdict", *paragraph))

    @property
    def _before_the_war(self) -> bool:
        """Whether its sentence tells of other things, and its paragraph of the time before the war, and no more of it.

        One lesser sign in another sentence is none: two make a paragraph one of the war.
        """
        spans = self.part.cues.within("prewar", *self.whereabouts.paragraph)
        if not spans or not self._peace_of_sentence:
            return False

        def signs(kind: str, start: int, end: int) -> set[str]:
            return {
                cue.entry
                for cue in self.part.cues.within(kind, start, end)
                if not any(span.start <= cue.start <= span.end + _INVASION for span in spans)
            }

        here, around = self._normalised_sentence, self.whereabouts.paragraph
        return not signs("strain", *here) and not signs("war", *around) and len(signs("strain", *around)) < _SIGNS

    def _relocated(self) -> bool:
        """Whether its sentence tells of a court, school or council that works elsewhere now, and of no fighting.

        Or the article of a hospital or theatre that does, and of nothing else.
        """
        if self.article.theme.moved:
            return True
        if not self._in_sentence("exile") or self._in_sentence("war") or self._fled:
            return False
        return any(self._in_sentence(kind) for kind in ("townbody", "institution", "neutral", "pastime", "office"))

    @property
    def _fled(self) -> bool:
        """Whether its sentence tells of an evacuation, and of what it flees from: that is no news of exile."""
        if not self._in_sentence("strain"):
            return False
        exile, strain = (
            {cue.start for cue in self.part.cues.within(kind, *self._normalised_sentence)}
            for kind in ("exile", "strain")
        )
        return exile <= strain and bool(strain - exile)

    def _condemned(self, verdict: Cue) -> bool:
        """Whether it is an attack that the word of a verdict condemns; German and Dutch name that before the verb."""
        text, start = self.part.norm.text, verdict.start
        if _ATTACK.match(text, start):
            return True
        before = _ATTACK_BEFORE.search(text, max(self._normalised_sentence[0], start - REACH), start)
        return before is not None and text.startswith(("verurt", "veroord"), start)

    def _tried(self) -> bool:
        """Whether its sentence tells of a trial, of which somebody on the other side may be the subject.

        A headline does so with a word of the verdict alone, where the text below has more of both.
        """
        if not self._in_sentence("verdict"):
            return False
        verdicts = self.part.cues.within("verdict", *self._normalised_sentence)
        if any(self._condemned(cue) for cue in verdicts):
            return False  # the United Nations condemned the strike
        return bool(self._peace_of_sentence) or (self.part.headline and self.article.theme.trial)
