-- PostgreSQL gets row-level security here, which SQLite does not have. So that versions are the same:
SELECT 1;
