-- Answers really sent, where they differ from the stored one; the first one told stays.
-- Parameters: $1 int8[] txn_id, $2 int2[] role, $3 text[] response, $4 bool[] acknowledged, $5 timestamptz at.
-- Returns: nothing.   Locks: the new rows.
INSERT INTO told (txn_id, role, response, acknowledged, at)
SELECT u.*, $5::timestamptz FROM unnest($1::int8[], $2::int2[], $3::text[], $4::bool[]) AS u
ON CONFLICT (txn_id, role) DO NOTHING
