"""On SQLite the number of a removed gist is given to no new one: readers of pages keep what they read by its number.

As 0036 did it for the tables whose numbers go out: the words of the schema are changed alone.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from storage.migrations.writable_schema import writable_schema

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_WORDS = text(
    "UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)')"
    " WHERE type = 'table' AND name = 'gists' AND instr(sql, 'PRIMARY KEY (id)') > 0"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    op.execute("CREATE TABLE numbered (id INTEGER PRIMARY KEY)")  # as it goes, others read the schema again
    with writable_schema():
        if connection.execute(_WORDS).rowcount != 1:
            raise RuntimeError("the table gists is not as the migrations before made it")
    op.execute("DROP TABLE numbered")
    op.execute("INSERT INTO sqlite_sequence (name, seq) SELECT 'gists', max(id) FROM gists HAVING max(id) > 0")
