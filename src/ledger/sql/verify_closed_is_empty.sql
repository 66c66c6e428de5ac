-- Check: a closed account has no balance and no hold (docs/ledger.md, invariant 37).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from account where status = 9 and (posted <> 0 or held <> 0)
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
