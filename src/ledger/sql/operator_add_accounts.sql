-- New customer accounts, with the balances that their first transfers give them.
-- Parameters: $1 int8[] id, $2 int8[] overdraft, $3 int8[] posted, $4 int8[] version, $5 int8[] event version,
--   $6 timestamptz at.
-- Returns: nothing.   Locks: the new rows.
INSERT INTO account (id, kind, normal, overdraft, posted, version, event_version, last_at, opened_at)
SELECT u.id, 1, 'C', u.overdraft, u.posted, u.version, u.event_version, $6::timestamptz, $6::timestamptz
FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[])
         AS u (id, overdraft, posted, version, event_version)
