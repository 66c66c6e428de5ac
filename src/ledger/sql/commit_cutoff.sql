-- One Cut_Off; a repeat changes nothing.
-- Parameters: $1 int8 cut-off id, $2 int8 product, $3 int8 first TXn_ID, $4 int8 last TXn_ID, $5 int8[] the eight counts,
--   $6 text request id, $7 timestamptz at.
-- Returns: nothing.   Locks: the new row.
INSERT INTO cutoff (cutoff_id, product, first_txn_id, last_txn_id, counts, request_id, at)
VALUES ($1::int8, $2::int8, $3::int8, $4::int8, $5::int8[], $6::text, $7::timestamptz)
ON CONFLICT (cutoff_id) DO NOTHING
