-- Makes the internal accounts of currencies that are used for the first time.
-- Parameters: $1 int4[] currencies.
-- Returns: how many were made int8.   Locks: the new rows.
SELECT sum(add_internal_accounts(currency)) FROM unnest($1::int4[]) AS currency
