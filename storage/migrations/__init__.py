"""Alembic migrations: one linear history that works on both databases."""
