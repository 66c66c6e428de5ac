-- Check: a reversal mirrors what it reverses (docs/ledger.md, invariant 26).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select r.id::text as what from transfer r join transfer o on o.id = r.reverses
    where (r.debit, r.credit, r.layer) is distinct from (o.credit, o.debit, o.layer) or r.amount > o.amount
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
