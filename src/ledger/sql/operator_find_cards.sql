-- Cards that are there, and the time; read after the locks.
-- Parameters: $1 int4[] tokens.
-- Returns: at timestamptz, token int4 (NULL: none of them is there), account_id int8, status int2.
-- Locks: none; a card's row changes only under its account's lock.
SELECT t.at, c.token, c.account_id, c.status
FROM (SELECT clock_timestamp() AS at) t
LEFT JOIN card c ON c.token = ANY ($1::int4[])
