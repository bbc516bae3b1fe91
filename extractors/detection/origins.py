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
    r"(?:загину|загіну|поляг|поліг|вбит|погиб|убит|воює|воюва|воюе|воюю|воева|killed|died|fell|fought|fighting"
    r"|gefallen"
    r"|fiel|kampf|zgina|polegl|walcz|padl|zahynul|bojova|tue|mort|muri|mori|caduto)"
)
_FELL_NEAR = re.compile(rf"(?<!\w){_FELL}\w*\s(?:[^.!?\n]{{0,24}}\s)?{_NEAR}\s$")
_NEAR_HERE = re.compile(rf"(?<!\w){_NEAR}\s$")
_FELL_AFTER = re.compile(rf"\s(?:[^\W\d]+\s)?{_FELL}")


_UNIT = (  # who falls, in a notice of it: a soldier of a unit, a volunteer
    rf"{_FIGHTER}|доброво|dobrovol|dragovolj|prostovol|ochotni|вайсков|баец|байц|салдат|жаунер|ваяр|полк(?:у|а"
    r"|ом|и)?(?!\w)|батальен"
    r"|легио|легіо|легіён|взвод|узвод|узвад|штурмав|војни|вој[сн]|јединиц|jedinic|postrojb|brigad|bojn[aie]"
    r"|legi[joóeo]"
    r"|prapor|pluku?\b|pulk|polk|batalion|batalj|batalho|batallo|bataillon|vienib|burin|leitnant|ruhmaul|malevla"
    r"|jalkavaki|komppani|luutnant|zaszloalj|dandar|szazad|hadnagy|ormester|infanter|capora|sergent|sargent"
    r"|serzant|seržant|sanita[tř]"
    r"|sanitar|medik|compania de asalto|compagnie d'assaut|fallschirm|pioniersoldat|tabur|tugay|gonullu|asker"
    r"|εθελοντ|στρατιωτ|ταξιαρχ|მებრძოლ|ჯარისკაც|მოხალისე|ბრიგად|ლეგიონ|מתנדב|לוחמ|חייל|גדוד|חטיב|متطوع|مقاتل"
    r"|جندي|لواء|داوطلب|سرباز"
)
_NEAR_IT = (
    rf"(?:{_NEAR}|край|до|при|близо до|в околностите на|код|крај|надомак|близу|кај|ля|паблізу|недалека ад|пры"
    r"|kod|kraj|nadomak|blizu"
    r"|pobliz|u|nedaleko|netoli|prie|pie|netalu no|langa|aproape de|in apropiere de|in zona|bij|nabij|vlakbij"
    r"|vid|nara|utanfor"
    r"|ved|naer|i naerheten av|nord for|perto de|junto a|cerca d'|prop de|a prop de|aupres de|non lontano da"
    r"|nei pressi di|κοντα (?:στο|στη|στην)"
    r"|قرب|بالقرب من|نزدیک|ליד)"
)
_BEHIND_IT = (  # languages that put it behind the name: Liman mellett, Lymanin lähellä
    r"(?:mellett|alatt|kozeleben|kornyeken|hataraban|tersegeben|lahella|luona|liepeilla|lahedal|lahistel|all"
    r"|juures|kandis"
    r"|yakinlarinda|yakininda|civarinda|cephesinde|მახლობლად|მისადგომებთან)"
)
_FELL_THERE = (
    rf"(?:{_FELL}|загінул|забіт|палег|ваява|змага|загин|падна|сража|бил се|погину|гинуо|пао\b|пала\b|убије"
    r"|борио|ратова|се бори|poginu|pao\b"
    r"|ubij|ubit|boril|borio|ratova|bojeval|umrl|padel|pad[lo]|zabit|zahynul|zginal|zginel|polegl|poleg\b|zuvo"
    r"|zuve|zuvus|krito|kovojo"
    r"|kovesi|krit[aiu]|gaja boja|karoja|cinijas|nogalina|lange|hukku|voitle|sodis|kaatu|kuoli|taistel|soti"
    r"|menehty|elesett|meghalt|harcolt"
    r"|hosi halal|cazut|murit|ucis|lupta|getotet|starb|kampfte|gesneuveld|sneuvelde|gedood|omgekomen|vocht"
    r"|streed|stupa|dodad|dog\b|slogs"
    r"|stred|kampa|faldt|falden|draebt|dode|kaemp|falt|drept|kjemp|sloss|cay[oe]|caid|abatid|combati|luch[oa]"
    r"|luta|morreu|tombou|tombe"
    r"|caiu|morto|ucciso|abattu|combat|oldu|hayatini|sehit|savas|σκοτωθη|επεσε|πολεμ|დაიღუპა|დაეცა|იბრძოდა|נהרג"
    r"|נפל|לחם|قتل|استشهد|سقط|کشته)"
)
_FELL_NEAR_IT = re.compile(rf"(?<!\w){_FELL_THERE}\w*\s(?:[^.!?\n]{{0,32}}\s)?{_NEAR_IT}\s$")
_NEAR_IT_HERE = re.compile(rf"(?<!\w){_NEAR_IT}\s$")
_FELL_THEN = re.compile(rf"(?:,?\s[\w'-]+){{0,6}}?,?\s(?:{_FELL_THERE})")
_FELL_BEHIND = re.compile(
    rf"\s{_BEHIND_IT}(?:\s[\w'-]+){{0,3}}?\s{_FELL_THERE}|\s(?:[\w'-]+\s){{0,2}}?(?:{_FELL_THERE})"
)
_POSTPOSED = re.compile(rf"\s{_BEHIND_IT}\b")
_LOCATIVE = re.compile(r"(?:nal|nel|ban|ben|თან|ში|da|de|ta|te|ssa|is)$")  # Limannál, ლიმანთან
_VOLUNTEER = re.compile(
    r"(?<!\w)(?:доброво|добраахв|дабраахв|dobrovol|dragovolj|prostovol|ochotni|savanor|brivpratig|vabatahtli"
    r"|vapaaehto|onkentes"
    r"|volunt|volont|freiwillig|vrijwillig|frivillig|gonullu|εθελοντ|მოხალისე|מתנדב|متطوع|داوطلب)"
)
_RESCUER = re.compile(  # whose volunteers fall in no war
    r"(?:пожарн|пажарн|вогнеборц|рятувальн|спасател|спасител|ратавальн|ватрогас|планинск|vatrogas|gasil|hasic"
    r"|pozarn|pompier"
    r"|bomber|bombeir|feuerwehr|brandweer|brandm|brannm|palomies|tuletorj|paastja|ugunsdzes|ugniages|straza[kc]"
    r"|tuzolto|itfaiye"
    r"|(?:cruz|croce|crucea?) ro[jsx]|cruz vermelha|croix-rouge|roten? kreuz|red cross|firefight|rescue|ambulan"
    r"|resevaln"
    r"|horsk\w+ s|alpini|bergrettung|bergwacht|katastrofsk|civil protection|protezione civile)"
)
_RANK = re.compile(  # a notice's soldier, where nothing makes it a policeman
    r"(?<!\w)(?:сержант|лейтенант|капітан|капитан|майор|матрос|рядов(?:ий|ого)|рядово[йг]|старшин|штаб-сержант)"
)
_POLICE = re.compile(r"(?<!\w)(?:поліц|полиц|міліц|милиц|дснс|мчс)")
_UNIT_NEAR = re.compile(rf"(?<!\w){_UNIT}")
_NOTICE_REACH = 160  # characters: the sentence of a notice and the next one
_FELL_REACH = 64


