-- New rows of the inbox. A message that is sent again and again stands there once.
-- Parameters: $1 int8[] txn_id, $2 int2[] role (both NULL: unreadable), $3 int8[] account, $4 int4[] token (NULL: unknown),
--   $5 int2[] why, $6 int2[] state, $7 text[] kind, $8 text[] detail, $9 text[] request id, $10 timestamptz[] at,
--   $11 timestamptz[] closed_at, $12 int8[] trace key, $13 int8[] trace key of the message, $14 int8[] link key,
--   $15 int8[] acquirer reference key, $16 int8[] Matching_Txn_ID, $17 bytea[] facts, $18 bytea[] fields (both
--   NULL when the message is stored).
-- Returns: nothing.   Locks: the new rows.
INSERT INTO inbox (txn_id, role, account_id, token, why, state, kind, detail, request_id, at, closed_at,
                   trace_key, trace_message_key, link_key, acquirer_ref_key, matching_txn_id, facts, fields)
SELECT * FROM unnest($1::int8[], $2::int2[], $3::int8[], $4::int4[], $5::int2[], $6::int2[], $7::text[],
                     $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::int8[], $13::int8[],
                     $14::int8[], $15::int8[], $16::int8[], $17::bytea[], $18::bytea[])
ON CONFLICT DO NOTHING
