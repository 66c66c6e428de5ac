-- Locks the accounts that a command changes, in id order, and waits for them (lock_timeout): a person's command may,
-- a lane may not.
-- Parameters: $1 int8[] accounts, $2 int4[] tokens whose accounts are meant too.
-- Returns: id int8, kind int2, status int2, overdraft int8, posted int8, held int8, version int8, event_version int8,
--          last_at timestamptz; in id order.
-- Locks: FOR NO KEY UPDATE on account.
SELECT id, kind, status, overdraft, posted, held, version, event_version, last_at
FROM account
WHERE id = ANY ($1::int8[]) OR id = ANY (ARRAY(SELECT account_id FROM card WHERE token = ANY ($2::int4[])))
ORDER BY id
FOR NO KEY UPDATE
