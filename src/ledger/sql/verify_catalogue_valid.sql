-- Check: constraints are validated and indexes valid (docs/ledger.md, invariant 39).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select conname::text as what from pg_constraint where not convalidated
    union all
    select indexrelid::regclass::text from pg_index where not indisvalid
)
select (select count(*) from pg_constraint) + (select count(*) from pg_index) as rows,
       count(*) as violations, min(what) as first
from found
