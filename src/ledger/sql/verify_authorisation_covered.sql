-- Check: no authorisation took available below zero (docs/ledger.md, invariant 15).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where code = 10 and posted_after - held_after + overdraft_at < 0
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
