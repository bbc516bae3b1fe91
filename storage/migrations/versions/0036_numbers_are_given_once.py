"""On SQLite the number of a removed row is given to no new one, where numbers go out: PostgreSQL never did.

Links in messages, webhooks, the interface and notes of operators name rows by their numbers. SQLite gives the highest
number again once its row was removed, unless a table says AUTOINCREMENT; and it has no statement for saying so later.
Building a table anew would copy every article. What is stored does not change by it, though: so the words of the
schema are changed alone, as https://www.sqlite.org/lang_altertable.html#otheralter has it for such a case.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from storage.migrations.writable_schema import writable_schema

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = (
    "alerts", "articles", "cycles", "deliveries", "entries", "feeds", "former_addresses", "jobs", "notices",
    "silences", "stories", "subscribers", "subscriptions", "suppressions", "targets",
)  # fmt: skip
_BEFORE, _AFTER = "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"
_WORDS = text(
    "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
    " WHERE type = 'table' AND name = :table AND instr(sql, :before) > 0"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    # SQLite keeps the highest numbers in a table that it makes with the first such table. That a table comes and goes
    # tells every other connection to read the schema again.
    op.execute("CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    with writable_schema():
        for table in TABLES:
            changed = connection.execute(_WORDS, {"before": _BEFORE, "after": _AFTER, "table": table})
            if changed.rowcount != 1:
                raise RuntimeError(f"the table {table} is not as the migrations before made it")
    op.execute("DROP TABLE numbered")
    for table in TABLES:
        highest = f"SELECT '{table}', max(id) FROM {table} WHERE id > 0 HAVING max(id) > 0"  # noqa: S608 - our own names
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) {highest}")
