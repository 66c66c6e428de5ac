-- Parked messages that have found their payment.
-- Parameters: $1 int8[] inbox id, $2 timestamptz at.
-- Returns: nothing.   Locks: the rows, under their accounts' locks.
UPDATE inbox SET state = 2, closed_at = $2::timestamptz
WHERE id = ANY ($1::int8[]) AND state = 1
