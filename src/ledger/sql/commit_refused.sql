-- Messages with the key of a stored one and other content; the same content again is the same row.
-- Parameters: $1 int8[] txn_id, $2 int2[] role, $3 int8[] account, $4 int4[] token (NULL: unknown), $5 text[] request id,
--   $6 bytea[] facts, $7 bytea[] fields, $8 timestamptz at.
-- Returns: nothing.   Locks: the new rows.
INSERT INTO message_refused (txn_id, role, account_id, token, request_id, facts, fields, at)
SELECT u.*, $8::timestamptz
FROM unnest($1::int8[], $2::int2[], $3::int8[], $4::int4[], $5::text[], $6::bytea[], $7::bytea[]) AS u
ON CONFLICT DO NOTHING
