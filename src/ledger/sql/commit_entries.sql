-- New entries of payments.
-- Parameters: $1 int8[] account, $2 int8[] payment, $3 int4[] n, $4 int8[] txn_id, $5 int2[] role, $6 int8[] trace key,
--   $7 int8[] trace key of the message, $8 int8[] link key, $9 int8[] acquirer reference key,
--   $10 int8[] Matching_Txn_ID; NULL where absent.
-- Returns: nothing.   Locks: the new rows.
INSERT INTO entry (account_id, payment, n, txn_id, role, trace_key, trace_message_key, link_key,
                   acquirer_ref_key, matching_txn_id)
SELECT * FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int8[], $5::int2[], $6::int8[], $7::int8[],
                     $8::int8[], $9::int8[], $10::int8[])
