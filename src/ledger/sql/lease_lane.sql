-- A chain that no living session continues. The advisory lock only chooses; what is correct is the key
-- (lane, prev) of table chain. Held to the end of the session.
-- Parameters: none.   Returns: lane int8; no row when all are in use.   Locks: one advisory lock, of the session.
SELECT lane FROM lane
WHERE pg_try_advisory_lock((x'484643'::int8 << 32) | lane)
ORDER BY lane
LIMIT 1
