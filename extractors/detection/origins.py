"""Where a fighter comes from, and where he fell: the first says nothing of where a named town lies, the second does.

"Під Костянтинівкою загинув гранатометник з Миколаївщини" means the town of the front, though there is a village of
that name in Mykolaiv oblast, and "Якутский снайпер погиб под Покровском" means no town in Yakutia.
"""

from __future__ import annotations

import re

_REACH = 48  # characters before and after
_FIGHTER = (
    r"(?:бі[йє]ц|бойц|боец|солдат|салдат|жаунер|військов[оі]|військовослужб|военнослуж|захисни|защитни|оборон[це]ц"
    r"|герой|героя|героєм|воїн|воин|морпіх|морпех|морськ\w* піхот|морск\w* пехот|десант|штурмов|гранатомет|кулеметни"
    r"|пулеметчи|танкіст|танкист|снайпер|артилер|артиллер|мінометни|піхот|пехот|мотострел|стріл[еь]ц|прикордонн"
    r"|пограничн|бригад|полк(?!овни)|батальйон|батальон|загон|загін|отряд|добровол|сапер|розвідни|разведчи|дронар"
    r"|казак|козак|мобилиз|мобіліз|контрактни|срочни|призывни|гвардій|гвардей|спецназ|тероборон"
    r"|територіальн\w* оборон|найман|наемни|громадянин|гражданин|уродженець|уродженц|уроженец|уроженц"
    r"|soldier|volunteer|fighter|troop|service(?:man|men|member|woman)|marine|paratrooper|brigade|battalion|regiment"
    r"|native|citizen|sniper|medics?\b|recruit|conscript|mercenar|infantry|guardsm|cossack|mobili[sz]ed|drone pilot"
    r"|soldat|freiwillig|kampfer|soldner|brigad|zolnierz|zolnierk|ochotni|najemni|vojak|dobrovol|zoldner|onkentes"
    r"|katona|volontaire|combattant|mercenaire|voluntari|combatient|volontari|combattent|gonull|vrijwillig|frivillig"
    r"|savanor|brivpratig|vabatahtli|vapaaehto|sotila|karavir|kareiv)"
)
_FROM = r"(?:з|із|зі|с|из|со|from|of|aus|vom|z|ze|zo|iz|od|de|del|di|da|du|des|d'|din|van|uit|fran|fra|ur|no|is)"
_FIGHTER_FROM = re.compile(rf"\b{_FIGHTER}\w*\s(?:\w+\s)?{_FROM}\s?(?:\w+\s)?$")
_FIGHTER_OF = re.compile(
    r"(?:\w*(?:[сц]ьк|[сц]к)\w{1,3}\s(?!област|обл|район|р-н|громад|кра[йяею]|округ|улус)(?:\w+\s)?"
    r"|[a-z]+\s(?:(?!region|oblast|provin|gebiet|distri|obwod)[a-z]+\s)?)" + _FIGHTER
)  # миколаївський танкіст, a Kazakh volunteer
_NATIVE = re.compile(r"\b(?:уродженець|уродженц\w+|уроженец|уроженц\w+)\s$")
_NEAR = (
    r"(?:під|біля|поблизу|неподалік|у районі|в районі|у боях за|у бою за|в боях за|в бою за|под|возле|вблизи|в районе"
    r"|край|пад|каля|near|outside|bei|nahe|pod|kolo|pri|pres de|cerca de|vicino a)"
)
_FELL = (
    r"(?:загину|загіну|поляг|поліг|вбит|погиб|убит|воює|воюва|воюе|воюю|воева|killed|died|fell|fought|fighting|gefallen"
    r"|fiel|kampf|zgina|polegl|walcz|padl|zahynul|bojova|tue|mort|muri|mori|caduto)"
)
_FELL_NEAR = re.compile(rf"(?<!\w){_FELL}\w*\s(?:[^.!?\n]{{0,24}}\s)?{_NEAR}\s$")
_NEAR_HERE = re.compile(rf"(?<!\w){_NEAR}\s$")
_FELL_AFTER = re.compile(rf"\s(?:[^\W\d]+\s)?{_FELL}")


def of_a_fighter(text: str, start: int, end: int) -> bool:
    """Whether the region named at [start, end) of normalised text is where a fighter or unit is from."""
    before = text[max(0, start - _REACH) : start]
    if _FIGHTER_FROM.search(before) or _NATIVE.search(before):
        return True
    return _FIGHTER_OF.match(text, start, end + _REACH) is not None


def battlefield(text: str, start: int, end: int) -> bool:
    """Whether somebody is said to have fallen or to fight near the place named at [start, end)."""
    before = text[max(0, start - _REACH) : start]
    if _FELL_NEAR.search(before):
        return True
    return _NEAR_HERE.search(before) is not None and _FELL_AFTER.match(text, end, end + _REACH) is not None