def fell_near(text: str, first: int, last: int, start: int, end: int) -> str:
    """What says that somebody of a unit fell or fights near the place at [start, end); "" for nothing.

    In the paragraph [first, last) of normalised text. Volunteers count where they are none of a rescue service.
    """
    before = max(first, start - _FELL_REACH)
    fell: re.Match[str] | None = _FELL_NEAR_IT.search(text, before, start)
    if fell is None and _NEAR_IT_HERE.search(text, before, start):
        fell = _FELL_THEN.match(text, end, min(last, end + _FELL_REACH))
    if fell is None:
        fell = _FELL_BEHIND.match(text, end, min(last, end + _FELL_REACH))
        if fell is not None and not _POSTPOSED.match(fell[0]) and not _LOCATIVE.search(text, start, end):
            fell = None
    if fell is None:
        return ""
    around = text[max(first, start - _NOTICE_REACH) : min(last, end + _NOTICE_REACH)]
    units = [unit for unit in _UNIT_NEAR.finditer(around) if not _VOLUNTEER.match(around, unit.start())]
    volunteers = not units and _VOLUNTEER.search(around) and not _RESCUER.search(around)
    ranks = not units and _RANK.search(around) and not _POLICE.search(around)
    return fell[0].strip(" ,") if units or volunteers or ranks else ""


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
