-- Changes a card's status.
-- Parameters: $1 int4 token, $2 int2 status.
-- Returns: nothing.   Locks: the card's row; its account is locked already.
UPDATE card SET status = $2::int2 WHERE token = $1::int4
