"""What stands beside a place in scripts without capitals, where a town of people's name may be one of them.

리만 is Lyman and Riemann, پوکروفسکی Pokrovsk and Pokrovsky: with "in", "towards", "east of", "the battle for" or a case
of place it is the town.
"""

from __future__ import annotations

import re

_REACH = 32  # characters before
_COMPASS_AR = r"(?:شرق|غرب|شمال|جنوب)\w*"
_BEFORE = {
    "zh": r"(?:在|向|往|朝|至|到|从|從|于|於|占领|佔領|攻占|攻佔|攻克|夺取|奪取|攻击|攻擊|袭击|襲擊|炮击|砲擊"
    r"|轰炸|轟炸|进攻|進攻|收复|收復"
    r"|控制|解放|逼近|进入|進入|撤出|包围|包圍|围攻|圍攻|突入|推进|推進|守卫|防守|城市|重镇|重鎮|小镇|小鎮"
    r"|城镇|城鎮|要塞|镇|鎮|市|州|地区|地區)$",
    "ja": r"(?:都市|要衝|町|村|市|州|拠点|集落|中心地)の?$",
    "ko": r"(?:도시|마을|요충지|거점|주|시|소도시|도네츠크)(?:인|의)?\s$",
    "he": r"(?:העיר|בעיר|עיר|לעיר|מהעיר|העיירה|בעיירה|הכפר|ליד|סביב|לעבר|לכיוון|בכיוון|בגזרת|גזרת|כיוון|חזית"
    r"|בחזית|באזור|אזור|קרב\w*"
    r"|לכבוש|כבש\w*|שחרר\w*|הפגיז\w*|תקפ\w*|מצפון|מדרום|ממזרח|ממערב|פאתי|כיבוש|נפילת|שחרור|הפצצת"
    r"|הפגזת)\s(?:על |את |אל )?$",
    "ar": rf"(?:في|إلى|الى|نحو|باتجاه|باتجاه مدينة|قرب|{_COMPASS_AR}|محيط|مدينة|بلدة|جبهة|محور|اتجاه|داخل|خارج"
    rf"|حول|ضواحي|أطراف|مشارف"
    r"|معركة|معارك|سقوط|تحرير|حصار|قصف\w*|دخول|دخلت|دخل|استعادة|احتلال|بين|هجوم على|الهجوم على|السيطرة على"
    r"|يهاجم\w*|تهاجم\w*)\s$",
    "fa": r"(?:در|به سوی|به سمت|سوی|سمت|شهر|شهرک|شهرهای|نبرد|جبهه|محور|شرق|غرب|شمال|جنوب|اطراف|حومه|نزدیکی"
    r"|نزدیک|سقوط|تصرف|محاصره|آزادسازی"
    r"|منطقه|بخش|بخشهای|(?:حمله|حملات|تهاجم|یورش|پیشروی)(?: \w+){0,2} به|وارد|بمباران|گلوله‌باران|اشغال"
    r"|ورود به|پیشروی به|خیابانهای|مرکز)\s$",
    "ka": r"(?:ქალაქ\w*|დაბა\w*|მიმართულ\w*|ბრძოლა|ბრძოლები)\s$",
}
_BEHIND = {
    "zh": r"(?:方向|一带|一帶|以[东西南北東]|[东西南北東](?!\w{0,2}(?:说|說))|附近|郊|地区|地區|前线|前線|战线"
    r"|戰線|守军|守軍|城|市|镇|鎮|战役|戰役|遭|沦陷|淪陷"
    r"|失守|陷落|被(?:占|佔|围|圍|攻|炸)|的(?:战斗|戰鬥|乌军|烏軍|俄军|俄軍|守军|桥|居民|街|防)|争夺|爭奪|周边"
    r"|周邊|外围|外圍)",
    "ja": r"(?:で(?!す|は|も|あ)|へ|市|町|方面|近郊|周辺|郊外|[東西南北]|地区|付近|戦線|に(?:迫|侵|進|突|向|到"
    r"|接|入|攻|あ|い|残|住)|を(?:攻|占|制|奪|砲|包|防|解|爆|陥|狙"
    r"|めざ|目指|掌|守)|の(?:[東西南北]|市|街|町|戦|近|前線|陥|奪|攻|中心|郊)|攻防|陥落|攻略|奪還|包囲"
    r"|から(?:の?撤|西|東|南|北|避|約))",
    "ko": r"(?:에서|으로|시(?!\w)|시[의를에]|\s?(?:방향|전선|지역|인근|근처|동쪽|서쪽|남쪽|북쪽|동부|서부|남부"
    r"|북부|북동|북서|남동|남서|외곽|일대|방면|시내|교외|전투|공방|함락|점령"
    r"|탈환|포위|주민|중심|부근|주변|마을|도심)|을\s?(?:점령|장악|공격|포격|탈환|해방|포위|방어|향해|폭격"
    r"|둘러싼|지키)|이\s?(?:함락|포위|점령)|에\s?(?:진입|대한 (?:공격|포격)|남))",
    "he": r"\s(?:נפלה|שוחררה|נכבשה|הופגזה|הותקפה|מחזיקה|שבמחוז|במחוז|שבמזרח|במזרח|הנצורה|המזרחית)",
    "ar": r"\s(?:الاوكرانية|الأوكرانية|الاستراتيجية|المحاصرة|وضواحيها|ومحيطها|تحت|تتعرض|تتعرّض|صامدة|سقطت"
    r"|شرق\w*|الشرقية)",
    "fa": r"\s(?:را|سقوط|محاصره|زیر|هنوز|در شرق|در استان|در منطقه|در دونتسک|و حومه|همچنان)",
}
_PREFIXED = {  # a preposition that is written onto the name
    "he": re.compile("ו?ש?ב(?=.)"),
    "ar": re.compile("و?ب(?=.)"),
    "ka": re.compile(r"\w+(?:ში|თან|დან|სკენ|ზე|მდე)$"),
}
_AT_LEFT = {language: re.compile(words) for language, words in _BEFORE.items()}
_AT_RIGHT = {language: re.compile(words) for language, words in _BEHIND.items()}
_JOINED = re.compile(r"\s?(?:على|על|ל|به|من|נגד|的|の|의|를 둘러싼|을 둘러싼)?\s?")
LANGUAGES = frozenset(_AT_LEFT)
"""Languages of which this knows what stands beside a place."""


def beside_a_place(text: str, start: int, end: int, language: str, *, declined: bool) -> bool:
    """Whether words or cases of place are at the name at [start, end) of a normalised text in that language.

    `declined` tells a form with a preposition or ending from the name alone, which may begin with the same letter.
    """
    left, right = _AT_LEFT[language], _AT_RIGHT.get(language)
    if left.search(text, max(0, start - _REACH), start) or (right is not None and right.match(text, end)):
        return True
    written = _PREFIXED.get(language) if declined else None
    return written is not None and written.match(text, start, end) is not None


def at_it(text: str, start: int, end: int) -> bool:
    """Whether nothing but a preposition or a genitive parts two words of a text: the battle | of | Lyman."""
    return _JOINED.fullmatch(text, start, end) is not None
