-- Keeps a command's key. A second one at the same moment fails with 23505, and everything with it.
-- Parameters: $1 text key, $2 text kind, $3 bytea fingerprint, $4 int8 result.
-- Returns: nothing.   Locks: the new row.
INSERT INTO operation (key, kind, fingerprint, result) VALUES ($1::text, $2::text, $3::bytea, $4::int8)
