"""The examples at the end of each command's help, in the order in which they make sense one after another.

A test reads each by the parser, another runs them in this order on the store of a demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import typer
from typer.main import get_command_name

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "": (
        "sectorwatch demo",
        "sectorwatch apply sectorwatch.toml && sectorwatch run",
        "sectorwatch mentions --sector kupiansk --since 24h",
    ),
    "demo": ("sectorwatch demo", "sectorwatch demo --folder /tmp/demo --fresh"),
    "apply": ("sectorwatch apply sectorwatch.toml --dry-run", "sectorwatch apply sectorwatch.toml"),
    "run": ("sectorwatch run", "sectorwatch run --json"),
    "up": ("sectorwatch up", "sectorwatch up --every 120 --no-web"),
    "deploy": ("sectorwatch deploy --check", "sectorwatch deploy --slots 2"),
    "status": ("sectorwatch status", "sectorwatch status --json"),
    "doctor": ("sectorwatch doctor", "sectorwatch doctor --settings"),
    "detect": (
        'echo "Бої на Куп\'янському напрямку тривають." | sectorwatch detect --explain',
        'sectorwatch detect article.txt --title "Headline" --json',
    ),
    "extract": (
        "sectorwatch extract page.html --url https://example.org/news/1 --explain",
        "sectorwatch extract --article 1 --json",
    ),
    "mentions": ("sectorwatch mentions --sector kupiansk --since 24h", "sectorwatch mentions --lang uk --every --json"),
    "stories": ("sectorwatch stories --sector kupiansk --limit 10", "sectorwatch stories --explain 1"),
    "search": ('sectorwatch search "Куп\'янськ дрони since:7d"', 'sectorwatch search "sector:kupiansk convoy" --json'),
    "redetect": ("sectorwatch redetect --since 30d", "sectorwatch redetect --since 30d --apply"),
    "re-extract": ("sectorwatch re-extract --since 3d", "sectorwatch re-extract --since 3d --apply"),
    "feeds": ("sectorwatch feeds list", "sectorwatch feeds check https://news.example.org"),
    "feeds list": ("sectorwatch feeds list", "sectorwatch feeds list --state failing --state silent --json"),
    "feeds show": ("sectorwatch feeds show 3", "sectorwatch feeds show 3 --polls 50 --json"),
    "feeds add": (
        'sectorwatch feeds add https://news.example.org/rss --publisher "Example News" --language uk --side ukrainian',
    ),
    "feeds set": ('sectorwatch feeds set 3 --publisher "Ministry of Defence" --country UA --side official',),
    "feeds pause": ('sectorwatch feeds pause 3 --for 6h --reason "they asked us to"',),
    "feeds resume": ("sectorwatch feeds resume 3",),
    "feeds check": ("sectorwatch feeds check https://news.example.org", "sectorwatch feeds check 3 --json"),
    "feeds import": (
        "sectorwatch feeds import subscriptions.opml --dry-run",
        "sectorwatch feeds import - < addresses.txt",
    ),
    "feeds export": ("sectorwatch feeds export > feeds.opml",),
    "feeds remove": ("sectorwatch feeds remove 3",),
    "sectors": ("sectorwatch sectors list", 'sectorwatch sectors forms --find "у Куп\'янську"'),
    "sectors list": ("sectorwatch sectors list", "sectorwatch sectors list --json"),
    "sectors show": ("sectorwatch sectors show kupiansk",),
    "sectors forms": (
        "sectorwatch sectors forms kupiansk --lang uk",
        'sectorwatch sectors forms --find "у Куп\'янську"',
    ),
    "sectors check": ("sectorwatch sectors check my-sector.toml --since 30d",),
    "subscribers": ("sectorwatch subscribers list", "sectorwatch subscribers add Olena --zone Europe/Kyiv"),
    "subscribers add": ("sectorwatch subscribers add Olena --zone Europe/Kyiv --language uk",),
    "subscribers list": ("sectorwatch subscribers list", "sectorwatch subscribers list --json"),
    "subscribers export": ("sectorwatch subscribers export Olena > olena.json",),
    "targets": ("sectorwatch targets list", "sectorwatch targets test 1"),
    "targets add": (
        "sectorwatch targets add Olena mail --to olena@example.org",
        "sectorwatch targets add Olena phone --kind apprise --to env:NTFY_URL",
        "sectorwatch targets add Olena chat --given-by-reader --to - < address.txt",
    ),
    "targets list": ("sectorwatch targets list", "sectorwatch targets list --json"),
    "targets ask": ("sectorwatch targets ask 3",),
    "targets confirm": ("sectorwatch targets confirm 3",),
    "targets disable": ('sectorwatch targets disable 3 --reason "on holiday"',),
    "targets enable": ("sectorwatch targets enable 3",),
    "targets test": ("sectorwatch targets test 1",),
    "subscriptions": (
        "sectorwatch subscriptions list",
        "sectorwatch subscriptions preview --sector kupiansk --days 7",
    ),
    "subscriptions add": (
        "sectorwatch subscriptions add Olena --sector kupiansk --sector lyman --quiet 22:00-07:00",
        "sectorwatch subscriptions add Olena --name evening --sector pokrovsk --digest day --digest-at 18:00",
    ),
    "subscriptions list": ("sectorwatch subscriptions list", "sectorwatch subscriptions list --json"),
    "subscriptions preview": (
        "sectorwatch subscriptions preview Olena/default --days 30",
        "sectorwatch subscriptions preview --sector kupiansk --min-score 0.7 --hourly-cap 5",
    ),
    "subscriptions restart": ("sectorwatch subscriptions restart 2",),
    "subscriptions remove": ("sectorwatch subscriptions remove 2 --yes",),
    "deliveries": ("sectorwatch deliveries list --state dead", "sectorwatch deliveries show 1"),
    "deliveries list": (
        "sectorwatch deliveries list --state dead --since 24h",
        "sectorwatch deliveries list --sector kupiansk --json",
    ),
    "deliveries show": ("sectorwatch deliveries show 1", "sectorwatch deliveries show 1 --message"),
    "deliveries retry": ("sectorwatch deliveries retry --target 1 --since 24h --dry-run",),
    "suppressions": ("sectorwatch suppressions --summary", "sectorwatch suppressions --code baseline --since 24h"),
    "pause": ('sectorwatch pause --reason "the relay is being replaced"',),
    "resume": ("sectorwatch resume",),
    "silence": ("sectorwatch silence list", 'sectorwatch silence add --sector kupiansk --for 6h --reason "exercise"'),
    "silence add": (
        'sectorwatch silence add --sector kupiansk --for 6h --reason "exercise"',
        'sectorwatch silence add --subscription Olena/evening --for 2d --reason "on holiday"',
    ),
    "silence list": ("sectorwatch silence list", "sectorwatch silence list --all --json"),
    "silence end": ("sectorwatch silence end 1",),
    "storm": ("sectorwatch storm show",),
    "storm show": ("sectorwatch storm show", "sectorwatch storm show --json"),
    "storm release": ("sectorwatch storm release",),
    "storm drop": ('sectorwatch storm drop --reason "an archive was published anew"',),
    "false-alarms": ("sectorwatch false-alarms", "sectorwatch false-alarms --limit 500 --json"),
    "notices": ("sectorwatch notices", "sectorwatch notices test"),
    "notices list": ("sectorwatch notices list", "sectorwatch notices list --limit 100 --json"),
    "notices send": ("sectorwatch notices send",),
    "notices test": ("sectorwatch notices test", "sectorwatch notices test --target chat"),
    "web": ("sectorwatch web", "sectorwatch web --host 127.0.0.1 --port 8080"),
    "tokens": ("sectorwatch tokens list",),
    "tokens add": ('sectorwatch tokens add "newsroom dashboard"',),
    "tokens list": ("sectorwatch tokens list", "sectorwatch tokens list --json"),
    "tokens remove": ('sectorwatch tokens remove "newsroom dashboard"',),
    "links": ("sectorwatch links rotate",),
    "links rotate": ("sectorwatch links rotate",),
    "links forget": ("sectorwatch links forget",),
    "targets remove": ("sectorwatch targets remove 3 --yes",),
    "subscribers erase": ("sectorwatch subscribers erase Olena --yes",),
    "db": ("sectorwatch db version", "sectorwatch db backup sectorwatch-$(date +%F).db"),
    "db upgrade": ("sectorwatch db upgrade",),
    "db version": ("sectorwatch db version", "sectorwatch db version --json"),
    "db backup": ("sectorwatch db backup sectorwatch-$(date +%F).db --force",),
    "db prune": ("sectorwatch db prune --dry-run", "sectorwatch db prune"),
    "db compact": ("sectorwatch db compact",),
    "db restore": (
        "sectorwatch db restore sectorwatch-$(date +%F).db --dry-run",
        "sectorwatch -c other.toml db restore sectorwatch-$(date +%F).db",
    ),
}


def teach(app: typer.Typer) -> None:
    """Puts its examples behind the help of every command and group."""
    for path, info in _all(app):
        found = EXAMPLES.get(path, ())
        if found:
            said = f"\n\n{info.epilog}" if isinstance(info.epilog, str) else ""
            info.epilog = "\n".join(("\b", "Examples:", *(f"  {line}" for line in found))) + said


def _all(app: typer.Typer, path: str = "") -> Iterator[tuple[str, typer.models.TyperInfo | typer.models.CommandInfo]]:
    """Every command and group, by its words."""
    yield path, app.info
    for command in app.registered_commands:
        assert command.callback is not None
        yield f"{path} {command.name or get_command_name(command.callback.__name__)}".strip(), command
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from _all(group.typer_instance, f"{path} {group.name}".strip())
