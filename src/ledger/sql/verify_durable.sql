-- Check: the cluster keeps what it has committed (docs/ledger.md, invariant 40).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select name as what from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
)
select 3::bigint as rows, count(*) as violations, min(what) as first from found
