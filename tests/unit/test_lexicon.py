"""The word lists: well formed, and able to tell the war in Ukraine from news of peace in every language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from extractors.gazetteer.lexicon import FOLDER, KINDS, lexicon
from extractors.text import plain

FILES = sorted(FOLDER.glob("*.toml"))
WORDS = [file for file in FILES if file.stem not in ("regions", "raions")]
LONGEST = 40  # characters: how far before a place the lexicon looks for the beginning of a cue
SHORTEST = 3  # letters
ABBREVIATIONS = {
    "century",
    "club",
    "enterprise",
    "locality",
    "neutral",
    "sport",
    "street",
    "title",
}  # kinds full of them
SHORT = {"рф"}  # short words of other kinds, each unmistakable
UNSPACED = ("ar", "fa", "he", "ja", "ko", "th", "zh")  # one character of these is a word

# Language, three sentences of the war in Ukraine, three of peace.
SENTENCES = """
de
Russische Truppen haben Pokrowsk mit Artillerie beschossen.
Der ukrainische Generalstab meldet Gefechte bei Kupjansk.
Selenskyj sprach von Gleitbomben und Drohnen über der Region Charkiw.
Der Stürmer traf zweimal und der Verein gewann das Spiel.
Das Landgericht verurteilte den Angeklagten wegen Betrugs.
Eine Kaltfront bringt am Wochenende Regen und kühle Luft.

fr
Les troupes russes ont bombardé la ville de Pokrovsk.
L'état-major ukrainien signale des combats et des frappes de drones.
Zelensky visite une brigade d'assaut sur la ligne de front.
L'attaquant a marqué deux buts et le club reste en tête du championnat.
Le tribunal a condamné le prévenu à deux ans de prison.
Un front froid apportera de la pluie samedi.

pl
Wojska rosyjskie ostrzelały z artylerii Pokrowsk.
Ukraiński sztab generalny informuje o atakach na froncie.
Żołnierze bronią miasta w obwodzie donieckim przed dronami.
Napastnik strzelił dwa gole, a drużyna awansowała do finału.
Sąd skazał oskarżonego na dwa lata więzienia.
Front atmosferyczny przyniesie w weekend deszcz.

es
Las tropas rusas bombardearon la ciudad de Pokrovsk.
El Estado Mayor ucraniano informa de ataques con drones y misiles.
Zelenski visitó a los soldados en la línea del frente.
El delantero marcó dos goles y el equipo ganó el partido.
El juez condenó al acusado a dos años de cárcel.
Un frente frío traerá lluvias el sábado.

it
Le truppe russe hanno bombardato la città di Pokrovsk con l'artiglieria.
Lo stato maggiore ucraino segnala attacchi con droni.
Zelensky ha visitato i soldati sulla linea del fronte.
L'attaccante ha segnato due gol e la squadra ha vinto la partita.
Il giudice ha condannato l'imputato a due anni.
Un fronte freddo porterà pioggia nel fine settimana.

pt
As tropas russas bombardearam a cidade com mísseis, segundo Kiev.
O estado-maior ucraniano relata ataques e combates.
Zelensky visitou soldados na linha da frente.
O avançado marcou dois golos e a equipa venceu o jogo.
O juiz condenou o arguido a dois anos de prisão.
Uma frente fria trará chuva no sábado.

ro
Trupele ruse au atacat orașul cu rachete și drone.
Statul major ucrainean anunță lupte pe linia frontului.
Zelenski a vizitat soldații dintr-un batalion.
Atacantul a marcat două goluri și echipa a câștigat meciul.
Judecătorul l-a condamnat pe inculpat la doi ani.
Un front rece aduce ploi sâmbătă.

ca
Les tropes russes han bombardejat la ciutat amb artilleria.
L'estat major ucraïnès informa d'atacs amb drons.
Zelenski ha visitat els soldats a la línia del front.
El davanter va marcar dos gols i l'equip va guanyar el partit.
El jutge ha condemnat l'acusat a dos anys de presó.
Un front fred portarà pluja dissabte.

