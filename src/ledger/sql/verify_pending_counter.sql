-- Check: the counter account of holds is in the pending layer only, and on one side of each pending row (docs/ledger.md, invariant 22).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer where (layer = 1) <> (debit >> 10 = 3 or credit >> 10 = 3)
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
