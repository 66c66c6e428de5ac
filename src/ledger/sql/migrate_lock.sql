-- One migration run at a time; the second waits and then finds nothing to do.
-- Parameters: none.   Returns: one row of no interest.   Locks: one advisory lock, of the session.
SELECT pg_advisory_lock(x'4846'::int8 << 32)