nl
Russische troepen beschieten de stad met artillerie.
Het Oekraïense leger meldt gevechten en droneaanvallen.
Zelensky bezocht soldaten aan de frontlinie.
De spits maakte twee doelpunten en de ploeg won de wedstrijd.
De rechter veroordeelde de verdachte tot twee jaar cel.
Een koufront brengt zaterdag regen.

sv
Ryska trupper besköt staden med artilleri.
Ukrainas generalstab rapporterar strider och drönarattacker.
Zelenskyj besökte soldater vid fronten.
Anfallaren gjorde två mål och laget vann matchen.
Tingsrätten dömde mannen till två års fängelse.
En kallfront ger regn på lördag.

da
Russiske tropper angreb byen med artilleri.
Ukraines generalstab melder om kampe og droner.
Zelenskyj besøgte soldater ved fronten.
Angriberen scorede to mål, og holdet vandt kampen.
Byretten dømte manden til to års fængsel.
En koldfront giver regn lørdag.

no
Russiske soldater angrep byen med artilleri.
Ukrainas generalstab melder om kamper og droner.
Zelenskyj besøkte en brigade ved fronten.
Spissen scoret to mål, og laget vant kampen.
Tingretten dømte mannen til to års fengsel.
Legene og barna leker i parken mens en kaldfront gir regn.

cs
Ruská vojska ostřelovala město dělostřelectvem.
Ukrajinský generální štáb hlásí útoky dronů.
Zelenskyj navštívil vojáky na frontové linii.
Útočník dal dva góly a mužstvo vyhrálo zápas.
Soud odsoudil obžalovaného ke dvěma letům vězení.
Studená fronta přinese v sobotu déšť.

sk
Ruské vojská ostreľovali mesto delostrelectvom.
Ukrajinský generálny štáb hlási útoky dronov.
Zelenskyj navštívil vojakov na frontovej línii.
Útočník dal dva góly a mužstvo vyhralo zápas.
Súd odsúdil obžalovaného na dva roky.
Studený front prinesie v sobotu dážď.

sl
Ruske sile so obstreljevale mesto s topništvom.
Ukrajinski generalštab poroča o napadih z droni.
Zelenski je obiskal vojake na frontni črti.
Napadalec je dosegel dva gola in moštvo je dobilo tekmo.
Sodišče je obtoženca obsodilo na dve leti.
Hladna fronta bo v soboto prinesla dež.

hr
Ruske snage granatirale su grad topništvom.
Ukrajinski glavni stožer javlja o borbama i dronovima.
Zelenski je posjetio vojnike na crti bojišnice.
Napadač je zabio dva gola i momčad je dobila utakmicu.
Sud je osudio optuženika na dvije godine.
Nova pješačka zona otvara se u subotu, a boje pročelja bit će svijetle.

bg
Руските войски обстрелват града с артилерия, съобщи Киев.
Украинският генерален щаб съобщава за атаки с дронове и боеве.
Зеленски посети войници на фронтовата линия.
Нападателят вкара два гола и отборът спечели мача.
Съдът осъди подсъдимия на две години.
Студен фронт ще донесе дъжд в събота.

mk
Руските сили го гранатираа градот со артилерија.
Украинскиот генералштаб јавува за борби и дронови.
Зеленски ги посети војниците на фронтот.
Напаѓачот постигна два гола и екипата победи на натпреварот.
Судот го осуди обвинетиот на две години.
Студен фронт ќе донесе дожд во сабота.

sr
Руске снаге гранатирају град артиљеријом.
Ukrajinski generalštab javlja o borbama i dronovima.
Зеленски је обишао војнике на фронту.
Нападач је постигао два гола и тим је добио утакмицу.
Sud je osudio optuženog na dve godine.
Хладни фронт донеће кишу у суботу.

be
Расійскія войскі абстралялі горад з артылерыі.
Украінскі генштаб паведамляе пра атакі дронаў.
Зяленскі наведаў салдат на лініі фронту.
Нападаючы забіў два галы, і каманда выйграла матч.
Суд прысудзіў абвінавачанаму два гады.
Халодны фронт прынясе дождж у суботу.

