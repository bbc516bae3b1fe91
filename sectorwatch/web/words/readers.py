"""The words of the pages that readers come to by the links of their messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sectorwatch.web.words import spoken


@dataclass(frozen=True, kw_only=True)
class ReaderWords:
    """One language. What stands in braces is filled in."""

    language: str  # ISO 639-1, as the page is marked
    subscription: str
    unsubscribe: str
    unsubscribe_ask: str
    unsubscribe_here: str
    unsubscribe_everywhere: str
    unsubscribe_more: str
    unsubscribed: str
    unsubscribed_here: str
    unsubscribed_note: str
    undo: str
    undone: str
    pause: str
    pause_ask: str
    pause_day: str
    pause_week: str
    pause_open: str
    paused_until: str
    paused_open: str
    paused_note: str
    paused_by_operator: str
    resume: str
    resumed: str
    ended: str
    change: str
    sectors: str
    every_sector: str
    sectors_note: str
    places: str
    how_sure: str
    min_score: str
    min_salience: str
    saliences: Mapping[str, str]
    when: str
    digest: str
    digests: Mapping[str, str]
    digest_at: str
    digest_day: str
    days: Mapping[str, str]
    quiet: str
    quiet_from: str
    quiet_until: str
    zone: str
    save: str
    preview: str
    preview_found: str
    preview_since: str
    preview_cut: str
    preview_note: str
    preview_more: str
    saved: str
    not_saved: str
    wrong: Mapping[str, str]
    change_note: str
    confirm: str
    confirm_ask: str
    confirm_send: str
    confirm_late: str
    confirm_late_note: str
    ask_anew: str
    asked_anew: str
    asked_anew_note: str
    asked_often: str
    asked_often_note: str
    confirmed: str
    confirmed_note: str
    false_alarm: str
    false_alarm_ask: str
    false_alarm_note: str
    false_alarm_send: str
    false_alarm_thanks: str
    false_alarm_kept: str
    problems: Mapping[int, tuple[str, str]]


ENGLISH = ReaderWords(
    language="en",
    subscription="Subscription “{name}”",
    unsubscribe="Unsubscribe",
    unsubscribe_ask="Stop these alerts? Nothing more will be sent here, also nothing that waits.",
    unsubscribe_here="Stop alerts to this address",
    unsubscribe_everywhere="Stop the whole subscription",
    unsubscribe_more="This subscription goes to {count} places. You can stop it for all of them.",
    unsubscribed="You are unsubscribed",
    unsubscribed_here="This address is unsubscribed",
    unsubscribed_note="No further alert will be sent. To start again, ask whoever set up your alerts.",
    undo="That was a mistake: send me the alerts again",
    undone="You are subscribed again.",
    pause="Pause",
    pause_ask="For how long? What happens meanwhile is not sent later either.",
    pause_day="For a day",
    pause_week="For a week",
    pause_open="Until I resume",
    paused_until="Paused until {moment}",
    paused_open="Paused until you resume",
    paused_note="Nothing is sent meanwhile. To resume, come back to this page or use the button.",
    paused_by_operator="The operator has paused this subscription: nothing is sent until they resume it.",
    resume="Resume now",
    resumed="Alerts are on",
    ended="This subscription has ended",
    change="Change your alerts",
    sectors="Sectors",
    every_sector="Every sector",
    sectors_note="Or choose:",
    places="Besides, you follow single places: {names}.",
    how_sure="How sure and how prominent",
    min_score="Least score, 0 to 1 (higher: fewer alerts, and surer ones)",
    min_salience="The sector has to be named",
    saliences=MappingProxyType(
        {"headline": "in the headline", "lead": "in the first paragraphs, or the headline", "body": "anywhere"}
    ),
    when="When",
    digest="Alerts come",
    digests=MappingProxyType(
        {"": "at once, one by one", "hour": "together, every hour", "day": "together, every day", "week": "every week"}
    ),
    digest_at="Time of a daily or weekly message",
    digest_day="Day of a weekly message",
    days=MappingProxyType(
        {
            "monday": "Monday",
            "tuesday": "Tuesday",
            "wednesday": "Wednesday",
            "thursday": "Thursday",
            "friday": "Friday",
            "saturday": "Saturday",
            "sunday": "Sunday",
        }
    ),
    quiet="Quiet hours: what comes then is held and told together afterwards. Leave both empty for none.",
    quiet_from="from",
    quiet_until="until",
    zone="Your time zone, for all your subscriptions (such as Europe/Kyiv)",
    save="Save",
    preview="Show what would have come",
    preview_found="In the last {days} days you would have got: alerts {alerts}, messages {messages}",
    preview_since="Since {since} you would have got: alerts {alerts}, messages {messages}",
    preview_cut="In the last {days} days there was more news: the newest {articles} articles were looked at.",
    preview_note="Nothing is saved yet.",
    preview_more="And {count} more.",
    saved="Saved. It holds from now on.",
    not_saved="Nothing was saved. Please look at:",
    wrong=MappingProxyType(
        {
            "sectors": "Sectors: choose one at least, or every sector.",
            "min_score": "The least score is a number from 0 to 1.",
            "min_salience": "Where the sector has to be named.",
            "digest": "How alerts come.",
            "digest_at": "The time is written as 08:00.",
            "digest_day": "The day of a weekly message.",
            "quiet": "Quiet hours have a beginning and an end, written as 22:00 and 07:00.",
            "zone": "There is no such time zone; write it as Europe/Kyiv.",
        }
    ),
    change_note="What you set here stays, also when the operator changes the subscription.",
    confirm="Confirm your alerts",
    confirm_ask="Alerts for “{name}” are to be sent to the address at which you got this link. Do you want them?",
    confirm_send="Yes, send me the alerts",
    confirm_late="This link has expired",
    confirm_late_note="A link to confirm works for three days. You can have a new one sent to the same address.",
    ask_anew="Send me a new link",
    asked_anew="A new link is on its way",
    asked_anew_note="It comes to the same address in a few minutes.",
    asked_often="You were sent several links today",
    asked_often_note="Use the newest of them, or try again tomorrow.",
    confirmed="Thank you: alerts will come",
    confirmed_note="Every message has a link to stop them again.",
    false_alarm="Was this a false alarm?",
    false_alarm_ask="Tell those who run the alerts that this one should not have come to you.",
    false_alarm_note="What was wrong? (You may leave this empty.)",
    false_alarm_send="Report a false alarm",
    false_alarm_thanks="Thank you: it is reported",
    false_alarm_kept="Your report was kept with the sentence and the reasons for the alert. You may add a note.",
    problems=MappingProxyType(
        {
            400: ("That did not work", "The request could not be understood. Open the link in your message again."),
            404: (
                "This link is not valid",
                "Open it from the message again: it may have been cut. Or it is no longer in use.",
            ),
            405: ("That did not work", "This page is opened by the link in your message."),
            410: ("This link has expired", "Use the one in a newer message."),
            413: ("That was too long", "Shorten your note and send it again."),
            429: ("Too many requests", "Wait a minute, then try again."),
            503: ("We cannot answer now", "Nothing was changed. Try again in a few minutes."),
        }
    ),
)

UKRAINIAN = ReaderWords(
    language="uk",
    subscription="Підписка «{name}»",
    unsubscribe="Відписатися",
    unsubscribe_ask="Припинити ці сповіщення? Сюди більше нічого не надійде, навіть те, що вже чекає на надсилання.",
    unsubscribe_here="Не надсилати на цю адресу",
    unsubscribe_everywhere="Припинити всю підписку",
    unsubscribe_more="Кількість адрес у цій підписці: {count}. Її можна припинити для всіх.",
    unsubscribed="Вас відписано",
    unsubscribed_here="Цю адресу відписано",
    unsubscribed_note="Сповіщень більше не буде. Щоб почати знову, зверніться до того, хто налаштував ваші сповіщення.",
    undo="Це помилка: надсилайте сповіщення далі",
    undone="Вас знову підписано.",
    pause="Призупинити",
    pause_ask="На який час? Те, що станеться за цей час, не буде надіслано й пізніше.",
    pause_day="На добу",
    pause_week="На тиждень",
    pause_open="Доки не поновлю",
    paused_until="Призупинено до: {moment}",
    paused_open="Призупинено, доки ви не поновите",
    paused_note="Тим часом нічого не надсилається. Щоб поновити, поверніться на цю сторінку або натисніть кнопку.",
    paused_by_operator="Оператор призупинив цю підписку: нічого не надсилається, доки він її не поновить.",
    resume="Поновити зараз",
    resumed="Сповіщення надсилаються",
    ended="Цю підписку припинено",
    change="Змінити сповіщення",
    sectors="Напрямки",
    every_sector="Усі напрямки",
    sectors_note="Або виберіть:",
    places="Крім того, ви стежите за окремими місцями: {names}.",
    how_sure="Наскільки певно й помітно",
    min_score="Найменша оцінка, від 0 до 1 (що вища, то менше сповіщень і то вони певніші)",
    min_salience="Напрямок має бути згадано",
    saliences=MappingProxyType(
        {"headline": "у заголовку", "lead": "у перших абзацах або в заголовку", "body": "будь-де"}
    ),
    when="Коли",
    digest="Сповіщення надходять",
    digests=MappingProxyType(
        {"": "одразу, кожне окремо", "hour": "разом, щогодини", "day": "разом, щодня", "week": "разом, щотижня"}
    ),
    digest_at="Час щоденного чи щотижневого повідомлення",
    digest_day="День щотижневого повідомлення",
    days=MappingProxyType(
        {
            "monday": "понеділок",
            "tuesday": "вівторок",
            "wednesday": "середа",
            "thursday": "четвер",
            "friday": "п’ятниця",
            "saturday": "субота",
            "sunday": "неділя",
        }
    ),
    quiet="Тихі години: те, що надійде в цей час, буде надіслано разом після них. Порожні поля — без тихих годин.",
    quiet_from="від",
    quiet_until="до",
    zone="Ваш часовий пояс, для всіх ваших підписок (наприклад, Europe/Kyiv)",
    save="Зберегти",
    preview="Показати, що надійшло б",
    preview_found="За останні дні ({days}) вам надійшло б: сповіщень {alerts}, повідомлень {messages}",
    preview_since="Відтоді ({since}) вам надійшло б: сповіщень {alerts}, повідомлень {messages}",
    preview_cut="За останні дні ({days}) новин було більше: переглянуто найновіші, статей {articles}.",
    preview_note="Ще нічого не збережено.",
    preview_more="І ще {count}.",
    saved="Збережено. Діє відтепер.",
    not_saved="Нічого не збережено. Перевірте, будь ласка:",
    wrong=MappingProxyType(
        {
            "sectors": "Напрямки: виберіть принаймні один або всі.",
            "min_score": "Найменша оцінка — це число від 0 до 1.",
            "min_salience": "Де має бути згадано напрямок.",
            "digest": "Як надходять сповіщення.",
            "digest_at": "Час пишуть так: 08:00.",
            "digest_day": "День щотижневого повідомлення.",
            "quiet": "Тихі години мають початок і кінець, наприклад 22:00 і 07:00.",
            "zone": "Такого часового поясу немає; пишіть, наприклад, Europe/Kyiv.",
        }
    ),
    change_note="Налаштоване тут залишається, навіть якщо оператор змінить підписку.",
    confirm="Підтвердьте сповіщення",
    confirm_ask="На адресу, куди надійшло це посилання, мають надходити сповіщення для «{name}». Вони вам потрібні?",
    confirm_send="Так, надсилайте сповіщення",
    confirm_late="Термін дії посилання минув",
    confirm_late_note="Посилання для підтвердження діє три доби. Нове можна надіслати на ту саму адресу.",
    ask_anew="Надіслати нове посилання",
    asked_anew="Нове посилання вже в дорозі",
    asked_anew_note="Воно надійде на ту саму адресу за кілька хвилин.",
    asked_often="Сьогодні вам уже надіслано кілька посилань",
    asked_often_note="Скористайтеся найновішим або спробуйте завтра.",
    confirmed="Дякуємо: сповіщення надходитимуть",
    confirmed_note="У кожному повідомленні є посилання, щоб їх припинити.",
    false_alarm="Це було помилкове сповіщення?",
    false_alarm_ask="Повідомте тих, хто веде сповіщення, що це не мало до вас надійти.",
    false_alarm_note="Що було не так? (Можна не заповнювати.)",
    false_alarm_send="Повідомити про помилку",
    false_alarm_thanks="Дякуємо: про помилку повідомлено",
    false_alarm_kept="Ваше повідомлення збережено разом із реченням і причинами сповіщення. Можна додати примітку.",
    problems=MappingProxyType(
        {
            400: ("Не вдалося", "Запит незрозумілий. Відкрийте посилання зі свого повідомлення ще раз."),
            404: (
                "Посилання недійсне",
                "Відкрийте його з повідомлення ще раз: можливо, його обрізано. Або воно більше не діє.",
            ),
            405: ("Не вдалося", "Цю сторінку відкривають за посиланням із повідомлення."),
            410: ("Термін дії посилання минув", "Скористайтеся посиланням із новішого повідомлення."),
            413: ("Забагато тексту", "Скоротіть примітку й надішліть ще раз."),
            429: ("Забагато запитів", "Зачекайте хвилину й спробуйте ще раз."),
            503: ("Зараз не можемо відповісти", "Нічого не змінено. Спробуйте за кілька хвилин."),
        }
    ),
)

_LANGUAGES = {words.language: words for words in (ENGLISH, UKRAINIAN)}


def reader_words(language: str) -> ReaderWords:
    """The words for a language tag."""
    return spoken(_LANGUAGES, language)
