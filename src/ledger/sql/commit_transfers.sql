-- The batch's transfers.
-- Parameters: $1 int8[] id, $2 int8[] journal, $3 int2[] layer, $4 int8[] debit, $5 int8[] credit, $6 int8[] amount,
--   $7 int2[] currency, $8 int2[] code, $9 int8[] account, $10 int8[] account version, $11 int8[] hold txn_id,
--   $12 int2[] hold generation (both NULL: none), $13 int8[] reverses (NULL: nothing), $14 int8[] posted after,
--   $15 int8[] held after, $16 int8[] overdraft, $17 timestamptz[] at, $18 int8 lane, $19 int8 batch.
-- Returns: nothing.   Locks: the new rows; FOR KEY SHARE on the customers' accounts, which we hold.
INSERT INTO transfer (id, journal_id, layer, debit, credit, amount, currency, code, account_id,
                      account_version, hold_txn_id, hold_generation, reverses, posted_after, held_after,
                      overdraft_at, at, business_date, lane, batch)
SELECT u.id, u.journal_id, u.layer, u.debit, u.credit, u.amount, u.currency, u.code, u.account_id,
       u.account_version, u.hold_txn_id, u.hold_generation, u.reverses, u.posted_after, u.held_after,
       u.overdraft_at, u.at, (u.at AT TIME ZONE 'UTC')::date, $18::int8, $19::int8
FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::int8[], $5::int8[], $6::int8[], $7::int2[], $8::int2[],
            $9::int8[], $10::int8[], $11::int8[], $12::int2[], $13::int8[], $14::int8[], $15::int8[],
            $16::int8[], $17::timestamptz[])
         AS u (id, journal_id, layer, debit, credit, amount, currency, code, account_id, account_version,
               hold_txn_id, hold_generation, reverses, posted_after, held_after, overdraft_at, at)