kk
Ресей әскері қаланы артиллериямен атқылады, деді Киев.
Украина бас штабы шабуылдар мен дрондар туралы хабарлады.
Зеленский майдан шебіндегі сарбаздарға барды.
Шабуылшы екі гол соғып, команда матчта жеңді.
Сот айыпталушыны екі жылға соттады.
Сенбіде жаңбыр жауады, ауа температурасы төмендейді.

fi
Venäjän joukot tulittivat kaupunkia tykistöllä.
Ukrainan yleisesikunta kertoo taisteluista ja drooneista.
Zelenskyi vieraili sotilaiden luona rintamalla.
Hyökkääjä teki kaksi maalia ja joukkue voitti ottelun.
Käräjäoikeus tuomitsi miehen kahdeksi vuodeksi vankeuteen.
Kylmä ilma tuo lauantaina sadetta, ja vene lähtee satamasta.

et
Vene väed tulistasid linna suurtükkidest, teatas Ukraina.
Ukraina kindralstaap teatas rünnakutest ja droonidest.
Zelenskõi külastas sõdureid rindel.
Ründaja lõi kaks väravat ja meeskond võitis mängu.
Kohus mõistis süüdistatava kaheks aastaks vangi.
Soja ja sooda on kaupluses odavamad, laupäeval sajab vihma.

lv
Krievijas karaspēks apšaudīja pilsētu ar artilēriju.
Ukrainas ģenerālštābs ziņo par uzbrukumiem un droniem.
Zelenskis apmeklēja karavīrus frontē.
Uzbrucējs guva divus vārtus, un komanda uzvarēja spēlē.
Tiesa piesprieda apsūdzētajam divus gadus.
Karīna dzied koncertā, bet sestdien gaidāms lietus.

lt
Rusijos kariuomenė apšaudė miestą iš artilerijos.
Ukrainos generalinis štabas praneša apie atakas ir dronus.
Zelenskis aplankė karius fronte.
Puolėjas įmušė du įvarčius, ir komanda laimėjo rungtynes.
Teismas nuteisė kaltinamąjį dvejiems metams.
Šaltasis oro frontas šeštadienį atneš lietų.

hu
Az orosz csapatok tüzérséggel lőtték a várost.
Az ukrán vezérkar támadásokról és drónokról számolt be.
Zelenszkij katonákat látogatott meg a frontvonalon.
A csatár két gólt szerzett, a csapat megnyerte a meccset.
A bíróság két évre ítélte a vádlottat.
Hidegfront érkezik, szombaton eső várható.

tr
Rus birlikleri kenti topçu ateşine tuttu.
Ukrayna Genelkurmay Başkanlığı saldırıları ve dronları bildirdi.
Zelenski cephe hattında askerleri ziyaret etti.
Forvet iki gol attı ve takım maçı kazandı.
Mahkeme sanığı iki yıl hapse mahkum etti.
Avrupa Birliği ülkelerinde cumartesi yağmur bekleniyor, Ordu ilinde hava serin.

az
Rusiya qoşunları şəhəri artilleriyadan atəşə tutdu.
Ukrayna Baş Qərargahı hücumlar və dronlar barədə məlumat verdi.
Zelenski cəbhə xəttində əsgərlərə baş çəkib.
Hücumçu iki qol vurdu və komanda oyunda qalib gəldi.
Məhkəmə təqsirləndirilən şəxsə iki il həbs verdi.
Şənbə günü yağış gözlənilir.

sq
Trupat ruse bombarduan qytetin me artileri.
Shtabi i Përgjithshëm i Ukrainës njofton për sulme me dronë.
Zelensky vizitoi ushtarët në vijën e frontit.
Sulmuesi shënoi dy gola dhe skuadra fitoi ndeshjen.
Gjykata e dënoi të pandehurin me dy vjet.
Lufta kundër korrupsionit vazhdon, të shtunën pritet shi.

