-- New cards.
-- Parameters: $1 int4[] token, $2 int8[] account, $3 int8[] product, $4 int2[] status, $5 int4[] expiry,
--   $6 timestamptz at.
-- Returns: nothing.   Locks: the new rows; FOR KEY SHARE on their accounts.
INSERT INTO card (token, account_id, product, status, expiry, added_at)
SELECT u.token, u.account_id, u.product, u.status, u.expiry, $6::timestamptz
FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int2[], $5::int4[])
         AS u (token, account_id, product, status, expiry)
