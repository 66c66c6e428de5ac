-- Keeps the heads of all chains and the hash over them.
-- Parameters: $1 timestamptz at, $2 bytea root, $3 int8[] lanes, $4 int8[] batches, $5 bytea[] hashes.
-- Returns: nothing.   Locks: the new row.
INSERT INTO anchor (at, root, lanes, batches, hashes)
VALUES ($1::timestamptz, $2::bytea, $3::int8[], $4::int8[], $5::bytea[])