el
Τα ρωσικά στρατεύματα βομβάρδισαν την πόλη με πυροβολικό.
Το γενικό επιτελείο της Ουκρανίας αναφέρει επιθέσεις με drones.
Ο Ζελένσκι επισκέφθηκε στρατιώτες στη γραμμή του μετώπου.
Ο επιθετικός πέτυχε δύο γκολ και η ομάδα κέρδισε τον αγώνα.
Το δικαστήριο καταδίκασε τον κατηγορούμενο σε δύο χρόνια.
Ψυχρό μέτωπο φέρνει βροχές το Σάββατο.

ka
რუსეთის ჯარებმა ქალაქი არტილერიით დაბომბეს.
უკრაინის გენერალური შტაბი იერიშებსა და დრონებზე იუწყება.
ზელენსკი ფრონტის ხაზზე ჯარისკაცებს ეწვია.
თავდამსხმელმა ორი გოლი გაიტანა და გუნდმა მატჩი მოიგო.
სასამართლომ ბრალდებულს ჯარიმა დააკისრა.
რუსთაველის თეატრში პრემიერაა, შაბათს წვიმაა მოსალოდნელი.

hy
Ռուսական զորքերը հրետակոծել են քաղաքը։
Ուկրաինայի գլխավոր շտաբը հայտնում է դրոնների հարձակումների մասին։
Զելենսկին այցելել է զինվորներին առաջնագծում։
Հարձակվողը երկու գոլ խփեց, և թիմը հաղթեց խաղում։
Դատարանը մեղադրյալին դատապարտեց երկու տարվա։
Մարտին անձրև է սպասվում։

ar
قصفت القوات الروسية المدينة بالمدفعية.
أعلنت هيئة الأركان الأوكرانية عن هجمات بالطائرات المسيرة.
زار زيلينسكي الجنود على خط الجبهة في دونيتسك.
سجل المهاجم هدفين وفاز الفريق بالمباراة.
قضت المحكمة بسجن المتهم عامين.
يتوقع هطول أمطار يوم السبت قرب ممر المشاة.

fa
نیروهای روسیه شهر را با توپخانه گلوله‌باران کردند.
ستاد کل اوکراین از حملات پهپادی خبر داد.
زلنسکی از سربازان در خط مقدم دیدار کرد.
مهاجم دو بار گلزنی کرد و تیم بازی را برد.
دادگاه متهم را به دو سال حبس محکوم کرد.
در جنگل‌های شمال باران می‌بارد و وزارت فرهنگ جشنواره برگزار می‌کند.

he
כוחות רוסיים הפגיזו את העיר בארטילריה.
המטה הכללי של אוקראינה דיווח על תקיפות רחפנים.
זלנסקי ביקר חיילים בקו החזית.
החלוץ הבקיע שני שערים והקבוצה ניצחה במשחק.
בית המשפט גזר על הנאשם שנתיים מאסר.
הממשלה מטילים מס חדש וקצבאות יעודכנו, בשבת צפוי גשם.

zh
俄军炮击了波克罗夫斯克。
乌克兰总参谋部通报了无人机袭击。
泽连斯基视察前线士兵。
前锋攻入两球，球队夺得联赛冠军。
法院判处被告两年徒刑。
周六有雨，气温下降。

ja
ロシア軍がポクロフスクを砲撃した。
ウクライナ軍参謀本部は無人機攻撃を発表した。
ゼレンスキー大統領は前線の部隊を訪れた。
フォワードが2得点を挙げ、チームが試合に勝った。
裁判所は被告に懲役2年を言い渡した。
梅雨前線の影響で土曜日は雨になる。

ko
러시아군이 포크로우스크를 포격했다.
우크라이나 총참모부는 드론 공격을 발표했다.
젤렌스키 대통령이 최전선 병사들을 방문했다.
공격수가 두 골을 넣어 팀이 경기에서 이겼다.
법원은 피고인에게 징역 2년을 선고했다.
대대적인 건축 축제가 열리고 토요일에는 비가 온다.

hi
रूसी सेना ने शहर पर तोपखाने से गोलाबारी की।
यूक्रेन के जनरल स्टाफ ने ड्रोन हमलों की सूचना दी।
ज़ेलेंस्की ने अग्रिम मोर्चे पर सैनिकों से मुलाकात की।
फॉरवर्ड ने दो गोल किए और टीम ने मैच जीता।
अदालत ने आरोपी को दो साल की सजा सुनाई।
शनिवार को बारिश होगी।

