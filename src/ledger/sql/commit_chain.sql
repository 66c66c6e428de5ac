-- Seals the batch. A second batch on the same predecessor is refused: a chain cannot fork.
-- Parameters: $1 int8 lane, $2 int8 batch, $3 int4 transfers, $4 timestamptz at, $5 bytea hash before, $6 bytea hash.
-- Returns: nothing.   Locks: the new row.
INSERT INTO chain (lane, batch, n, at, prev, hash)
VALUES ($1::int8, $2::int8, $3::int4, $4::timestamptz, $5::bytea, $6::bytea)
