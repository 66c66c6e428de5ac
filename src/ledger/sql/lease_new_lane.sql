-- A chain of one's own, where all others are in use.
-- Parameters: none.   Returns: lane int8, true.   Locks: the new row; one advisory lock, of the session.
WITH made AS (INSERT INTO lane DEFAULT VALUES RETURNING lane)
SELECT lane, pg_try_advisory_lock((x'484643'::int8 << 32) | lane) FROM made
