"""Why the articles of a story are one, in words."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sectorwatch.cli.output import safe, say, write_json
from sectorwatch.clock import ago
from sectorwatch.errors import ConfigurationError
from sectorwatch.plurals import counted

Explain = Annotated[int | None, typer.Option("--explain", metavar="ID", help="Why the articles of this story are one.")]


def explain(story_id: int, json: bool) -> None:
    """Prints the articles of a story, each with the reason for which it belongs to it."""
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.views.stories import story_view

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        story = story_view(work, story_id)
    if story is None:
        raise ConfigurationError(f"there is no story {story_id}: 'sectorwatch stories' shows their numbers")
    if json:
        named = ("id", "title", "url", "publisher", "language", "published_at", "first_seen_at", "story_reason")
        members: list[dict[str, Any]] = [
            {name: getattr(one, name) for name in named} | {"lead": one.id == story.lead} for one in story.members
        ]
        write_json(
            {"id": story.id, "articles": story.articles, "sources": story.sources, "members": members}
            | {"links": story.links}
        )
        return
    told = f"{counted(story.articles, 'article')} of {counted(story.sources, 'source')}"
    say(f"story {story.id}: {told}, last {ago(story.last_seen_at, now)}")
    for one in story.members:
        said = ", ".join(
            part for part in (one.publisher, one.language, ago(one.published_at or one.first_seen_at, now)) if part
        )
        say(f"{'lead' if one.id == story.lead else '    '}  {one.id}  {safe(one.title)}  ({safe(said)})")
        say(f"      {safe(one.story_reason)}")
    if len(story.members) < story.articles:
        say(f"      and {counted(story.articles - len(story.members), 'later one')}")
    for link in story.links:
        say(f"see   story {link.other_id}  {safe(link.title)}  ({link.language})")
        say(f"      {safe(link.reason)}")
