-- Holds that changed. A hold that is not there fails the batch (division by zero): it was read under the
-- account's lock.
-- Parameters: $1 int8[] account, $2 int8[] txn_id, $3 int2[] generation, $4 int8[] amount, $5 int8[] cleared,
--   $6 int8[] released, $7 int2[] state, $8 timestamptz[] expires_at, $9 timestamptz[] closed_at (NULL: open),
--   $10 int8 how many.
-- Returns: 1.   Locks: the rows, under their accounts' locks.
WITH changed AS (
    UPDATE hold h
    SET amount = u.amount, cleared = u.cleared, released = u.released, state = u.state,
        expires_at = u.expires_at, closed_at = u.closed_at
    FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::int8[], $5::int8[], $6::int8[], $7::int2[],
                $8::timestamptz[], $9::timestamptz[])
             AS u (account_id, txn_id, generation, amount, cleared, released, state, expires_at, closed_at)
    WHERE h.account_id = u.account_id AND h.txn_id = u.txn_id AND h.generation = u.generation
    RETURNING 1
)
SELECT 1 / (count(*) = $10::int8)::int4 FROM changed
