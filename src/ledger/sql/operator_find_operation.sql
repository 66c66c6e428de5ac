-- What a command with this key did, if there was one.
-- Parameters: $1 text key.
-- Returns: kind text, fingerprint bytea, result int8; no row: none.
-- Locks: none.
SELECT kind, fingerprint, result FROM operation WHERE key = $1::text
