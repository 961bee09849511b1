"""Where what must last is kept: SQLite in a file, or PostgreSQL."""
