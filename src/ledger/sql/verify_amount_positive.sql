-- Check: every transfer's amount is positive (docs/ledger.md, invariant 1).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where amount <= 0
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
