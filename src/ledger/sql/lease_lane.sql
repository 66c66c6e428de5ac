-- A chain that no living session continues, the oldest. The advisory lock only chooses; what is correct is the key
-- (lane, prev) of table chain. Held to the end of the session. The lanes are put in order before one is tried (OFFSET 0
-- keeps the two apart): a sort above the lock would take every free lane for one session.
-- Parameters: none.   Returns: lane int8; no row when all are in use.   Locks: one advisory lock, of the session.
SELECT o.lane
FROM (SELECT l.lane FROM lane l ORDER BY l.lane OFFSET 0) o
WHERE pg_try_advisory_lock((x'484643'::int8 << 32) | o.lane)
LIMIT 1
