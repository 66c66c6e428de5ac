-- Check: account_id is one of the two sides (docs/ledger.md, invariant 7).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where account_id not in (debit, credit)
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
