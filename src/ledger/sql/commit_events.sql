-- The batch's events. seq is drawn here, under the accounts' locks, in the order of the arrays.
-- Parameters: $1 int8[] account, $2 int8[] event version, $3 int8[] journal (NULL: none), $4 timestamptz[] at,
--   $5 text[] type, $6 text[] payload (CloudEvents JSON).
-- Returns: nothing.   Locks: the new rows.
INSERT INTO outbox (account_id, event_version, journal_id, at, type, payload)
SELECT u.account_id, u.event_version, u.journal_id, u.at, u.type, u.payload::json
FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::timestamptz[], $5::text[], $6::text[])
         AS u (account_id, event_version, journal_id, at, type, payload)
