-- Check: both sides of a transfer and the row itself have one currency (docs/ledger.md, invariant 3).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where (debit & 1023) <> currency or (credit & 1023) <> currency
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
