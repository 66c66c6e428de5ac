-- Who did what to what, and why.
-- Parameters: $1 timestamptz at, $2 text who, $3 text[] action, $4 text[] object, $5 text[] detail.
-- Returns: nothing.   Locks: the new rows.
INSERT INTO audit (at, who, action, object, detail)
SELECT $1::timestamptz, $2::text, u.action, u.object, u.detail
FROM unnest($3::text[], $4::text[], $5::text[]) AS u (action, object, detail)
