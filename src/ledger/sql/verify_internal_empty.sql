-- Check: internal accounts carry no balance of their own (docs/ledger.md, invariant 33).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from account where kind <> 1 and (posted, held, version) <> (0, 0, 0)
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
