-- Notes a migration in its own transaction.
-- Parameters: $1 int4 number, $2 text name, $3 int4 compatible_from, $4 text SHA-256 as hex.   Returns: nothing.
-- Locks: the new row.
INSERT INTO public.schema_migration (number, name, compatible_from, sha256)
VALUES ($1::int4, $2::text, $3::int4, decode($4::text, 'hex'))
