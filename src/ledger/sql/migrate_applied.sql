-- What has been applied.
-- Parameters: none.
-- Returns: number int4, name text, compatible_from int4, sha256 as hex text; in order of number.
-- Locks: none.
SELECT number, name, compatible_from, encode(sha256, 'hex') FROM public.schema_migration ORDER BY number
