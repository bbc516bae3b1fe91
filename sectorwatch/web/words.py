"""The words of the pages, in the languages that alerts have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Words:
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
    confirm: str
    confirm_ask: str
    confirm_send: str
    confirmed: str
    confirmed_note: str
    false_alarm: str
    false_alarm_ask: str
    false_alarm_note: str
    false_alarm_send: str
    false_alarm_thanks: str
    false_alarm_kept: str
    problems: Mapping[int, tuple[str, str]]


ENGLISH = Words(
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
    confirm="Confirm your alerts",
    confirm_ask="Alerts for “{name}” are to be sent to the address at which you got this link. Do you want them?",
    confirm_send="Yes, send me the alerts",
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

UKRAINIAN = Words(
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
    confirm="Підтвердьте сповіщення",
    confirm_ask="На адресу, куди надійшло це посилання, мають надходити сповіщення для «{name}». Вони вам потрібні?",
    confirm_send="Так, надсилайте сповіщення",
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


def words_of(language: str) -> Words:
    """The words of a language tag such as "uk" or "uk-UA"; English for a language that has none."""
    return _LANGUAGES.get(language.replace("_", "-").partition("-")[0].strip().lower(), ENGLISH)