vi
Quân Nga pháo kích thành phố bằng pháo binh.
Bộ Tổng tham mưu Ukraine thông báo các vụ tấn công bằng UAV.
Ông Zelensky thăm binh sĩ ở tiền tuyến.
Tiền đạo ghi hai bàn và đội bóng thắng trận đấu.
Tòa án tuyên bị cáo hai năm tù.
Mặt trận Tổ quốc tổ chức lễ hội, thứ bảy trời mưa lớn.

id
Pasukan Rusia menembaki kota dengan artileri.
Staf umum Ukraina melaporkan serangan drone.
Zelensky mengunjungi tentara di garis depan.
Penyerang mencetak dua gol dan tim memenangkan pertandingan.
Pengadilan menghukum terdakwa dua tahun.
Hujan diperkirakan turun pada hari Sabtu, harga saham naik.

th
ทหารรัสเซียระดมยิงเมืองด้วยปืนใหญ่
เสนาธิการยูเครนรายงานการโจมตีด้วยโดรน
เซเลนสกีเยี่ยมทหารที่แนวหน้าและกองพลน้อย
กองหน้ายิงสองประตูและทีมชนะการแข่งขัน
ศาลตัดสินจำคุกจำเลยสองปี
กระทรวงสิ่งแวดล้อมคาดว่าฝนตกวันเสาร์
"""
NEWS = {language: (news[:3], news[3:]) for language, *news in map(str.splitlines, SENTENCES.strip().split("\n\n"))}


def kinds(file: Path) -> dict[str, list[str]]:
    return {kind: words.split() for kind, words in tomllib.loads(file.read_text("utf-8")).items()}


def heard(language: str, sentence: str, *wanted: str) -> list[str]:
    """Different cue words of those kinds in the sentence; a word that several entries match counts once."""
    cues = lexicon(language).scan(plain(sentence))
    places = {cue.start: cue.entry for kind in wanted for cue in cues.within(kind, 0, 1 << 62)}
    return list(dict.fromkeys(places.values()))


@pytest.mark.parametrize("file", WORDS, ids=lambda file: file.stem)
def test_every_kind_is_a_known_one(file: Path) -> None:
    """A misspelt kind would never be asked for."""
    assert set(kinds(file)) <= set(KINDS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entries_are_normalised_and_stand_once(file: Path) -> None:
    """What is written in a list is what is looked for, and every word stands once in its kind."""
    for kind, words in kinds(file).items():
        assert [word for word in words if plain(word) != word] == [], kind
        assert sorted(words) == sorted(set(words)), kind
        assert [word for word in words if len(word) > LONGEST] == [], kind


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_short_entries_are_abbreviations(file: Path) -> None:
    """Two letters are a word by chance, except where abbreviations are what is looked for."""
    for kind, words in kinds(file).items():
        if kind in ABBREVIATIONS or file.stem in UNSPACED or file.stem in ("regions", "raions"):
            continue
        assert [word for word in words if len(word.strip("*")) < SHORTEST and word not in SHORT] == [], kind


@pytest.mark.parametrize("language", NEWS)
def test_news_of_the_war_is_heard(language: str) -> None:
    """Each sentence has two signs of war and says that it is about Ukraine."""
    for sentence in NEWS[language][0]:
        assert len(heard(language, sentence, "war", "strain")) >= 2, sentence
        assert heard(language, sentence, "ukraine"), sentence


@pytest.mark.parametrize("language", NEWS)
def test_news_of_peace_has_no_word_of_war(language: str) -> None:
    """Sport attacks and defends, weather has fronts, and words of a kindred language may mean something else."""
    for sentence in NEWS[language][1]:
        assert heard(language, sentence, "war") == [], sentence


def test_every_word_list_has_its_sentences() -> None:
    """A new language comes with its own; English, Ukrainian and Russian are tested with the detection."""
    assert set(NEWS) == {file.stem for file in WORDS} - {"any", "en", "ru", "uk"}
