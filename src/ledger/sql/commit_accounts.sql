-- The accounts that changed, each once. One that is not as it was read fails the batch (division by zero):
-- under its lock that can only be our mistake.
-- Parameters: $1 int8[] id, $2 int8[] version as read, $3 int8[] event version as read, $4 int8[] posted,
--   $5 int8[] held, $6 int8[] version, $7 int8[] event version, $8 timestamptz[] last at, $9 int8 how many.
-- Returns: 1.   Locks: none new: every row was locked in id order by fetch_accounts.
WITH changed AS (
    UPDATE account a
    SET posted = u.posted, held = u.held, version = u.version, event_version = u.event_version,
        last_at = u.last_at
    FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],
                $8::timestamptz[])
             AS u (id, version_read, event_version_read, posted, held, version, event_version, last_at)
    WHERE a.id = u.id AND a.version = u.version_read AND a.event_version = u.event_version_read
    RETURNING 1
)
SELECT 1 / (count(*) = $9::int8)::int4 FROM changed
