-- Holds opened in this batch (closed again already, where the batch closed them too).
-- Parameters: $1 int8[] account, $2 int8[] txn_id, $3 int2[] generation, $4 int8[] payment, $5 int4[] token,
--   $6 int8[] amount, $7 int8[] cleared, $8 int8[] released, $9 int2[] state, $10 timestamptz[] opened_at,
--   $11 timestamptz[] expires_at, $12 timestamptz[] closed_at (NULL: open).
-- Returns: nothing.   Locks: the new rows; FOR KEY SHARE on their accounts, which we hold.
INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, cleared, released, state,
                  opened_at, expires_at, closed_at)
SELECT * FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::int8[], $5::int4[], $6::int8[], $7::int8[],
                     $8::int8[], $9::int2[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
