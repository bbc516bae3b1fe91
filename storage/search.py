"""Full-text search over normalised text, the same on both databases.

The caller hands in text that is already normalised and has no apostrophes inside words (`extractors.text`): SQLite's
tokenizer would split Куп'янськ, and PostgreSQL has no configuration for Ukrainian ("simple" takes words as they are).
"""

from __future__ import annotations

import re

from sqlalchemy import text as sql

from storage.unit_of_work import Work

_WORDS = re.compile(r"[^\W_]+")


def index_article(work: Work, article_id: int, *, title: str, text: str) -> None:
    """Makes an article findable, in place of what was indexed for it before."""
    connection = work.connection
    if work.postgresql:
        statement = (
            "INSERT INTO article_search (article_id, document) VALUES"
            " (:id, setweight(to_tsvector('simple', :title), 'A') || to_tsvector('simple', :body))"
            " ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
        )
        connection.execute(sql(statement), {"id": article_id, "title": title, "body": text[:900_000]})  # 1 MB limit
    else:
        connection.execute(sql("DELETE FROM article_search WHERE rowid = :id"), {"id": article_id})
        statement = "INSERT INTO article_search (rowid, title, body) VALUES (:id, :title, :body)"
        connection.execute(sql(statement), {"id": article_id, "title": title, "body": text})


def search(work: Work, query: str, *, limit: int) -> list[int]:
    """Ids of the articles that hold every word of the normalised `query`, best first; a trailing * takes any ending."""
    terms = [(word, query[end : end + 1] == "*") for word, end in ((m[0], m.end()) for m in _WORDS.finditer(query))]
    if not terms:
        return []
    if work.postgresql:
        match = " & ".join(f"{word}:*" if prefix else word for word, prefix in terms)
        statement = (
            "SELECT article_id FROM article_search, to_tsquery('simple', :match) q WHERE document @@ q"
            " ORDER BY ts_rank(document, q) DESC, article_id DESC LIMIT :limit"
        )
    else:
        match = " ".join(f'"{word}"*' if prefix else f'"{word}"' for word, prefix in terms)
        statement = (
            "SELECT rowid FROM article_search WHERE article_search MATCH :match"
            " ORDER BY bm25(article_search, 4.0, 1.0), rowid DESC LIMIT :limit"
        )
    return list(work.connection.execute(sql(statement), {"match": match, "limit": limit}).scalars())
