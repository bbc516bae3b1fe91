"""The words of the operators' pages. What is stored (reasons, answers of servers) stays as it is stored, in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sectorwatch.web.words import spoken


@dataclass(frozen=True, kw_only=True)
class OperatorWords:
    """One language. What stands in braces is filled in; no phrase needs a plural."""

    language: str  # ISO 639-1
    units: tuple[str, str, str, str]  # days, hours, minutes, seconds
    past: str
    coming: str
    never: str
    rooms: Mapping[str, str]  # by path
    login: str
    login_note: str
    password: str
    logged_out: str
    wrong_password: str
    too_many: str
    too_old: str
    by_proxy: str
    logout: str
    well: str
    no_feeds: str
    no_feeds_todo: str
    not_well: str
    kinds: Mapping[str, str]
    advice: Mapping[str, str]
    told: str
    no_notices: str
    alerts: str
    alerts_on: str
    alerts_paused: str
    alerts_held: str
    pause_all: str
    resume_all: str
    reason: str
    waits: str
    backlogs: Mapping[str, str]
    due: str
    nothing_due: str
    totals: Mapping[str, str]
    cycles: str
    no_cycles: str
    running: str
    cycle: Mapping[str, str]
    columns: Mapping[str, str]
    filters: str
    apply: str
    any: str
    periods: Mapping[str, str]
    shown: str
    page: str
    before: str
    after: str
    empty: str
    none: str
    export: str
    done: Mapping[str, str]
    feed_states: Mapping[str, str]
    feed_advice: Mapping[str, str]
    facts: Mapping[str, str]  # of one feed, subscription or delivery
    readings: Mapping[str, str]  # how far the page of an entry has been read
    polls: str
    entries: str
    poll_now: str
    pause: str
    until: str
    pauses: Mapping[str, str]
    delivery_states: Mapping[str, str]
    delivery_kinds: Mapping[str, str]
    left_alone: str
    asked_to_wait: str
    delivery: str
    attempts: str
    no_attempts: str
    message: str
    no_message: str
    replay: str
    replay_one: str
    replay_unknown: str
    replay_note: str
    replay_count: str
    replay_last: str
    replay_left: str
    replay_unknown_too: str
    replay_changed: str
    replay_none: str
    yes: str
    no: str
    every_sector: str
    disabled: str
    enable: str
    disable: str
    test: str
    test_note: str
    test_failed: str
    test_advice: Mapping[str, str]  # by kind of outcome
    restart: str
    restart_note: str
    nobody: str
    causes: str
    text: str
    no_text: str
    mentions: str
    deliveries_of: str
    suppressions_of: str
    for_operators: str
    nothing_here: str
    nothing_here_note: str
    refused: str

    def ago(self, moment: datetime | None, now: datetime) -> str:
        """How long ago, or in how long, in the largest unit."""
        if moment is None:
            return self.never
        size = self.lasting(abs(now - moment))
        return (self.past if now >= moment else self.coming).format(size)

    def lasting(self, time: timedelta) -> str:
        seconds = int(time.total_seconds())
        for length, unit in zip((86400, 3600, 60), self.units, strict=False):
            if seconds >= length:
                return f"{seconds // length} {unit}"
        return f"{seconds} {self.units[-1]}"


ENGLISH = OperatorWords(
    language="en",
    units=("d", "h", "min", "s"),
    past="{} ago",
    coming="in {}",
    never="never",
    rooms=MappingProxyType(
        {
            "ops": "Overview",
            "ops/feeds": "Feeds",
            "ops/deliveries": "Deliveries",
            "ops/subscriptions": "Subscriptions",
            "ops/subscribers": "Subscribers",
            "ops/targets": "Targets",
            "ops/suppressions": "Not sent",
        }
    ),
    login="Log in",
    login_note="These pages are for those who run Sectorwatch.",
    password="Password",  # noqa: S106
    logged_out="You are logged out.",
    wrong_password="This is not the password.",  # noqa: S106
    too_many="Too many tries. Wait {seconds} seconds, then try again.",
    too_old="This form was too old, or was not made for you. Try it again.",
    by_proxy="Operators come here through their own proxy, which has not named you.",
    logout="Log out",
    well="Everything works",
    no_feeds="No feed is watched yet",
    no_feeds_todo="List some in the configuration file and run “sectorwatch apply”, or use “sectorwatch feeds add”.",
    not_well="What is wrong: {count}",
    kinds=MappingProxyType(
        {
            "feed_failing": "A feed fails",
            "feed_silent": "A feed is silent",
            "feed_gone": "A feed is gone",
            "feed_moved": "A feed has moved",
            "feed_missed": "Items may have been missed",
            "delivery_dead": "Messages were given up",
            "target_circuit": "A target is not reached",
            "target_disabled": "A target is disabled",
            "cycle_overdue": "No cycle ends",
            "delivery_stopped": "Nobody sends",
            "network_down": "Our network is down",
            "run_failed": "A scheduled run failed",
            "no_room": "The disk of the store fills up",
            "quarantine": "An input was put aside",
            "alerts_held": "The storm brake holds alerts",
            "alerts_paused": "All alerts are paused",
        }
    ),
    advice=MappingProxyType(
        {
            "feed_failing": "Look at its last polls. It is tried again by itself.",
            "feed_silent": "Look whether its site has news that the feed has not.",
            "feed_gone": "Look for its new address, or take it out.",
            "feed_moved": "Correct the address in the file.",
            "feed_missed": "Nothing: it is polled more often now.",
            "delivery_dead": "See why; once it is mended, send them again.",
            "target_circuit": "See what its server answers. It is tried again by itself.",
            "target_disabled": "Correct its address, then enable it.",
            "cycle_overdue": "Look whether “sectorwatch up” or a worker runs.",
            "delivery_stopped": "Look whether “sectorwatch up” or a worker runs.",
            "network_down": "Look at the network and name server of this machine.",
            "run_failed": "Read why on Prefect’s page of that run.",
            "no_room": "Free some, or shorten what is kept.",
            "quarantine": "Nothing, if the rest works; the runbook says more.",
            "alerts_held": "sectorwatch storm show, then release or drop.",
            "alerts_paused": "Let them go again below, if that was forgotten.",
        }
    ),
    told="Open notices",
    no_notices="Operators have been told of nothing that lasts.",
    alerts="Alerts",
    alerts_on="Alerts go out.",
    alerts_paused="All alerts are paused",
    alerts_held="The storm brake holds alerts",
    pause_all="Pause all alerts",
    resume_all="Let alerts go again",
    reason="Why, for your colleagues",
    waits="waiting: {count}",
    backlogs=MappingProxyType({"feeds": "Feeds to poll", "pages": "Pages to read", "deliveries": "Messages to send"}),
    due="{count} due, the first {ago}",
    nothing_due="nothing is due",
    totals=MappingProxyType(
        {
            "feeds": "Feeds",
            "articles": "Articles",
            "stories": "Stories",
            "deliveries_sent": "Messages sent",
            "dead_24h": "Given up in 24 hours",
            "targets": "Targets",
        }
    ),
    cycles="Last cycles",
    no_cycles="No cycle has run yet.",
    running="running, or killed",
    cycle=MappingProxyType(
        {
            "began": "Began",
            "took": "Took",
            "polled": "Feeds polled",
            "new": "New entries",
            "read": "Articles read",
            "alerts": "Alerts",
            "failed": "Failed",
        }
    ),
    columns=MappingProxyType(
        {
            "feed": "Feed",
            "state": "State",
            "since": "Since",
            "next": "Next poll",
            "last_new": "Last new",
            "entries": "Entries",
            "publisher": "Publisher",
            "side": "Side",
            "language": "Language",
            "at": "When",
            "outcome": "Outcome",
            "http": "HTTP",
            "took": "Took",
            "listed": "Listed",
            "new": "New",
            "why": "Why",
            "delivery": "Delivery",
            "kind": "Kind",
            "sector": "Sector",
            "subscriber": "Subscriber",
            "subscription": "Subscription",
            "target": "Target",
            "attempts": "Attempts",
            "due": "Sent or due",
            "n": "Attempt",
            "answer": "Answer",
            "sectors": "Sectors and places",
            "when": "When they come",
            "targets": "Targets",
            "zone": "Time zone",
            "subscriptions": "Subscriptions",
            "added": "Added",
            "sending": "Sending",
            "confirmed": "Confirmed",
            "cause": "Cause",
            "article": "Article",
            "title": "Title",
        }
    ),
    filters="Filters",
    apply="Show",
    any="any",
    periods=MappingProxyType({"": "any time", "1": "24 hours", "7": "7 days", "30": "30 days"}),
    shown="Shown: {first} to {last}",
    page="Pages of this list",
    before="Back",
    after="Next",
    empty="Nothing is like that.",
    none="None.",
    export="As a file",
    done=MappingProxyType(
        {
            "paused": "Paused.",
            "resumed": "Done: it goes on.",
            "polled_next": "It is polled at the next cycle.",
            "replayed": "Back in the queue: {count}.",
            "replay_left": "It was left as it is: it has been sent, is on its way, or must not be sent.",
            "enabled": "The target is enabled.",
            "disabled": "The target is disabled: nothing is sent there, and nothing kept for it.",
            "test_sent": "The test message was accepted.",
            "restarted": "The subscription begins anew, from now on.",
        }
    ),
    feed_states=MappingProxyType(
        {
            "ok": "ok",
            "new": "new",
            "missed": "missed items",
            "moved": "moved",
            "silent": "silent",
            "failing": "failing",
            "html": "answers a web page",
            "gone": "gone",
            "paused": "paused",
        }
    ),
    feed_advice=MappingProxyType(
        {
            "new": "Nothing: it is polled with the next cycle. What it lists then is stored and not told.",
            "missed": "Nothing: it is polled more often now.",
            "moved": "Correct the address in the file to the one that it leads to.",
            "silent": "Look whether its site has news that the feed has not.",
            "failing": "Open its address in a browser. It is tried again by itself; “Poll now” does not wait.",
            "html": "Open its address in a browser: it may have moved, or want to see a person.",
            "gone": "Look for its new address, or take it out. It is asked once a week.",
            "paused": "“Poll now” ends the pause.",
        }
    ),
    facts=MappingProxyType(
        {
            "address": "Address",
            "source": "Source",
            "rhythm": "Rhythm",
            "polled": "Polled",
            "missed": "Missed",
            "host": "Host",
            "added": "Added",
            "id": "Id",
            "why": "Why",
            "of": "Of",
            "to": "To",
            "due": "Due",
            "sent": "Sent",
            "stories": "Stories",
        }
    ),
    readings=MappingProxyType(
        {
            "waiting": "to be read",
            "again": "read, to be read again",
            "retry": "could not be read, is tried again",
            "read": "read",
            "feed_text": "could not be read: the feed's own text stays",
            "quarantined": "not read: it stopped its reader twice",
        }
    ),
    polls="Last polls",
    entries="Newest entries",
    poll_now="Poll now",
    pause="Pause",
    until="For how long",
    pauses=MappingProxyType({"6h": "6 hours", "1d": "a day", "7d": "a week", "": "until it is resumed"}),
    delivery_states=MappingProxyType(
        {
            "held": "held until its time",
            "pending": "waits",
            "leased": "being sent",
            "sent": "sent",
            "retry": "will be tried again",
            "unknown": "may have arrived",
            "dead": "given up",
            "suppressed": "not to be sent",
        }
    ),
    delivery_kinds=MappingProxyType(
        {"alert": "alert", "digest": "digest", "notice": "notice", "confirmation": "confirmation"}
    ),
    left_alone="The target is left alone until {until}, after failures in a row: {n}.",
    asked_to_wait="The target asked us to wait until {until}.",
    delivery="Delivery {id}",
    attempts="Attempts",
    no_attempts="Nobody has tried yet.",
    message="The message",
    no_message="It is not written yet.",
    replay="Send again what was given up …",
    replay_one="Send it again",
    replay_unknown="It may have arrived. Sent again, it could come twice.",
    replay_note="What was given up goes back in the queue, the oldest first; a target gets 30 a minute at most.",
    replay_count="Would be sent again: {count}",
    replay_last="The last of them {ago}.",
    replay_left="Left as they are:",
    replay_unknown_too="also what may have arrived",
    replay_changed="Meanwhile it is another number. Look at it, and confirm anew.",
    replay_none="There is nothing to send again.",
    yes="yes",
    no="no",
    every_sector="every sector",
    disabled="disabled",
    enable="Enable",
    disable="Disable",
    test="Send a test message",
    test_note="A real message goes there.",
    test_failed="The test message was not accepted",
    test_advice=MappingProxyType(
        {
            "permanent": "It would be refused again. Check the address, correct it with “sectorwatch targets add” or"
            " in the applied file, and see at the receiver whether it takes messages.",
            "retryable": "It may pass: alerts are tried again by themselves for a day. If it stays so, see whether"
            " the receiver runs; for e-mail, check [mail] and the relay’s log.",
            "unknown": "It may have arrived. Look there, or ask whoever reads it, before you send it again.",
        }
    ),
    restart="Begin anew",
    restart_note="Takes back what its readers did by links: an end, a pause, changes.",
    nobody="nowhere",
    causes="How many, by cause",
    text="The whole text",
    no_text="No text is kept.",
    mentions="Mentions",
    deliveries_of="Messages",
    suppressions_of="Not sent",
    for_operators="For operators: text, messages, reasons",
    nothing_here="No such page",
    nothing_here_note="Whatever it was may have been removed with its time.",
    refused="That did not work",
)

UKRAINIAN = OperatorWords(
    language="uk",
    units=("д", "год", "хв", "с"),
    past="{} тому",
    coming="через {}",
    never="ніколи",
    rooms=MappingProxyType(
        {
            "ops": "Огляд",
            "ops/feeds": "Стрічки",
            "ops/deliveries": "Повідомлення",
            "ops/subscriptions": "Підписки",
            "ops/subscribers": "Підписники",
            "ops/targets": "Адреси",
            "ops/suppressions": "Не надіслано",
        }
    ),
    login="Увійти",
    login_note="Ці сторінки — для тих, хто веде Sectorwatch.",
    password="Пароль",  # noqa: S106
    logged_out="Ви вийшли.",
    wrong_password="Це не той пароль.",  # noqa: S106
    too_many="Забагато спроб. Зачекайте (секунд: {seconds}) і спробуйте ще раз.",
    too_old="Ця форма застаріла або призначена не вам. Спробуйте ще раз.",
    by_proxy="Оператори заходять сюди через власний проксі-сервер, а він вас не назвав.",
    logout="Вийти",
    well="Усе працює",
    no_feeds="Ще не відстежується жодна стрічка",
    no_feeds_todo="Впишіть їх у файл налаштувань і виконайте «sectorwatch apply» або додайте: «sectorwatch feeds add».",
    not_well="Що не так: {count}",
    kinds=MappingProxyType(
        {
            "feed_failing": "Стрічка не працює",
            "feed_silent": "Стрічка мовчить",
            "feed_gone": "Стрічки більше немає",
            "feed_moved": "Стрічка переїхала",
            "feed_missed": "Могли пропустити записи",
            "delivery_dead": "Повідомлення не вдалося надіслати",
            "target_circuit": "Адреса недосяжна",
            "target_disabled": "Адресу вимкнено",
            "cycle_overdue": "Цикли не завершуються",
            "delivery_stopped": "Ніхто не надсилає",
            "network_down": "Наша мережа не працює",
            "run_failed": "Запланований запуск не вдався",
            "no_room": "На диску сховища бракує місця",
            "quarantine": "Матеріал відкладено",
            "alerts_held": "Сповіщення затримано через лавину",
            "alerts_paused": "Усі сповіщення призупинено",
        }
    ),
    advice=MappingProxyType(
        {
            "feed_failing": "Перегляньте останні опитування. Спроби тривають самі.",
            "feed_silent": "Перевірте, чи є на сайті новини, яких немає в стрічці.",
            "feed_gone": "Знайдіть нову адресу або приберіть стрічку.",
            "feed_moved": "Виправте адресу у файлі.",
            "feed_missed": "Нічого: тепер її опитують частіше.",
            "delivery_dead": "З’ясуйте причину; коли її усунено, надішліть ще раз.",
            "target_circuit": "Подивіться, що відповідає сервер. Спроби тривають самі.",
            "target_disabled": "Виправте адресу, а тоді ввімкніть.",
            "cycle_overdue": "Перевірте, чи працює «sectorwatch up» або виконавець.",
            "delivery_stopped": "Перевірте, чи працює «sectorwatch up» або виконавець.",
            "network_down": "Перевірте мережу й сервер імен цієї машини.",
            "run_failed": "Причина — на сторінці цього запуску в Prefect.",
            "no_room": "Звільніть місце або скоротіть строки зберігання.",
            "quarantine": "Нічого, якщо решта працює; докладніше — у довіднику.",
            "alerts_held": "sectorwatch storm show, а тоді release або drop.",
            "alerts_paused": "Поновіть нижче, якщо про це забули.",
        }
    ),
    told="Чинні попередження",
    no_notices="Операторів не попереджено ні про що, що триває.",
    alerts="Сповіщення",
    alerts_on="Сповіщення надсилаються.",
    alerts_paused="Усі сповіщення призупинено",
    alerts_held="Сповіщення затримано через лавину",
    pause_all="Призупинити всі сповіщення",
    resume_all="Поновити сповіщення",
    reason="Чому, для колег",
    waits="чекає: {count}",
    backlogs=MappingProxyType(
        {"feeds": "Стрічки до опитування", "pages": "Сторінки до читання", "deliveries": "Повідомлення до надсилання"}
    ),
    due="{count}, перше чекає від: {ago}",
    nothing_due="нічого не чекає",
    totals=MappingProxyType(
        {
            "feeds": "Стрічки",
            "articles": "Статті",
            "stories": "Новини",
            "deliveries_sent": "Надіслано повідомлень",
            "dead_24h": "Не вдалося за добу",
            "targets": "Адреси",
        }
    ),
    cycles="Останні цикли",
    no_cycles="Ще не було жодного циклу.",
    running="триває або перервано",
    cycle=MappingProxyType(
        {
            "began": "Початок",
            "took": "Тривалість",
            "polled": "Опитано стрічок",
            "new": "Нових записів",
            "read": "Прочитано статей",
            "alerts": "Сповіщень",
            "failed": "Не вдалося",
        }
    ),
    columns=MappingProxyType(
        {
            "feed": "Стрічка",
            "state": "Стан",
            "since": "Відколи",
            "next": "Наступне опитування",
            "last_new": "Останнє нове",
            "entries": "Записів",
            "publisher": "Видання",
            "side": "Сторона",
            "language": "Мова",
            "at": "Коли",
            "outcome": "Наслідок",
            "http": "HTTP",
            "took": "Тривалість",
            "listed": "У стрічці",
            "new": "Нових",
            "why": "Чому",
            "delivery": "Повідомлення",
            "kind": "Вид",
            "sector": "Напрямок",
            "subscriber": "Підписник",
            "subscription": "Підписка",
            "target": "Адреса",
            "attempts": "Спроб",
            "due": "Надіслано чи має бути",
            "n": "Спроба",
            "answer": "Відповідь",
            "sectors": "Напрямки й місця",
            "when": "Коли надходять",
            "targets": "Адреси",
            "zone": "Часовий пояс",
            "subscriptions": "Підписок",
            "added": "Додано",
            "sending": "Надсилання",
            "confirmed": "Підтверджено",
            "cause": "Причина",
            "article": "Стаття",
            "title": "Заголовок",
        }
    ),
    filters="Фільтри",
    apply="Показати",
    any="будь-що",
    periods=MappingProxyType({"": "за весь час", "1": "за добу", "7": "за 7 днів", "30": "за 30 днів"}),
    shown="Показано: {first}–{last}",
    page="Сторінки цього списку",
    before="Назад",
    after="Далі",
    empty="Такого немає.",
    none="Немає.",
    export="Файлом",
    done=MappingProxyType(
        {
            "paused": "Призупинено.",
            "resumed": "Готово: триває далі.",
            "polled_next": "Її буде опитано в наступному циклі.",
            "replayed": "Знову в черзі: {count}.",
            "replay_left": "Залишено як є: уже надіслано, надсилається або надсилати не слід.",
            "enabled": "Адресу ввімкнено.",
            "disabled": "Адресу вимкнено: туди нічого не надсилається й не зберігається.",
            "test_sent": "Пробне повідомлення прийнято.",
            "restarted": "Підписка починається наново, відтепер.",
        }
    ),
    feed_states=MappingProxyType(
        {
            "ok": "справна",
            "new": "нова",
            "missed": "пропущено записи",
            "moved": "переїхала",
            "silent": "мовчить",
            "failing": "не працює",
            "html": "відповідає вебсторінкою",
            "gone": "зникла",
            "paused": "призупинена",
        }
    ),
    feed_advice=MappingProxyType(
        {
            "new": "Нічого: її опитає наступний цикл. Те, що в ній тоді є, зберігається без сповіщень.",
            "missed": "Нічого: тепер її опитують частіше.",
            "moved": "Виправте адресу у файлі на ту, куди вона веде.",
            "silent": "Перевірте, чи є на сайті новини, яких немає в стрічці.",
            "failing": "Відкрийте її адресу в браузері. Спроби тривають самі; «Опитати зараз» не чекає.",
            "html": "Відкрийте її адресу в браузері: можливо, вона переїхала або пускає лише людей.",
            "gone": "Знайдіть нову адресу або приберіть стрічку. Її опитують раз на тиждень.",
            "paused": "«Опитати зараз» закінчує паузу.",
        }
    ),
    facts=MappingProxyType(
        {
            "address": "Адреса",
            "source": "Джерело",
            "rhythm": "Ритм",
            "polled": "Опитування",
            "missed": "Пропущено",
            "host": "Сервер",
            "added": "Додано",
            "id": "Ідентифікатор",
            "why": "Чому",
            "of": "Про",
            "to": "Кому",
            "due": "Має бути",
            "sent": "Надіслано",
            "stories": "Новини",
        }
    ),
    readings=MappingProxyType(
        {
            "waiting": "чекає на читання",
            "again": "прочитано, буде перечитано",
            "retry": "не прочитано, буде ще спроба",
            "read": "прочитано",
            "feed_text": "не прочитано: лишається текст стрічки",
            "quarantined": "не прочитано: двічі зупинило читача",
        }
    ),
    polls="Останні опитування",
    entries="Найновіші записи",
    poll_now="Опитати зараз",
    pause="Призупинити",
    until="На який час",
    pauses=MappingProxyType({"6h": "на 6 годин", "1d": "на добу", "7d": "на тиждень", "": "доки не поновлять"}),
    delivery_states=MappingProxyType(
        {
            "held": "чекає свого часу",
            "pending": "у черзі",
            "leased": "надсилається",
            "sent": "надіслано",
            "retry": "буде ще спроба",
            "unknown": "могло надійти",
            "dead": "не вдалося",
            "suppressed": "не надсилати",
        }
    ),
    delivery_kinds=MappingProxyType(
        {
            "alert": "сповіщення",
            "digest": "дайджест",
            "notice": "попередження",
            "confirmation": "підтвердження",
        }
    ),
    left_alone="Адресу не турбують до {until}: невдач поспіль: {n}.",
    asked_to_wait="Адреса просила зачекати до {until}.",
    delivery="Повідомлення {id}",
    attempts="Спроби",
    no_attempts="Спроб ще не було.",
    message="Текст повідомлення",
    no_message="Його ще не написано.",
    replay="Надіслати ще раз те, що не вдалося…",
    replay_one="Надіслати ще раз",
    replay_unknown="Можливо, воно надійшло. Якщо надіслати ще раз, може прийти двічі.",
    replay_note="Те, що не вдалося, повертається в чергу, найдавніше перше; на адресу — щонайбільше 30 за хвилину.",
    replay_count="Буде надіслано ще раз: {count}",
    replay_last="Останнє — {ago}.",
    replay_left="Залишається як є:",
    replay_unknown_too="також те, що могло надійти",
    replay_changed="Тим часом кількість змінилася. Перегляньте й підтвердьте ще раз.",
    replay_none="Немає чого надсилати ще раз.",
    yes="так",
    no="ні",
    every_sector="усі напрямки",
    disabled="вимкнено",
    enable="Увімкнути",
    disable="Вимкнути",
    test="Надіслати пробне повідомлення",
    test_note="Туди надійде справжнє повідомлення.",
    test_failed="Пробне повідомлення не прийнято",
    test_advice=MappingProxyType(
        {
            "permanent": "Відмовлять і наступного разу. Перевірте адресу, виправте її командою «sectorwatch targets"
            " add» або в застосованому файлі, і подивіться, чи одержувач приймає повідомлення.",
            "retryable": "Це може минути: сповіщення надсилаються знову самі, протягом доби. Якщо не минає, перевірте,"
            " чи працює одержувач; для пошти — розділ [mail] і журнал поштового сервера.",
            "unknown": "Воно могло надійти. Подивіться там або спитайте того, хто читає, перш ніж надсилати ще раз.",
        }
    ),
    restart="Почати наново",
    restart_note="Скасовує те, що зробили читачі за посиланнями: кінець, паузу, зміни.",
    nobody="нікуди",
    causes="Скільки, за причинами",
    text="Увесь текст",
    no_text="Тексту не збережено.",
    mentions="Згадки",
    deliveries_of="Повідомлення",
    suppressions_of="Не надіслано",
    for_operators="Для операторів: текст, повідомлення, причини",
    nothing_here="Такої сторінки немає",
    nothing_here_note="Можливо, те, що тут було, вже вилучено за строком.",
    refused="Не вдалося",
)

_LANGUAGES = {words.language: words for words in (ENGLISH, UKRAINIAN)}


def operator_words(language: str) -> OperatorWords:
    """The words for a language tag."""
    return spoken(_LANGUAGES, language)
