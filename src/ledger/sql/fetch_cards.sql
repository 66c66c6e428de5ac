-- The batch's time, and its cards. After the locks: a status that changed while we waited is seen.
-- Parameters: $1 int4[] tokens.
-- Returns: at timestamptz (the same in each row), token int4, account_id int8, product int8, status int2,
--          expiry int4; in token order; one row of NULLs but for at when no card is known.
-- Locks: none.
SELECT t.at, c.token, c.account_id, c.product, c.status, c.expiry
FROM (SELECT clock_timestamp() AS at) t
LEFT JOIN card c ON c.token = ANY ($1::int4[])
ORDER BY c.token
