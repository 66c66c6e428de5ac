-- Locks the accounts of the batch's cards in id order; those that another session holds are left out, so
-- that one busy account does not stall the rest. Only this statement may lock accounts before an update.
-- Parameters: $1 int4[] tokens.
-- Returns: id int8, status int2, overdraft int8, posted int8, held int8, version int8, event_version int8,
--          last_at timestamptz; in id order.
-- Locks: FOR NO KEY UPDATE on account (foreign-key checks of others pass).
SELECT id, status, overdraft, posted, held, version, event_version, last_at
FROM account
WHERE id = ANY (ARRAY(SELECT account_id FROM card WHERE token = ANY ($1::int4[])))
ORDER BY id
FOR NO KEY UPDATE SKIP LOCKED
