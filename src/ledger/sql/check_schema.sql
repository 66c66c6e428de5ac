-- What the database says about itself: can this program live with it, and does it keep what it promises?
-- Parameters: none.
-- Returns: newest migration int4, oldest program admitted int4, the first setting that is not durable text
--          (NULL: all are), is a standby bool.
-- Locks: none.
SELECT coalesce(max(number), 0), coalesce(max(compatible_from), 0),
       (SELECT name || ' = ' || setting FROM pg_settings
        WHERE (name IN ('fsync', 'full_page_writes') AND setting <> 'on')
           OR (name = 'synchronous_commit' AND setting IN ('off', 'local'))
        ORDER BY name LIMIT 1),
       pg_is_in_recovery()
FROM schema_migration
