-- The batch's messages with their answers. The first write of the batch: its key is what makes a repeat
-- that races with its original wait, and then fail.
-- Parameters: $1 int8[] txn_id, $2 int2[] role, $3 int2[] matrix row, $4 int8[] account (NULL: unknown card),
--   $5 int4[] token (NULL: none), $6 int8[] product, $7 int8[] payment (NULL: none), $8 int8[] journal,
--   $9 text[] kind, $10 text[] reason, $11 text[] rule, $12 text[] scheme, $13 bool[] is a decision,
--   $14 bool[] approved, $15 text[] response, $16 bool[] acknowledged, $17 int2[] currency, $18 int8[] amount,
--   $19 int8[] posted, $20 int8[] available, $21 int8[] approved amount, $22 int8[] match score,
--   $23 text[] match rule, $24 int2[] MCC, $25 text[] merchant, $26 text[] country, $27 text[] actor,
--   $28 text[] request id, $29 text[] traceparent, $30 timestamptz[] at, $31 bytea[] facts, $32 bytea[] fields,
--   $33 text[] repair (empty: none).
-- Returns: nothing.   Locks: the new rows.
INSERT INTO message (txn_id, role, matrix_row, account_id, token, product, payment, journal_id, kind, reason,
                     rule, scheme, is_decision, approved, response, acknowledged, currency, amount, posted,
                     available, approved_amount, match_score, match_rule, mcc, merchant_name,
                     merchant_country, actor, request_id, traceparent, at, facts, fields, repair)
SELECT * FROM unnest($1::int8[], $2::int2[], $3::int2[], $4::int8[], $5::int4[], $6::int8[], $7::int8[],
                     $8::int8[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bool[], $14::bool[],
                     $15::text[], $16::bool[], $17::int2[], $18::int8[], $19::int8[], $20::int8[],
                     $21::int8[], $22::int8[], $23::text[], $24::int2[], $25::text[], $26::text[],
                     $27::text[], $28::text[], $29::text[], $30::timestamptz[], $31::bytea[], $32::bytea[],
                     $33::text[])
