-- Numbers for new things: of accounts, and blocks of 4,096 ids for transfers and journals.
-- Parameters: $1 int4 accounts, $2 int4 blocks.
-- Returns: number int8: the accounts' first, then the blocks' starts.
-- Locks: none.
SELECT nextval('account_number') AS number FROM generate_series(1, $1::int4)
UNION ALL
SELECT nextval('ledger_id') FROM generate_series(1, $2::int4)
