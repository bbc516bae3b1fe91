"""What full-text search looks through: the words of each article, on both databases.

The caller hands in text that is already normalised and has no apostrophes inside words (`extractors.text`): SQLite's
tokenizer would split Куп'янськ, and PostgreSQL has no configuration for Ukrainian ("simple" takes words as they are).
"""

from __future__ import annotations

import re

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql

from storage.search.sources import marks_of
from storage.tables import articles
from storage.unit_of_work import Work

_WORDS = re.compile(r"[^\W_]+")
_MOST_INDEXED = 450_000  # characters: PostgreSQL takes 1 MB
_PUT_POSTGRESQL = sql(
    "INSERT INTO article_search (article_id, document) VALUES"
    " (:id, setweight(to_tsvector('simple', :title), 'A') || to_tsvector('simple', :body))"
    " ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
)
_DROP_SQLITE = sql("DELETE FROM article_search WHERE rowid = :id")
_PUT_SQLITE = sql("INSERT INTO article_search (rowid, title, body) VALUES (:id, :title, :body)")
_SOURCE = select(articles.c.feed_id, articles.c.publisher).where(articles.c.id == bindparam("id"))


def index_article(
    work: Work, article_id: int, *, title: str, text: str, source: tuple[int | None, str] | None = None
) -> None:
    """Makes a stored article findable, in place of what was indexed for it before.

    A new one comes with its `source`, which is its feed and publisher, and nothing was indexed for it.
    """
    connection = work.connection
    if work.postgresql:
        # Words alone, for PostgreSQL's parser takes example.com, і/або and 3.5 for one word each, and FTS5 does not.
        title, text = (" ".join(_WORDS.findall(part[:_MOST_INDEXED])) for part in (title, text))
        work.later(_PUT_POSTGRESQL, {"id": article_id, "title": title, "body": text})
        return
    if source is None:
        work.settle(_PUT_SQLITE)
        connection.execute(_DROP_SQLITE, {"id": article_id})
        source = connection.execute(_SOURCE, {"id": article_id}).tuples().one()
    work.later(_PUT_SQLITE, {"id": article_id, "title": title, "body": f"{text}\n{marks_of(*source)}"})
