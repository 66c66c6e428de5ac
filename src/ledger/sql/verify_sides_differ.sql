-- Check: no transfer has one account on both sides (docs/ledger.md, invariant 2).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where debit = credit
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
