-- Check: at most one side of a transfer is a customer (docs/ledger.md, invariant 6).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where debit >> 10 >= 1000 and credit >> 10 >= 1000
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
