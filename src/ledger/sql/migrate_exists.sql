-- Whether anything was ever migrated here.
-- Parameters: none.   Returns: bool.   Locks: none.
SELECT to_regclass('public.schema_migration') IS NOT NULL
